"""Arrays that functions make: dtypes, shapes and elements as NumPy makes them."""

import numpy as np
import pytest
from numpy_twin import DTYPES, LAYOUTS, check, compiled, laid_out, samples


def of_shape(n, m):
    a = np.empty((n, m))
    return a.shape, a.dtype == np.float64, np.zeros(n), np.zeros((n, m), np.int16), np.ones((m, n, 2)), np.zeros(())


def filled(n, x):
    return np.full(n, 7), np.full((2, n), 2.5), np.full((n,), x), np.full(n, x, dtype=np.complex64), np.full(3, True)


def ones(n):
    return np.ones(n, dtype=np.uint8), np.ones((n, n), np.bool_), np.ones(n, dtype=np.complex128, order="F")


def like(a):
    return np.empty_like(a).shape, np.zeros_like(a), np.ones_like(a), np.full_like(a, 3)


def like_other(a):
    return np.zeros_like(a, dtype=np.float32), np.ones_like(a, dtype=np.int64), np.full_like(a, 1, dtype=np.uint8)


def ranges(n, m, k):
    return np.arange(n), np.arange(n, m), np.arange(n, m, k), np.arange(m, n, -k)


def float_ranges(x, y, z):
    return np.arange(x), np.arange(x, y), np.arange(x, y, z), np.arange(0, y, 0.1), np.arange(y, x, z)


def typed_ranges(n):
    return np.arange(n, dtype=np.int16), np.arange(n, dtype=np.float32), np.arange(1, n, 2, dtype=np.uint64)


def lines(x, y, n):
    return np.linspace(x, y), np.linspace(x, y, n), np.linspace(x, y, n, endpoint=False), np.linspace(0, 1, 5)


def squares(n, m):
    return np.eye(n), np.eye(n, m), np.eye(n, m, 1), np.eye(n, m, k=-1, dtype=np.int32), np.identity(n)


def copies(a):
    return a.copy(), np.copy(a), np.array(a), np.asarray(a), np.ascontiguousarray(a), a.flatten(), a.ravel()


def conversions(a):
    return a.astype(np.float64), a.astype(np.complex64), a.astype(np.bool_), np.array(a, dtype=np.complex128)


def displays(x, y):
    return np.array([x, y]), np.array([[1, 2, 3], [4, 5, 6]]), np.array((x, 2), dtype=np.complex64), np.array([1, 2.5])


@pytest.mark.parametrize("n, m", [(3, 4), (1, 1), (0, 3), (2, 0)])
def test_of_shape(n, m):
    check(of_shape, n, m)


@pytest.mark.parametrize("x", [1, 2.5, True, 3j, np.float32(2), np.int8(-3)])
def test_filled(x):
    check(filled, 4, x)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_ones(n):
    check(ones, n)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_like(dtype):
    a = samples(dtype, (3, 4))
    check(like, a)
    check(like_other, a)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_like_keeps_layout(layout):
    check(like, laid_out(samples("f4", (3, 4)), layout))


@pytest.mark.parametrize("n, m, k", [(2, 11, 3), (0, 0, 1), (5, 3, 2), (-4, 4, 4), (7, 100, 31)])
def test_ranges(n, m, k):
    check(ranges, n, m, k)


@pytest.mark.parametrize("x, y, z", [(0.5, 3.0, 0.25), (1.0, 1.0, 0.1), (-1.5, 2.0, 0.3), (4.2, 1.0, 0.7)])
def test_float_ranges(x, y, z):
    check(float_ranges, x, y, z)


@pytest.mark.parametrize("n", [0, 1, 10])
def test_typed_ranges(n):
    check(typed_ranges, n)


def test_range_without_step():
    check(ranges, 2, 11, 0)


@pytest.mark.parametrize("x, y", [(0, 1), (1.5, -2.25), (3, 3), (-1, 10), (1 + 1j, 2)])
@pytest.mark.parametrize("n", [0, 1, 2, 7, 101])
def test_lines(x, y, n):
    check(lines, x, y, n, ulp=1 if isinstance(x, complex) else 0)


@pytest.mark.parametrize("n, m", [(3, 3), (2, 5), (4, 1), (0, 2)])
def test_squares(n, m):
    check(squares, n, m)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (2, 3, 4), (0, 3)])
def test_copies(layout, shape):
    check(copies, laid_out(samples("f8", shape), layout))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_conversions(dtype):
    if dtype.kind == "c":
        check(conversions_of_complex, samples(dtype, (3, 4)))
    else:
        check(conversions, samples(dtype, (3, 4)))


def conversions_of_complex(a):
    return a.astype(np.complex64), a.astype(np.bool_), np.array(a, dtype=np.complex128)


@pytest.mark.parametrize("x, y", [(1, 2), (1.5, 2), (1j, 0.5), (np.float32(1), np.int16(3)), (True, False)])
def test_displays(x, y):
    check(displays, x, y)


def test_a_copy_is_another_array():
    a = samples("f8", (4,))
    b = compiled(lambda x: x.copy())(a)
    assert not np.shares_memory(a, b)


def negative(n):
    return np.empty(n), np.zeros((2, n))


def test_negative_dimension():
    check(negative, -1)
