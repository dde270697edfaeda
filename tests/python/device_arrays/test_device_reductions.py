"""Sums, extremes, running sums and products of matrices against NumPy."""

import metate
import numpy as np
import pytest
from metate.device_array import linear_algebra, reductions, selection

HOST = np.arange(2 * 3 * 4).reshape(2, 3, 4) % 7 - 2
AXES = [None, 0, 1, -1, (0, 2), (1, 0), (0, 1, 2), ()]


def check(given, expected, ulp=0):
    """The same elements, shape and dtype; with `ulp` as far apart as another order of sums makes them."""
    expected = np.asarray(expected)
    assert (given.shape, given.dtype) == (expected.shape, expected.dtype)
    if ulp:
        np.testing.assert_array_max_ulp(metate.asnumpy(given), expected, ulp)
    else:
        np.testing.assert_array_equal(metate.asnumpy(given), expected)


@pytest.mark.parametrize("axis", AXES, ids=str)
@pytest.mark.parametrize("name", ["sum", "prod", "min", "max", "any", "all", "mean", "var", "std"])
def test_axes(name, axis):
    for keepdims in (False, True):
        given = getattr(reductions, name)(metate.asarray(HOST), axis=axis, keepdims=keepdims)
        check(given, getattr(np, name)(HOST, axis=axis, keepdims=keepdims), 4 if name in ("mean", "var", "std") else 0)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint16, np.int32, np.uint64, np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("name", ["sum", "prod", "any", "all"])
def test_dtypes(name, dtype):
    host = HOST.astype(dtype)
    check(getattr(reductions, name)(metate.asarray(host), axis=1), getattr(np, name)(host, axis=1))


@pytest.mark.parametrize("length", [1, 4096, 8193, 100_003])
def test_long_rows(length):
    host = np.random.default_rng(3).integers(-1000, 1000, (2, length))
    array = metate.asarray(host)
    for name in ("sum", "min", "max", "argmin", "argmax", "any", "all"):
        check(getattr(reductions, name)(array, axis=1), getattr(np, name)(host, axis=1))
        check(getattr(reductions, name)(array.T, axis=0), getattr(np, name)(host.T, axis=0))
        check(getattr(reductions, name)(array), getattr(np, name)(host))
    check(reductions.cumulative_sum(array, axis=1), np.cumsum(host, axis=1))
    check(reductions.cumulative_sum(array, axis=1, include_initial=True),
          np.cumulative_sum(host, axis=1, include_initial=True))
    check(reductions.cumulative_sum(metate.ones(length)), np.arange(1.0, length + 1))


def test_sums_are_accurate_and_the_same_each_time():
    host = np.random.default_rng(5).random(1_000_000, np.float32)
    array = metate.asarray(host)
    total = float(array.sum())
    assert abs(total / host.sum(dtype=np.float64) - 1) < 1e-6
    assert all(float(array.sum()) == total for _ in range(3))


@pytest.mark.parametrize("axis", [None, 0, 2, -2])
@pytest.mark.parametrize("name", ["argmin", "argmax"])
def test_places(name, axis):
    for keepdims in (False, True):
        check(getattr(reductions, name)(metate.asarray(HOST), axis=axis, keepdims=keepdims),
              getattr(np, name)(HOST, axis=axis, keepdims=keepdims))
    host = np.array([3.0, np.nan, 1, np.nan])
    check(getattr(reductions, name)(metate.asarray(host)), 1)


@pytest.mark.parametrize("name", ["min", "max", "sum"])
def test_nan_stays(name):
    check(getattr(reductions, name)(metate.asarray([1.0, np.nan, 3.0])), np.nan)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("name", ["cumulative_sum", "cumulative_prod"])
def test_running(name, axis):
    for host in (HOST, HOST.astype(np.float32), HOST.astype(np.int8)):
        for initial in (False, True):
            check(getattr(reductions, name)(metate.asarray(host), axis=axis, include_initial=initial),
                  getattr(np, name)(host, axis=axis, include_initial=initial))


