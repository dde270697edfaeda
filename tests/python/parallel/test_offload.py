"""Parallel nests as kernels of a device: `njit(parallel=True)` with device arrays, or under a `device_context`.

Device arrays are of kind "device" unless a test says otherwise: the host does not reach them, and Metate refuses code that
would work on them there. So what computes with them ran on the device; `launches` counts the kernels besides.
"""

import traceback

import numpy as np
import pytest

import metate
from metate import njit, prange
from offloading import launches, same


HOST_ROW = np.arange(10.0)

# Loops.

@njit(parallel=True)
def scale(x, factor, y):
    for i in prange(x.shape[0]):
        y[i] = x[i] * factor + 1


@pytest.mark.parametrize("dtype", ["int8", "int32", "uint64", "float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("n", [0, 1, 7, 256, 1000, 4097])
def test_a_loop(dtype, n):
    x = (np.arange(n) % 50).astype(dtype)
    expected = np.zeros_like(x)
    scale(x, 2, expected)
    before = launches(scale)
    y = metate.zeros(n, dtype=dtype)
    assert y.usm_type == "device"
    scale(metate.asarray(x), 2, y)
    same(y, expected)
    assert launches(scale) - before == (n > 0)


def test_calls_without_devices_stay_as_they_are():
    @njit(parallel=True)
    def double(x):
        return x * 2

    double(np.arange(3.0))
    double(metate.arange(3.0))
    assert double.overload_count == 1
    assert [for_device for _, for_device, _ in double._nests()] == [False, True]
    assert launches(double) == 1


@njit(parallel=True)
def spiral(z):
    return np.exp(z) * np.sqrt(z)


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_functions_of_complex_numbers(dtype):
    z = (np.linspace(-3, 3, 500) + 1j * np.linspace(2, -2, 500)).astype(dtype)
    before = launches(spiral)
    got = spiral(metate.asarray(z))
    assert launches(spiral) == before + 1
    assert got.dtype == dtype
    # Each function within 12 units in the last place of each part, whose errors the product may add up.
    np.testing.assert_allclose(metate.asnumpy(got), np.exp(z) * np.sqrt(z), rtol=50 * np.finfo(dtype).eps)


@njit(parallel=True)
def smooth(x, y):
    for i in prange(1, x.shape[0] - 1):
        for j in range(1, x.shape[1] - 1):
            if x[i, j] > 0:
                y[i, j] = (x[i - 1, j] + x[i + 1, j] + x[i, j - 1] + x[i, j + 1]) / 4
            else:
                y[i, j] = -1


def test_a_loop_over_rows():
    x = np.random.default_rng(5).normal(size=(37, 53))
    expected = np.zeros_like(x)
    smooth(x, expected)
    y = metate.zeros(x.shape)
    smooth(metate.asarray(x), y)
    same(y, expected)


def test_views_and_booleans():
    @njit(parallel=True)
    def choose(mask, x, y):
        for i in prange(mask.shape[0]):
            y[i] = x[-1 - i] if mask[i] else 0

    x = np.arange(20)
    y = metate.zeros(20, dtype="int64")
    choose(metate.asarray(x % 3 == 0)[::2], metate.asarray(x)[5:15], y[::2])
    expected = np.zeros(20, np.int64)
    expected[::2] = np.where((x % 3 == 0)[::2], x[14:4:-1], 0)
    same(y, expected)


@njit
def _escape(c, limit):
    z = 0j
    for n in range(limit):
        z = z * z + c
        if z.real * z.real + z.imag * z.imag > 4:
            return n
    return limit


@njit(parallel=True)
def mandelbrot(counts, limit):
    for i in prange(counts.shape[0]):
        for j in range(counts.shape[1]):
            counts[i, j] = _escape(complex(j / 20 - 2, i / 20 - 1), limit)


def test_a_loop_that_calls():
    expected = np.zeros((40, 60), np.int32)
    mandelbrot(expected, 50)
    counts = metate.zeros((40, 60), dtype="int32")
    mandelbrot(counts, 50)
    same(counts, expected)
    assert len(np.unique(expected)) > 10


def test_a_callee_with_loops_of_its_own():
    @njit(parallel=True)
    def inner(x, y):
        for i in prange(x.shape[0]):
            y[i] = x[i] + 1

    @njit(parallel=True)
    def outer(x, y):
        for _ in range(3):
            inner(x, y)
            inner(y, x)

    x, y = metate.zeros(100), metate.zeros(100)
    outer(x, y)
    same(x, np.full(100, 6.0))
    same(y, np.full(100, 5.0))
    assert launches(outer) == 6


def test_swapped_arrays():
    @njit(parallel=True)
    def iterate(a, b, steps):
        for _ in range(steps):
            for i in prange(a.shape[0]):
                b[i] = 2 * a[i]
            a, b = b, a
        return a

    a, b = metate.ones(10), metate.zeros(10)
    assert iterate(a, b, 3) is b
    same(b, np.full(10, 8.0))
    assert launches(iterate) == 3


# Array expressions.

@njit(parallel=True)
def expression(x, y):
    return np.sqrt(x * x + y) - 2 * x


def test_an_expression_makes_a_device_array():
    x, y = np.random.default_rng(1).random((2, 1000))
    queue = metate.Queue()
    got = expression(metate.asarray(x, queue=queue), metate.asarray(y, queue=queue))
    np.testing.assert_allclose(metate.asnumpy(got), expression(x, y), rtol=4e-15)
    assert got.queue is queue and got.usm_type == "device"
    # The memory lives as long as the array.
    metate.asnumpy(expression(got, got))


@pytest.mark.parametrize("kinds", [("device", "device"), ("shared", "shared"), ("host", "host"), ("host", "shared"),
                                   ("host", "device"), ("device", "shared")])
def test_results_lie_in_the_kind_of_memory_that_follows_from_the_arguments(kinds):
    @njit(parallel=True)
    def compute(x, y):
        return x + y, (x * y, np.zeros(0)), 3.0, x[1:], y

    x, y = (metate.asarray(HOST_ROW, usm_type=kind) for kind in kinds)
    added, (multiplied, empty), number, part, second = compute(x, y)
    follows = next(kind for kind in ("device", "shared", "host") if kind in kinds)
    assert added.usm_type == multiplied.usm_type == empty.usm_type == follows and number == 3.0
    same(added, HOST_ROW + HOST_ROW)
    same(multiplied, HOST_ROW * HOST_ROW)
    assert part.usm_type == kinds[0] and part.usm_data is x.usm_data and second is y  # an argument, and a view of one


@pytest.mark.parametrize("shape", [(3,), (4, 5), (2, 3, 4), (2, 3, 4, 5), (3, 1, 2, 2, 3)])
def test_axes(shape):
    @njit(parallel=True)
    def add(x, y):
        return x + 3 * y

    x = np.arange(np.prod(shape, dtype=int)).reshape(shape) * 1.5
    y = x.T.copy().T
    same(add(metate.asarray(x), metate.asarray(y.T.copy()).T), add(x, y))


def test_broadcasting():
    @njit(parallel=True)
    def outer(x, y):
        return x[:, None] * y + y[0:1]

    x, y = np.arange(5.0), np.arange(7.0)
    same(outer(metate.asarray(x), metate.asarray(y)), outer(x, y))
    with pytest.raises(ValueError, match="broadcast"):
        expression(metate.zeros(3), metate.zeros(4))


def test_assignment_and_several_results():
    @njit(parallel=True)
    def change(x, y):
        y[1:] = x[:-1] + 1
        x += y
        return x, y[2:], 7, [x.shape[0]]

    x, y = metate.arange(6.0), metate.zeros(6)
    first, view, number, length = change(x, y)
    assert first is x and number == 7 and length == [6]
    hx, hy = np.arange(6.0), np.zeros(6)
    change(hx, hy)
    same(x, hx)
    same(view, hy[2:])
    assert view.usm_data is y.usm_data
    assert launches(change) == 2


def test_memory_objects():
    @njit(parallel=True)
    def invert(x):
        for i in prange(x.size):
            x[i] = 255 - x[i]
        return x

    memory = metate.MemoryUSMDevice(4)
    memory.copy_from_host(bytes([0, 1, 2, 255]))
    assert invert(memory) is memory
    assert memory.tobytes() == bytes([255, 254, 253, 0])


# Reductions.

@njit(parallel=True)
def total(x):
    return x.sum()


@njit(parallel=True)
def many(x):
    low, high, product, count = 1e300, -1e300, 1.0, 0
    for i in prange(x.shape[0]):
        low = min(low, x[i])
        high = max(high, x[i])
        product *= 1 + x[i] / 1e6
        count += x[i] > 0.5
    return low, high, product, count


@pytest.mark.parametrize("n", [0, 1, 31, 32, 33, 4096, 4097, 100_003, 2_000_000])
def test_sums_have_the_bits_that_they_have_on_threads(n):
    x = np.random.default_rng(n).random(n)
    assert total(metate.asarray(x)) == total(x)
    assert total(metate.asarray(x.astype("float32"))) == total(x.astype("float32"))


def test_several_accumulators():
    x = np.random.default_rng(3).random(50_000)
    assert many(metate.asarray(x)) == many(x)
    assert launches(many) >= 1


def test_reductions_of_axes_and_logical_ones():
    @njit(parallel=True)
    def rows(x):
        return x.sum(axis=1)

    @njit(parallel=True)
    def columns(x):
        return x.max(axis=0)

    @njit(parallel=True)
    def any_above(x, limit):
        return (x > limit).any(), (x > limit).all(), x.mean()

    x = np.random.default_rng(4).random((70, 90))
    same(rows(metate.asarray(x)), rows(x))
    same(columns(metate.asarray(x)), columns(x))
    assert any_above(metate.asarray(x), 0.5) == any_above(x, 0.5)
    for function in rows, columns, any_above:
        assert launches(function) >= 1


@pytest.mark.parametrize("n", [1, 5, 4096, 4097, 100_003, 1_200_000])
def test_the_place_of_an_extreme(n):
    @njit(parallel=True)
    def places(x):
        return x.argmax(), np.argmin(x), (2 * x - 1).argmax(), x.reshape(1, -1).argmin(axis=1)

    x = np.random.default_rng(n).integers(0, n, n).astype("float32")
    for hole in None, n // 2:
        if hole is not None:
            x[hole] = np.nan
        *found, row = places(metate.asarray(x))
        assert found == [x.argmax(), x.argmin(), x.argmax()]
        same(row, x.argmin(keepdims=True))
    assert places(x)[:2] == (x.argmax(), x.argmin())
    with pytest.raises(ValueError, match="argmax of an empty sequence"):
        places(metate.asarray(x[:0]))


def test_the_place_of_an_extreme_within_a_loop():
    @njit(parallel=True)
    def of_rows(x, places):
        for i in prange(x.shape[0]):
            places[i] = x[i].argmax()

    x = np.random.default_rng(2).random((20, 300))
    places = metate.zeros(20, dtype="int64")
    of_rows(metate.asarray(x), places)
    same(places, x.argmax(axis=1))


# Exceptions.

def _line_of(error, function):
    """The line in `function` that the innermost frame of the traceback names, counted from its `def`."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    assert frame.name == function.__name__
    return frame.lineno - function.py_func.__code__.co_firstlineno - 1


@njit(parallel=True)
def gather(x, places, y):
    for i in prange(places.shape[0]):
        y[i] = x[places[i]]


def test_an_index_out_of_range():
    places = np.arange(1000)
    places[[300, 700, 999]] = [5000, 6000, 7000]
    with pytest.raises(IndexError, match="index 5000 is out of bounds for axis 0 with size 1000") as error:
        gather(metate.zeros(1000), metate.asarray(places), metate.zeros(1000))
    assert _line_of(error.value, gather) == 2


@njit(parallel=True)
def divide(x, y):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] == 77:
                raise ValueError("no 77")
            y[i, j] = i / (x[i, j] - 5)


def test_division_and_raise():
    x = np.zeros((30, 40))
    y = metate.zeros((30, 40))
    divide(metate.asarray(x), y)
    x[20, 1] = 77
    with pytest.raises(ValueError, match="no 77") as error:
        divide(metate.asarray(x), y)
    assert _line_of(error.value, divide) == 4

    @njit(parallel=True)
    def modulo(counts, n):
        for i in prange(counts.shape[0]):
            counts[i] = 100 % (n - i)

    counts = metate.zeros(50, dtype="int64")
    modulo(counts, 100)
    with pytest.raises(ZeroDivisionError) as error:
        modulo(counts, 20)
    assert _line_of(error.value, modulo) == 2
    modulo(counts, 100)  # all is well again
    same(counts, 100 % (100 - np.arange(50)))


def test_an_exception_in_a_callee():
    @njit
    def check(value):
        if value > 10:
            raise OverflowError(value)
        return value

    @njit(parallel=True)
    def copy(x, y):
        for i in prange(x.shape[0]):
            y[i] = check(x[i])

    y = metate.zeros(30, dtype="int64")
    with pytest.raises(OverflowError, match="11"):
        copy(metate.arange(30), y)
    copy(metate.arange(10), y)
    same(y[:10], np.arange(10))
