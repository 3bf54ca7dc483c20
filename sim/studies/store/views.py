"""The views of a study's DuckDB connection."""

from __future__ import annotations

from typing import Final

__all__ = ["VIEWS"]

VIEWS: Final = (
    "create view wide as select * from {source}",
    "create view runs as select {keep} from wide order by point, replication",
    # One long table by name, from which the others are made; a value that a run does not define is NULL.
    """create view long as
    select point, replication, name, case when isnan(value) then null else value end as value
    from (select * exclude (seed, status, error, seconds) from wide where status = 'ok')
    unpivot include nulls (value for name in (columns(* exclude (point, replication))))""",
    """create view measures as
    select point, replication, scope, measure, tier, unit, value
    from long join labels using (name)""",
    """create view differences as
    select own.point, p.baseline_point, own.replication, scope, measure, tier, unit,
        base.value as baseline_value, own.value, own.value - base.value as difference
    from long own
    join points p on p.point = own.point and p.baseline_point <> own.point
    join long base
        on base.point = p.baseline_point and base.replication = own.replication and base.name = own.name
    join labels on labels.name = own.name""",
)
"""Statements in order; ``{source}`` is the wide table, ``{keep}`` the columns of runs."""
