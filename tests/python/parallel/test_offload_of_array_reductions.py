"""`prange` loops that reduce to arrays, as kernels of a device: work-items have partial results, which the device combines."""

import numpy as np
import pytest

import metate
from metate import njit, prange
from offloading import diagnostics, launches, same


@njit(parallel=True)
def column_sums(x, acc):
    for i in prange(x.shape[0]):
        acc += x[i]
    return acc


@pytest.mark.parametrize("dtype", ["int8", "uint32", "int64", "float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("rows", [0, 1, 5, 33, 1000])
def test_sums_have_the_bits_that_they_have_on_threads(dtype, rows):
    x = (np.random.default_rng(rows).random((rows, 7)) * 100).astype(dtype)
    start = np.arange(7).astype(dtype)
    expected = column_sums(x, start.copy())
    acc = metate.asarray(start)
    before = launches(column_sums)
    assert column_sums(metate.asarray(x), acc) is acc
    same(acc, expected)
    if np.dtype(dtype).kind in "iu":
        same(acc, (start + x.sum(axis=0)).astype(dtype))
    assert launches(column_sums) - before == (2 if rows else 1)  # partial results and their combination
    assert "prange loop: on " in diagnostics(column_sums)


@njit(parallel=True)
def products(x, acc):
    for i in prange(x.shape[0]):
        acc *= x[i]


@njit(parallel=True)
def with_a_number(x, acc):
    count = 0
    for i in prange(x.shape[0]):
        acc += x[i] * 2
        count += i
    return count


@pytest.mark.parametrize("function", [products, with_a_number])
def test_several_ways_to_reduce(function):
    x = np.random.default_rng(1).random((300, 4)) + 0.5
    expected, acc = np.ones(4), metate.ones(4)
    assert function(x, expected) == function(metate.asarray(x), acc)
    same(acc, expected)
    assert launches(function) > 0


@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_of_two_axes(order):
    @njit(parallel=True)
    def total(x, acc):
        for i in prange(x.shape[0]):
            acc += x[i]

    x = np.random.default_rng(2).random((200, 3, 5))
    expected = np.zeros((3, 5), order=order)
    total(x, expected)
    acc = metate.asarray(np.zeros((3, 5)))
    if order == "F":
        acc = metate.asarray(np.zeros((5, 3))).T
    total(metate.asarray(x), acc)
    same(acc, expected)
    view = metate.asarray(np.zeros((6, 10)))
    total(metate.asarray(x), view[::2, ::2])
    same(view[::2, ::2], expected)
    assert not metate.asnumpy(view)[1::2].any()


def test_an_array_that_the_function_makes():
    @njit(parallel=True)
    def means(x):
        acc = np.zeros(x.shape[1])
        for i in prange(x.shape[0]):
            acc += x[i]
        return acc / x.shape[0]

    x = np.random.default_rng(3).random((500, 6))
    same(means(metate.asarray(x)), means(x))
    assert launches(means) == 4  # zeros, partial results, their combination, the quotients


def test_an_array_that_is_bound_anew_is_the_hosts():
    @njit(parallel=True)
    def total(x, acc):
        for i in prange(x.shape[0]):
            acc = acc + x[i]
        return acc

    x = np.arange(12.0).reshape(4, 3)
    with pytest.raises(metate.errors.TypingError, match="MT5005.*a device cannot run a new array"):
        total(metate.asarray(x), metate.ones(3))
    same(total(metate.asarray(x, usm_type="shared"), metate.ones(3, usm_type="shared")), x.sum(axis=0) + 1)
    assert "prange loop: on threads, since a device cannot run a new array" in diagnostics(total)


def test_a_number_in_an_array():
    @njit(parallel=True)
    def total(x, acc):
        for i in prange(x.shape[0]):
            acc += x[i]

    x = np.arange(5000.0)
    acc = metate.asarray(np.array(1.0))
    total(metate.asarray(x), acc)
    same(acc, np.array(x.sum() + 1))


def test_errors_leave_the_array_as_it_was():
    with pytest.raises(ValueError):
        column_sums(metate.zeros((5, 3)), metate.zeros(4))
    acc = metate.ones(3)
    with pytest.raises(ValueError):
        column_sums(metate.zeros((5, 4)), acc)
    same(acc, np.ones(3))
