"""Tables on loan: compiled loops pass all tables of a run as one pointer, and count no references.

A tuple of arrays is handed to a compiled function part by part: two dozen tables are two hundred words a
call, and each array is counted up and down by an atomic instruction.  On loan the tuple stays where it is
and its address is handed on; what is read from it looks like the tables themselves but is not counted.
That is safe as long as their owner lives, and the owner is the caller of the loop.
"""

from __future__ import annotations

import hashlib
from typing import Any

from numba.core import cgutils, types
from numba.core import config as numba_config
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model

__all__ = ["lend"]


class Loan(types.Type):
    """Type of a loan: the address of a tuple of tables.

    Parameters
    ----------
    tables : numba type
        Of the tuple.
    """

    def __init__(self, tables: Any) -> None:
        self.tables = tables
        # The name is part of the name of every compiled function, and that of all tables has pages.
        digest = hashlib.blake2b(tables.name.encode(), digest_size=8).hexdigest()
        super().__init__(name=f"Loan({tables.instance_class.__name__}, {digest})")


@register_model(Loan)
class _LoanModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, loan: Any) -> None:
        super().__init__(manager, loan, manager.lookup(loan.tables).get_value_type().as_pointer())


@infer_getattr
class _LoanAttributes(AttributeTemplate):  # type: ignore[misc]
    key = Loan

    def generic_resolve(self, loan: Any, name: str) -> Any:
        if name in loan.tables.fields:
            return loan.tables.types[loan.tables.fields.index(name)]
        return None


@lower_getattr_generic(Loan)  # type: ignore[untyped-decorator]
def _read(context: Any, builder: Any, loan: Any, address: Any, name: str) -> Any:
    place = loan.tables.fields.index(name)
    array = loan.tables.types[place]
    kept = context.make_array(array)(
        context, builder, value=builder.load(cgutils.gep_inbounds(builder, address, 0, place))
    )
    # An array that belongs to nobody is not counted.
    kept.meminfo = cgutils.get_null_value(kept.meminfo.type)
    kept.parent = cgutils.get_null_value(kept.parent.type)
    return kept._getvalue()


@intrinsic  # type: ignore[untyped-decorator]
def _lent(typing_context: Any, tables: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return cgutils.alloca_once_value(builder, arguments[0])

    return Loan(tables)(tables), generate


def _same(tables: Any) -> Any:
    return tables


# Without the compiler nothing is counted by hand, so nothing need be lent.
lend = _same if numba_config.DISABLE_JIT else _lent
