"""Reductions: functions and methods, over all, one and several axes, every dtype and layout."""

import numpy as np
import pytest
from numpy_twin import DTYPES, LAYOUTS, check, compiled, laid_out, samples

from metate import njit


def all_at_once(a):
    return a.sum(), a.prod(), a.min(), a.max(), a.any(), a.all(), a.argmin(), a.argmax()


def by_function(a):
    return np.sum(a), np.prod(a), np.min(a), np.max(a), np.any(a), np.all(a), np.argmin(a), np.argmax(a), np.amax(a)


def mean(a):
    return a.mean(), np.mean(a), a.mean(axis=0), a.mean(-1), np.mean(a, axis=1, keepdims=True)


def first_axis(a):
    return a.sum(0), a.prod(axis=0), a.min(0), a.max(axis=0), a.any(0), a.all(axis=0), a.argmin(0), a.argmax(axis=0)


def last_axis(a):
    return a.sum(-1), a.prod(axis=-1), a.min(-1), a.max(-1), a.any(-1), a.all(-1), a.argmin(-1), a.argmax(axis=-1)


def middle_axis(a):
    return a.sum(1), a.min(1), a.argmax(1), np.any(a, 1), np.sum(a, axis=1, keepdims=True)


def several_axes(a):
    return a.sum((0, 1)), a.sum(axis=(0, 2)), a.sum((1, 2)), a.sum((0, 1, 2)), a.max((-1, 0)), a.sum(axis=(1, 2), keepdims=True)


def keepdims(a):
    return a.sum(keepdims=True), a.sum(0, keepdims=True), np.max(a, axis=1, keepdims=True), a.argmin(1, keepdims=True)


def options(a):
    return a.sum(dtype=np.float64), np.sum(a, axis=0, dtype=np.int32), a.sum(initial=5), np.max(a, initial=100)


def counts(a):
    return np.count_nonzero(a), np.count_nonzero(a, axis=0)


def of_expressions(a, b):
    return np.sum(a * b), (a + b).sum(axis=1), np.max(np.abs(a - b)), np.any(a > b), (a * 2).mean(axis=0)


def into(a, out):
    np.sum(a, axis=0, out=out)
    return a.max(axis=0, out=out)


def nan_ones(a):
    return np.nansum(a), np.nanmax(a), np.nanmin(a, axis=0), np.nanprod(a, axis=1)


def extremes(a):
    return a.min(), a.max(), a.argmin(), a.argmax(), a.min(0), a.max(1), a.argmin(0), a.argmax(1)


def sums(a):
    return a.sum(), a.sum(0), a.sum(1), a.mean(), a.any(), a.all(0), a.prod(1)


def normalise(a):
    return (a - a.mean(axis=0)) / (a.max(axis=0) - a.min(axis=0) + 1), a / a.sum(axis=1, keepdims=True)


# Integer sums are exact; sums of these samples of floats are, too; means and products of floats round.
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("function", [all_at_once, first_axis, last_axis])
def test_dtypes(function, dtype):
    check(function, samples(dtype, (3, 4)), ulp=2 if dtype.kind in "fc" else 0)


@pytest.mark.parametrize("function", [by_function, keepdims])
def test_functions(function):
    check(function, samples("i2", (3, 4)))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_mean(dtype):
    check(mean, samples(dtype, (5, 8)), ulp=1 if dtype.kind in "fc" else 0)


# Older NumPy returns an int of Python here.
counts_as_now = pytest.param(counts, marks=pytest.mark.skipif(
    type(np.count_nonzero(np.ones(1))) is int, reason="this NumPy gives the count as Python's int"))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("function", [all_at_once, first_axis, last_axis, keepdims, counts_as_now])
def test_layouts(function, layout):
    check(function, laid_out(samples("i4", (5, 6)), layout))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("function", [all_at_once, first_axis, middle_axis, last_axis, several_axes])
def test_cubes(function, layout):
    check(function, laid_out(samples("i8", (3, 4, 5)), layout))


@pytest.mark.parametrize("shape", [(1,), (7,), (8,), (31,), (32,), (33,), (1000,), (4099,)])
@pytest.mark.parametrize("dtype", ["i4", "f4", "?"])
def test_vectors(shape, dtype):
    check(all_of_vector, samples(dtype, shape))


def all_of_vector(a):
    return a.sum(), a.min(), a.max(), a.any(), a.all(), a.argmin(), a.argmax(), a.sum(axis=0), a.max(-1)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (33, 65), (3, 2100), (2100, 3)])
