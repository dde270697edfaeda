"""test_scipy – C callbacks in the hands of SciPy: no Python runs while it computes."""

import math

import numpy as np
import pytest
from metate import carray, cfunc, types

scipy = pytest.importorskip("scipy")
from scipy import LowLevelCallable, integrate, ndimage  # noqa: E402


def test_an_integrand_of_one_variable():
    @cfunc("float64(float64)")
    def integrand(t):
        return math.exp(-t) / t**2

    value, _ = integrate.quad(LowLevelCallable(integrand.ctypes), 1, np.inf)
    assert value == pytest.approx(integrate.quad(integrand.ctypes, 1, np.inf)[0], rel=1e-12)
    assert value == pytest.approx(0.14849550677592205, rel=1e-8)


def test_an_integrand_of_several_variables():
    @cfunc("float64(intc, CPointer(float64))")
    def integrand(n, pointer):
        x = carray(pointer, (n,), np.float64)
        return x[0] * x[1] ** 2

    value, _ = integrate.nquad(LowLevelCallable(integrand.ctypes), [(0, 1), (0, 3)])
    assert value == pytest.approx(4.5)


def test_a_filter_of_neighbourhoods():
    @cfunc(types.intc(types.CPointer(types.float64), types.intp, types.CPointer(types.float64), types.voidptr))
    def spread(pointer, size, result, data):
        values = carray(pointer, (size,), np.float64)
        least = greatest = values[0]
        for value in values:
            least = min(least, value)
            greatest = max(greatest, value)
        carray(result, (1,), np.float64)[0] = greatest - least
        return 1

    x = np.random.default_rng(1).normal(size=(40, 50))
    got = ndimage.generic_filter(x, LowLevelCallable(spread.ctypes), size=3)
    np.testing.assert_array_equal(got, ndimage.maximum_filter(x, 3) - ndimage.minimum_filter(x, 3))
