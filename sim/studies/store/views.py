"""The views of a study's DuckDB connection."""

from __future__ import annotations

from collections.abc import Sequence

from sim.studies.store.shards import RUN_COLUMNS

__all__ = ["view_statements"]


def view_statements(source: str, names: Sequence[str]) -> list[str]:
    """Write the statements that make the views of a study.

    A pair of runs is joined before its measures are laid out one below the other, so that a query over
    every difference touches each value once.

    Parameters
    ----------
    source : str
        What holds a row for each run and a column for each measure, as DuckDB names it.
    names : sequence of str
        The columns of measures, ``scope.measure.tier``.

    Returns
    -------
    list of str
        In order; tables ``points`` and ``labels`` must be there.

    Examples
    --------
    >>> view_statements("runs.parquet", ["border.trust.all"])[1]
    'create view runs as select point, replication, seed, status, error, seconds from wide order by ...'
    """
    statements = [
        f"create view wide as select * from {source}",
        f"create view runs as select {', '.join(RUN_COLUMNS)} from wide order by point, replication",
    ]
    if not names:
        # No run is ok so far: the views are there and empty.
        words, run = "scope, measure, tier, unit", "(0, 0, '', '', '', '', 0.0)"
        pair = "(0, 0, 0, '', '', '', '', 0.0, 0.0, 0.0)"
        return [
            *statements,
            f"""create view measures as
            select * from (values {run}) t(point, replication, {words}, value) where false""",
            f"""create view differences as
            select * from (values {pair})
            t(point, baseline_point, replication, {words}, baseline_value, value, difference) where false""",
        ]
    # A value that a run does not define is NULL, which averages pass over.
    own = [f"nullif({_quoted(name)}, 'nan'::double) as v{place}" for place, name in enumerate(names)]
    one = ", ".join(f"v{place} as {_text(name)}" for place, name in enumerate(names))
    pairs = ", ".join(f"(b{place}, v{place}) as {_text(name)}" for place, name in enumerate(names))
    base = ", ".join(f"base.v{place} as b{place}" for place in range(len(names)))
    return [
        *statements,
        f"create view ok as select point, replication, {', '.join(own)} from wide where status = 'ok'",
        f"""create view measures as
        select point, replication, scope, measure, tier, unit, value
        from (from ok unpivot include nulls (value for name in ({one}))) join labels using (name)""",
        f"""create view pairs as
        select own.*, p.baseline_point, {base}
        from ok own
        join points p on p.point = own.point and p.baseline_point <> own.point
        join ok base on base.point = p.baseline_point and base.replication = own.replication""",
        f"""create view differences as
        select point, baseline_point, replication, scope, measure, tier, unit,
            baseline_value, value, value - baseline_value as difference
        from (from pairs unpivot include nulls ((baseline_value, value) for name in ({pairs})))
        join labels using (name)""",
    ]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
