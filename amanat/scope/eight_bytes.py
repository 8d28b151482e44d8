"""Eight bytes at once, as one number, and sixty-four compared at once; which Numba does not offer itself."""

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


def _compare(context: Any, b: Any, i: Any, first: Any, n: Any) -> Any:
    """Bits: which of the 64 bytes from b[i] on are one of the n from `first` on. The caller makes sure that they are there."""

    def compare(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.VectorType(ir.IntType(8), 64)

        def all_are(number: Any) -> Any:
            one = builder.insert_element(ir.Constant(kind, ir.Undefined), builder.trunc(number, ir.IntType(8)), ir.Constant(ir.IntType(32), 0))
            return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64))

        place = builder.bitcast(_place(context, builder, signature, arguments), kind.as_pointer())
        loaded = builder.load(place)
        loaded.align = 1
        is_one = builder.icmp_unsigned("<", builder.sub(loaded, all_are(arguments[2])), all_are(arguments[3]))
        return builder.bitcast(is_one, ir.IntType(64))

    return types.uint64(b, types.int64, types.int64, types.int64), compare


def _count_zeros(context: Any, number: Any) -> Any:
    """How many bits below the lowest one of a number are not set; the number is not 0."""

    def count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), count


def _count_bits(context: Any, number: Any) -> Any:
    """How many bits of a number are set."""

    def count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), count


which_of_64: Any = intrinsic(_compare)
n_zeros_below: Any = intrinsic(_count_zeros)
n_bits: Any = intrinsic(_count_bits)
