"""test_bad_arguments – what compiled functions and kernels cannot take is said clearly; odd but meaningful arrays are taken rightly."""

import tempfile

import numpy as np
import pytest
from metate import get_global_id, kernel, njit


@njit
def add(x, y):
    return x + y


@njit
def total(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i]
    return s


@njit
def fill(x, value):
    for i in range(len(x)):
        x[i] = value


@kernel
def fill_items(x, value):
    x[get_global_id(0)] = value


@pytest.mark.parametrize(
    "value, kind",
    [
        ([1, 2], "list"),
        ({1: 2}, "dict"),
        ({1}, "set"),
        (b"a", "bytes"),
        (object(), "object"),
        (range(3), "range"),
        (memoryview(b"abc"), "memoryview"),
        ((1, [2]), "list"),
        (np.datetime64("2020"), "datetime64"),
        (np.longdouble(2), "longdouble"),
        (np.array(["a"]), "<U1"),
        (np.array([None]), "object"),
        (np.zeros(2, [("a", "i4")]), "'a'"),
        (np.zeros(2, np.longdouble), "longdouble|float128"),
        (np.ma.array([1.0, 2.0]), "MaskedArray"),
        (np.matrix([[1.0, 2.0]]), "matrix"),
    ],
)
def test_refused_arguments(value, kind):
    for function in (add, lambda x, y: fill_items[2](x, y)):
        with pytest.raises(TypeError, match=f"cannot take .*({kind})"):
            function(value, value)


@pytest.mark.parametrize(("value", "message"), [
    (2**63, "int argument does not fit int64, .*np.uint64"),
    (-(2**63) - 1, "int argument does not fit 64 bits"),
    (2**70, "int argument does not fit 64 bits"),
])
def test_integers_beyond_64_bits(value, message):
    with pytest.raises(OverflowError, match=message):
        add(value, 1)


def test_wrong_number_of_arguments():
    with pytest.raises(TypeError, match="missing a required argument: 'y'"):
        add(1)
    with pytest.raises(TypeError, match="takes 2 positional arguments but 3"):
        add(1, 2, 3)
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        add(1, z=2)
    with pytest.raises(TypeError, match="multiple values for argument 'x'"):
        add(1, 2, x=3)
    with pytest.raises(TypeError, match="too many arguments"):
        njit(lambda *a: len(a))(*range(1000))


def byte_swapped():
    return np.arange(4.0).astype(np.dtype("f8").newbyteorder("S"))


@pytest.mark.parametrize("call", [total, lambda x: fill_items[4](x, 1.0)])
def test_foreign_byte_order(call):
    with pytest.raises(TypeError, match="byte order"):
        call(byte_swapped())


def misaligned(values):
    buffer = bytearray(b"x" + values.tobytes())
    array = np.ndarray(values.shape, values.dtype, buffer, 1)
    assert not array.flags.aligned
    return array


def mapped(values):
    array = np.memmap(tempfile.NamedTemporaryFile(), values.dtype, "w+", shape=values.shape)
    array[...] = values
    return array


# Each makes an array of the values 0, 1, …, 11.
VALUES = np.arange(12.0)
LAYOUTS = {
    "misaligned": lambda: misaligned(VALUES),
    "reversed": lambda: VALUES[::-1].copy()[::-1],
    "every third": lambda: np.repeat(VALUES, 3)[::3],
    "field of records": lambda: np.rec.fromarrays([np.zeros(12, "u1"), VALUES], "u1, f8")["f1"],
    "column": lambda: np.stack([VALUES, VALUES], axis=1)[:, 1],
    "memory map": lambda: mapped(VALUES),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout):
    array = LAYOUTS[layout]()
    assert np.array_equal(array, VALUES)
    assert total(array) == VALUES.sum()
    assert np.array_equal(add(array, 1), VALUES + 1)
    fill(array, 3.0)
    assert (array == 3).all()
    fill_items[12](array, 4.0)
    assert (array == 4).all()


def test_items_that_share_memory():
    assert total(np.broadcast_to(2.0, (5,))) == 10.0
    assert np.array_equal(add(np.broadcast_to(2.0, (2, 5)), 1), np.full((2, 5), 3.0))


def test_empty_arrays():
    assert total(np.zeros(0)) == 0.0
    fill(np.zeros(0), 1.0)
    assert add(np.zeros((3, 0, 2), np.int16), np.int16(1)).shape == (3, 0, 2)
    fill_items[0](np.zeros(0), 1.0)


def test_read_only_targets():
    array = np.zeros(3)
    array.flags.writeable = False
    for call in (lambda: fill(array, 1.0), lambda: fill_items[3](array, 1.0)):
        with pytest.raises(TypeError, match="MT3001"):
            call()
    assert total(array) == 0


def test_shapes_that_do_not_broadcast():
    with pytest.raises(ValueError, match=r"could not be broadcast together with shapes \(3,\) \(4,\)"):
        add(np.ones(3), np.ones(4))


@pytest.mark.parametrize("size", [2**50, 2**62])
def test_arrays_beyond_memory(size):
    with pytest.raises((MemoryError, ValueError)):
        njit(lambda n: np.zeros(n))(size)


def test_negative_and_overflowing_sizes():
    with pytest.raises(ValueError):
        njit(lambda n: np.zeros(n))(-3)
    with pytest.raises((MemoryError, ValueError)):
        njit(lambda n: np.zeros((n, n)))(2**33)


def test_results_that_python_cannot_have():
    with pytest.raises(TypeError, match="cannot return a range object to Python"):
        njit(lambda n: range(n))(3)


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def test_recursion_ends_in_an_exception():
    function = njit(deep)
    assert function(5000) == 5000
    with pytest.raises(RecursionError):
        function(10**7)
    assert function(10) == 10
    with pytest.raises(RecursionError):
        njit(even)(10**7)
