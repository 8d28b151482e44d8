"""The caller's arrays, by their addresses in the state; the caller keeps them alive.

An array is seven numbers to a compiled function. Handing five arrays on to each of some forty functions took longer than most of what
these do.
"""

from typing import Any

import numpy as np
from numba import from_dtype, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from amanat.scope.candidate import CANDIDATE


def _array_of(name: str, dtype: Any, readonly: bool) -> Any:
    """A function that gives the array whose address and size the state has under this name."""
    kind = types.Array(from_dtype(np.dtype(dtype)), 1, "C", readonly=readonly)

    def array_at(context: Any, state: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            number = context.get_data_type(types.int64)
            at, size = (
                builder.load(cgutils.get_record_member(builder, arguments[0], state.offset(f"{name}_{what}"), number)) for what in ("at", "size")
            )
            array = context.make_array(kind)(context, builder)
            item = context.get_constant(types.intp, np.dtype(dtype).itemsize)
            populate_array(array, data=builder.inttoptr(at, array.data.type), shape=[size], strides=[item], itemsize=item, meminfo=None)
            return array._getvalue()

        return kind(state), build

    return intrinsic(array_at)


text_of = _array_of("text", np.uint8, True)  # [n] the folded text of all records
maps_of = _array_of("maps", np.uint64, False)  # [n] see maps.py
known_of = _array_of("known", np.uint8, True)  # [n] Bloom filter of all values in the register; one byte stands for not knowing
names_of = _array_of("names", np.uint8, True)  # [n] Bloom filter of its names; one byte stands for not knowing
room_of = _array_of("room", CANDIDATE, False)  # [n] for what is found
