"""Globals and closures' variables as constants: arrays, which are frozen, and everything else that NumPy and Python name."""

import enum

import numpy as np
import pytest

from metate import njit
from metate.errors import TypingError

TABLE = np.arange(6.0).reshape(2, 3)
COLUMNS = np.asfortranarray(TABLE)
STEPPED = np.arange(20)[::-3]
LARGE = np.arange(100_000, dtype=np.int32)  # beyond what is put into the code itself
NOTHING = np.zeros((0, 3))
POINT = np.array(2.5)
FLAGS = np.array([True, False])
COMPLEX = np.array([1 + 2j, 3j], np.complex64)
NESTED = (TABLE, 2, ("x", LARGE))
DTYPE, SCALE, COUNT, UNIT = np.dtype("f4"), np.float32(2.5), np.int64(3), np.complex64(1j)
NAME = "größe"


class Colour(enum.IntEnum):
    RED = 1
    BLUE = 2


def table_item(i, j):
    return TABLE[i, j]


def table_facts():
    return TABLE.shape, TABLE.ndim, TABLE.size, len(TABLE), TABLE.strides, COLUMNS.strides, NOTHING.shape


def table_sums():
    return TABLE.sum(), COLUMNS.sum(axis=0)[1], np.sum(STEPPED), LARGE.sum(), NOTHING.sum()


def table_loop():
    total = 0.0
    for row in COLUMNS:
        for x in row:
            total = 2 * total + x
    return total


def table_expression(x):
    return x * TABLE[:, ::-1] + COLUMNS + POINT


def table_of_numbers():
    return STEPPED[2], LARGE[-1], POINT[()], FLAGS[0], COMPLEX[1], COMPLEX.real[0]


def table_in_tuple(i):
    return NESTED[0][1, i] + NESTED[1] + NESTED[2][1][99_999]


def numbers(x):
    return x * SCALE, x + COUNT, x * UNIT, np.zeros(2, DTYPE)[0], x + Colour.BLUE, x == Colour.RED


def texts():
    return NAME, NAME == "größe"


@pytest.mark.parametrize("function, arguments", [
    (table_item, (1, -1)), (table_facts, ()), (table_sums, ()), (table_loop, ()), (table_expression, (np.ones((2, 3)),)),
    (table_of_numbers, ()), (table_in_tuple, (2,)), (numbers, (1,)), (texts, ()),
], ids=lambda value: getattr(value, "__name__", ""))
def test_constants_mean_what_they_mean_in_python(function, arguments):
    expected, result = function(*arguments), njit(function)(*arguments)
    np.testing.assert_equal(result, expected)
    for mine, theirs in zip(*(one if isinstance(one, tuple) else (one,) for one in (result, expected))):
        assert type(mine) is type(theirs) and getattr(mine, "dtype", None) == getattr(theirs, "dtype", None)


def test_indices_are_checked():
    with pytest.raises(IndexError, match="index 2 is out of bounds for axis 0 with size 2"):
        njit(table_item)(2, 0)


def test_frozen_when_compiled():
    values = np.zeros(3)

    @njit
    def read(i):
        return values[i]

    assert read(1) == 0
    values[1] = 5
    assert read(1) == 0  # as with Numba
    read.recompile()
    assert read(1) == 5


def test_a_frozen_array_is_read_only():
    @njit
    def whole():
        return TABLE

    @njit
    def either(take, x):
        return TABLE if take else x

    frozen = whole()
    np.testing.assert_array_equal(frozen, TABLE)
    assert not frozen.flags.writeable and not np.shares_memory(frozen, TABLE)
    x = np.ones((2, 3))
    np.testing.assert_array_equal(either(True, x), TABLE)
    np.testing.assert_array_equal(either(False, x), x)


def test_stores_are_refused():
    @njit
    def store(x):
        x[0] = 1.0

    @njit
    def through_argument():
        store(TABLE[0])

    @njit
    def by_out(x):
        np.add(x, x, out=TABLE)

    with pytest.raises(TypingError, match="MT3001: cannot assign to a read-only array"):
        through_argument()
    with pytest.raises(TypingError, match="MT3006: cannot assign to a global array, which is frozen"):
        by_out(np.ones((2, 3)))


def test_in_parallel_loops():
    from metate import prange

    @njit(parallel=True)
    def gather(places):
        out = np.empty(len(places), np.int32)
        for i in prange(len(places)):
            out[i] = LARGE[places[i]] + TABLE[0, i % 3]
        return out

    places = np.arange(0, 100_000, 7)
    np.testing.assert_array_equal(gather(places), (LARGE[places] + TABLE[0, np.arange(len(places)) % 3]).astype(np.int32))


def test_as_defaults_and_arguments_of_compiled_functions():
    def weigh(x, weights=np.array([1.0, 2.0])):
        return (x * weights).sum()

    inner = njit(weigh)

    @njit
    def outer(x):
        return inner(x) + inner(x, TABLE[0, 1:])

    x = np.array([3.0, 4.0])
    assert njit(weigh)(x) == 11
    assert outer(x) == 11 + 11


def test_arrays_that_compiled_code_has_no_form_for():
    texts = np.array(["a"])
    with pytest.raises(TypingError, match="MT1003: 'texts' is an array of dtype <U1, which compiled code cannot use"):
        njit(lambda: texts[0])()


def test_a_dtype_has_its_type_and_size():
    @njit
    def scaled(x):
        return x.dtype.type(3) * x[0], x.dtype.itemsize, DTYPE.itemsize

    for dtype in (np.float32, np.int8, np.complex64):
        value, size, other = scaled(np.ones(2, dtype))
        assert (value, size, other) == (3, np.dtype(dtype).itemsize, 4) and np.result_type(value) == dtype
