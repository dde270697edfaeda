"""Functions that are not compiled with `parallel=True`, called with device arrays: their array expressions run on the device."""

import numpy as np
import pytest

import metate
from metate import njit, prange
from offloading import diagnostics, launches, same


def test_an_expression_runs_where_its_arrays_lie():
    @njit
    def compute(x, y):
        y += x
        return 2 * x - 1, x.sum(), x.max()

    queue = metate.Queue()
    x = metate.asarray(np.arange(1000.0), queue=queue)
    y = metate.ones(1000, queue=queue)
    made, total, most = compute(x, y)
    same(made, np.arange(1000.0) * 2 - 1)
    same(y, np.arange(1000.0) + 1)
    assert (total, most) == (499500, 999)
    assert made.queue is queue and made.usm_type == "device"
    assert launches(compute) == 4


def test_other_calls_stay_as_they_are():
    @njit
    def double(x):
        return x * 2

    with metate.device_context(metate.select_default_device()):
        assert type(double(np.arange(3.0))) is np.ndarray
    double(metate.arange(3.0))
    np.testing.assert_array_equal(double(np.arange(3.0)), [0, 2, 4])
    assert double.overload_count == 1 and launches(double) == 1
    text = diagnostics(double)
    assert "double(float64[::1]) in calls that belong to a device" in text and "array expression: on" in text
    with pytest.raises(TypeError, match="compiled code cannot take a"):
        double({})
    double.disable_compile()
    double(metate.arange(3.0))
    with pytest.raises(TypeError, match="disable_compile"):
        double(metate.arange(3))


def test_a_prange_is_a_range():
    @njit
    def running(x):
        for i in prange(1, x.shape[0]):
            x[i] += x[i - 1]

    line = running.py_func.__code__.co_firstlineno + 3
    with pytest.raises(metate.errors.TypingError) as error:
        running(metate.ones(5))
    assert "only array expressions of a function without parallel=True run on a device" in str(error.value)
    assert f"{__file__.rsplit('/', 1)[-1]}:{line}" in str(error.value)
    x = metate.ones(5, usm_type="shared")
    running(x)
    same(x, np.arange(1, 6.0))
    assert launches(running) == 0


def test_a_declared_signature():
    @njit("float64[:](float64[:], float64)")
    def shift(x, by):
        return x + by

    same(shift(metate.arange(3.0), 2), np.arange(2.0, 5))
    with pytest.raises(metate.errors.TypingError, match="is not declared for"):
        shift(metate.arange(3, dtype="float32"), 2)


def test_loops_of_the_device_may_call_it():
    @njit
    def sum_of_squares(x):
        return (x * x).sum()

    @njit(parallel=True)
    def of_rows(x, sums):
        for i in prange(x.shape[0]):
            sums[i] = sum_of_squares(x[i])

    x = np.arange(12.0).reshape(3, 4)
    sums = metate.zeros(3)
    assert sum_of_squares(metate.asarray(x)) == (x * x).sum()
    of_rows(metate.asarray(x), sums)
    same(sums, (x * x).sum(axis=1))
    assert launches(of_rows) == 1


def test_tuples():
    @njit
    def add(pair):
        return pair[0] + pair[1]

    same(add((metate.arange(4.0), metate.ones(4))), np.arange(1.0, 5))