@pytest.mark.parametrize("order", "CF")
def test_shapes(shape, order):
    check(sums_and_places, np.asarray(samples("i4", shape), order=order))


def sums_and_places(a):
    return a.sum(), a.sum(0), a.sum(1), a.argmin(), a.argmax(0), a.argmin(1), a.max(0), a.min(1)


def test_options():
    check(options, samples("i4", (3, 4)))
    check(into, samples("f8", (3, 4)), np.zeros(4))


@pytest.mark.parametrize("dtype", ["?", "i2", "f4"])
@pytest.mark.parametrize("out", ["i8", "f8", "c16"])
def test_out(dtype, out):
    check(sum_into, samples(dtype, (3, 4)), np.zeros(4, out))
    check(product_of_all_into, samples(dtype, (2, 3)), np.zeros((), out))


def sum_into(a, out):
    return np.sum(a, axis=0, out=out)


def product_of_all_into(a, out):
    return a.prod(out=out)


@pytest.mark.parametrize("function", [sum_into, product_of_all_into])
@pytest.mark.parametrize("shape", [(3,), (0,), (1,), (4, 3), (1, 4)])
def test_out_of_another_shape(function, shape):
    with pytest.raises((ValueError, TypeError), match="output array does not match|cannot be a"):
        compiled(function)(samples("f8", (3, 4)), np.zeros(shape))


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_nan(dtype):
    a = samples(dtype, (4, 5))
    a[1, 2] = a[3, 3] = np.nan
    check(extremes, a)
    check(sums, a)
    check(nan_ones, a, ulp=2)
    a[:] = np.nan
    check(extremes, a)


def test_signed_zeros_and_infinities():
    check(extremes, np.array([[0.0, 1.0], [np.inf, 2.0]]))
    check(sums, np.array([[0.0, -np.inf], [np.inf, -0.0]]))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (0, 0), (2, 0, 3)])
def test_empty(shape):
    a = np.zeros(shape)
    for function in (total, truths, least, place, total_of_rows, least_of_rows, place_of_rows):
        check(function, a)


def total(a):
    return a.sum(), a.prod()


def truths(a):
    return a.any(), a.all()


def least(a):
    return a.min()


def place(a):
    return a.argmax()


def total_of_rows(a):
    return a.sum(axis=-1), a.prod(axis=0)


def least_of_rows(a):
    return a.max(axis=-1)


def place_of_rows(a):
    return a.argmin(axis=-1)


def test_of_expressions():
    check(of_expressions, samples("f8", (5, 6)), samples("f8", (6,), 1), ulp=4)
    check(of_expressions, samples("f8", (5, 1)), samples("f8", (1, 6), 1), ulp=4)
    check(of_expressions, samples("f8", (5, 6)), samples("f8", (4,), 1))
    check(normalise, samples("f8", (5, 6)) + 30, ulp=4)


def of_numbers(x):
    return np.sum(x), np.max(x), np.any(x)


@pytest.mark.parametrize("x", [2, 2.5, np.float32(3)])
def test_of_numbers(x):
    check(of_numbers, x)


def test_zero_dimensional():
    check(zero_dimensional, samples("f4", ()))


def zero_dimensional(a):
    return a.sum(), a.max(), a.argmin(), a.any(), a.mean()


def test_many_accumulators():
    # More columns than are summed at once, and a dtype narrower than its sum.
    check(sums_and_places, samples("i2", (5, 3000)))
    check(sums_and_places, samples("u1", (3000, 5)))


def test_sums_of_floats_are_close():
    a = np.random.default_rng(3).random((300, 257))
    for function in (lambda x: x.sum(), lambda x: x.sum(0), lambda x: x.sum(1), lambda x: x.mean()):
        np.testing.assert_allclose(compiled(function)(a), function(a), rtol=1e-13)


def rows_of_sines(a):
    return np.sin(a).sum(axis=1), a.max(axis=1), a.argmax(axis=1)


@pytest.mark.parametrize("shape", [(1, 50_000), (2, 30_000), (7, 9000), (8, 9000), (300, 40)])
def test_rows_on_threads(shape):
    """Few rows are shared out among the threads each, many as they are: the bits are the same."""
    a = np.random.default_rng(5).random(shape)
    serial, parallel = njit(rows_of_sines)(a), njit(rows_of_sines, parallel=True)(a)
    for one, other, expected in zip(serial, parallel, rows_of_sines(a)):
        np.testing.assert_array_equal(one, other)
        np.testing.assert_allclose(one, expected, rtol=1e-13)