def test_options():
    array = metate.asarray(HOST.astype(np.int16))
    check(array.sum(dtype=np.int16), HOST.sum(dtype=np.int16))
    check(array.sum(1, dtype=np.float32), HOST.sum(1, dtype=np.float32))
    check(reductions.var(array, axis=2, correction=1), HOST.var(axis=2, ddof=1), 4)
    check(reductions.count_nonzero(array, axis=1), np.count_nonzero(HOST, axis=1))
    check(reductions.mean(array.astype(np.float32)), HOST.astype(np.float32).mean(), 2)


def test_nothing_to_reduce():
    empty = metate.zeros((2, 0))
    for name in ("sum", "prod", "any", "all"):
        check(getattr(reductions, name)(empty, axis=1), getattr(np, name)(np.zeros((2, 0)), axis=1))
    check(reductions.max(empty, axis=0), np.zeros((2, 0)).max(axis=0))
    for name in ("min", "max", "argmin"):
        with pytest.raises(ValueError, match="zero-size array|empty sequence"):
            getattr(reductions, name)(empty)


@pytest.mark.parametrize("a, b", [((3, 4), (4, 5)), ((4,), (4, 5)), ((3, 4), (4,)), ((4,), (4,)), ((2, 3, 4), (4, 5)),
                                  ((2, 1, 3, 4), (5, 4, 2)), ((3, 0), (0, 2)), ((0, 3), (3, 2)), ((600, 7), (7, 601))])
@pytest.mark.parametrize("dtype", [np.int32, np.float64])
def test_matmul(a, b, dtype):
    x, y = (np.arange(np.prod(shape), dtype=dtype).reshape(shape) % 11 for shape in (a, b))
    check(metate.asarray(x) @ metate.asarray(y), x @ y)


def test_products():
    x, y = HOST.astype(np.float64), HOST[::-1].astype(np.complex128) + 1j
    given, others = metate.asarray(x), metate.asarray(y)
    check(given[0].T @ others[1], x[0].T @ y[1])
    check(linear_algebra.vecdot(others, given, axis=1), np.vecdot(y, x, axis=1))
    check(linear_algebra.tensordot(given, given, axes=((0, 2), (0, 2))), np.tensordot(x, x, ((0, 2), (0, 2))))
    check(linear_algebra.tensordot(given, given, axes=0), np.tensordot(x, x, 0))
    check(linear_algebra.tensordot(given, given, axes=3), np.tensordot(x, x, 3))
    check(linear_algebra.tensordot(given[0, 0], others, axes=((0,), (2,))), np.tensordot(x[0, 0], y, ((0,), (2,))))
    array = metate.ones((2, 2))
    array @= metate.asarray([[1.0, 2.0], [3.0, 4.0]])
    check(array, [[4.0, 6.0], [4.0, 6.0]])


def test_where():
    array = metate.asarray(HOST)
    check(selection.where(array > 1, array, -1), np.where(HOST > 1, HOST, -1))
    check(selection.where(array > 1, array[0], 0.5), np.where(HOST > 1, HOST[0], 0.5))
    check(selection.where(array > 1, array.astype(np.int8), array.astype(np.float32)),
          np.where(HOST > 1, HOST.astype(np.int8), HOST.astype(np.float32)))
    check(selection.where(array, 1, array[:, :1]), np.where(HOST, 1, HOST[:, :1]))


@pytest.mark.parametrize("compute, error, message", [
    (lambda a: a.sum(axis=3), np.exceptions.AxisError, "3"),
    (lambda a: a.sum(axis=(0, -3)), ValueError, "duplicate"),
    (lambda a: reductions.sum(HOST), TypeError, r"metate\.asarray\(a\)"),
    (lambda a: reductions.cumulative_sum(a), ValueError, "axis is needed"),
    (lambda a: a @ HOST, TypeError, r"metate\.asarray\(a\)"),
    (lambda a: a @ a, ValueError, "4 columns do not fit 3 rows"),
    (lambda a: a[0, 0, 0] @ a, ValueError, "no axes"),
    (lambda a: a @ 3, TypeError, "unsupported operand"),
    (lambda a: (a > 0) @ (a > 0).mT, TypeError, "not for bools"),
    (lambda a: a.mT @ metate.ones((3, 2), queue=metate.Queue()), metate.errors.ExecutionQueueInferenceError, "two"),
])
def test_what_cannot_be(compute, error, message):
    with pytest.raises(error, match=message):
        compute(metate.asarray(HOST))
