"""A Mesa agent whose state is a row of a table: reading an attribute reads the column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from sim.model import BorderModel

__all__ = ["RowAgent"]


class RowAgent(mesa.Agent):
    """An agent that is a thin view of one row.

    Nothing is stored in the agent but its row: whatever the day changes in the columns is seen at once,
    and an analyst may use Mesa's ``select``, ``agg``, ``get`` or a DataCollector on it.

    Parameters
    ----------
    model : BorderModel
        The model it belongs to.
    row : int
        Its row in the table named by `table`.
    """

    table: str = ""
    columns_shown: tuple[str, ...] = ()

    def __init__(self, model: BorderModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def border(self) -> BorderModel:
        """The model, with its own type."""
        return self.model  # type: ignore[return-value]

    def read(self, column: str) -> Any:
        """Read one column of the row as a plain Python number.

        Parameters
        ----------
        column : str
            Name of the column.

        Returns
        -------
        int or float
            Its value now.
        """
        return getattr(self.border.simulation.columns, self.table)[column][self.row].item()

    def __getattr__(self, name: str) -> Any:
        # Called only where ordinary lookup fails: the columns that a kind of agent shows are attributes.
        if name in type(self).columns_shown:
            return self.read(name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
