"""Eight bytes at once: reading and writing them as one number, which Numba does not offer itself."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _place(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.IntType(64).as_pointer())


def _read(context: Any, b: Any, i: Any) -> Any:
    """The eight bytes from b[i] on as one number, first byte lowest. The caller makes sure that they are there."""

    def load(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = builder.load(_place(context, builder, signature, arguments))
        number.align = 1
        return number

    return types.uint64(b, types.int64), load


def _write(context: Any, b: Any, i: Any, number: Any) -> Any:
    """Writes a number to the eight bytes from b[i] on, lowest byte first. The caller makes sure that there is room."""

    def store(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        stored = builder.store(arguments[2], _place(context, builder, signature, arguments))
        stored.align = 1
        return context.get_dummy_value()

    return types.void(b, types.int64, types.uint64), store


eight_bytes: Any = intrinsic(_read)
put_eight_bytes: Any = intrinsic(_write)
