"""Functions that an offloaded function calls: on the host they take their array expressions to the device, in its loops they are part of a work-item."""

import numpy as np
import pytest

import metate
from metate import njit, prange
from offloading import diagnostics, launches, same


@njit
def twice(x):
    return x * 2


@njit
def spread(x):
    return twice(x) - x.mean()


@njit(parallel=True)
def filled(x, out):
    for i in prange(x.shape[0]):
        out[i] = x[i] + 1


@pytest.mark.parametrize("parallel", [True, False])
def test_a_helper_of_the_host_part(parallel):
    @njit(parallel=parallel)
    def compute(x):
        for _ in range(2):
            x = twice(x)
        return spread(x)

    x = np.arange(10.0)
    same(compute(metate.asarray(x)), x * 8 - (x * 4).mean())
    assert launches(compute) == 5
    assert "twice" not in diagnostics(compute) and diagnostics(compute).count("array expression: on") >= 2
    np.testing.assert_array_equal(compute(x), x * 8 - (x * 4).mean())


def test_a_parallel_helper_of_a_serial_function():
    @njit
    def call(x, out):
        filled(x, out)
        return out

    out = metate.zeros(5)
    assert call(metate.arange(5.0), out) is out
    same(out, np.arange(1, 6.0))
    assert launches(call) == 1


def test_a_helper_is_called_in_both_places():
    @njit
    def norm(x):
        return np.sqrt((x * x).sum())

    @njit(parallel=True)
    def normalised(x, norms):
        for i in prange(x.shape[0]):
            norms[i] = norm(x[i])
        return norms / norm(norms)

    x = np.random.default_rng(1).random((7, 30))
    norms = metate.zeros(7)
    got = normalised(metate.asarray(x), norms)
    expected = np.zeros(7)
    same(got, normalised(x, expected))
    same(norms, expected)


def test_a_parallel_function_within_a_loop():
    @njit(parallel=True)
    def total(x):
        acc = 0.0
        for i in prange(x.shape[0]):
            acc += x[i]
        return acc + x.max()

    @njit(parallel=True)
    def of_rows(x, out):
        for i in prange(x.shape[0]):
            out[i] = total(x[i])

    x = np.random.default_rng(2).random((6, 5000))
    expected, out = np.zeros(6), metate.zeros(6)
    of_rows(x, expected)
    of_rows(metate.asarray(x), out)
    same(out, expected)
    assert launches(of_rows) == 1


def test_a_closure_and_a_declared_signature():
    @njit("float64[:](float64[:], float64)")
    def shift(x, by):
        return x + by

    @njit(parallel=True)
    def compute(x, factor):
        def scale(y):
            return y * factor

        return scale(shift(x, 1.0))

    same(compute(metate.arange(4.0), 3.0), np.arange(3.0, 15, 3))


def test_recursion():
    @njit
    def powers(x, n):
        if n == 0:
            return x + 0
        return powers(x, n - 1) * x

    with pytest.raises(metate.errors.TypingError, match="MT5005.*it is passed to a function that calls itself"):
        powers(metate.arange(4.0), 3)
    same(powers(metate.arange(4.0, usm_type="shared"), 3), np.arange(4.0) ** 4)


def test_what_stays_on_the_host_is_refused_with_its_line():
    @njit
    def helper(x):
        part = np.zeros(3)
        part[0] = x[0]
        return part.sum()

    @njit(parallel=True)
    def of_rows(x, out):
        for i in prange(x.shape[0]):
            out[i] = helper(x[i])

    line = helper.py_func.__code__.co_firstlineno + 3
    with pytest.raises(metate.errors.TypingError) as error:
        of_rows(metate.zeros((2, 3)), metate.zeros(2))
    assert "a device cannot run a call of a function with a new array" in str(error.value)
    assert f"test_offload_of_callees.py:{line}" in str(error.value)
    x, out = metate.ones((2, 3), usm_type="shared"), metate.zeros(2, usm_type="shared")
    of_rows(x, out)
    same(out, np.ones(2))
