"""CPointer in compiled code: indexed as C does, and taken of contiguous arrays."""

import ctypes

import numpy as np
import pytest

import metate
from metate import carray, cfunc, float64, get_global_id, int64, kernel, njit, types


def test_in_callbacks():
    @cfunc(types.float64(types.int64, types.CPointer(float64), types.CPointer(types.int32)))
    def weighted(n, values, weights):
        total = 0.0
        for i in range(n):
            total += values[i] * weights[i]
        weights[n - 1] = 7
        return total + values[()]

    values, weights = np.array([1.5, 2, 4]), np.array([1, 2, 3], np.int32)
    call = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)(weighted.address)
    assert call(3, values.ctypes.data, weights.ctypes.data) == 1.5 + 4 + 12 + 1.5
    assert weights.tolist() == [1, 2, 7]
    # Behind the address of the middle lies, at -1, the beginning.
    assert call(1, values.ctypes.data + 8, weights.ctypes.data) == 2 * 1 + 2


def test_before_the_address():
    @cfunc("float64(CPointer(float64), int64)")
    def at(p, i):
        return p[i]

    x = np.arange(5.0)
    call = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_void_p, ctypes.c_int64)(at.address)
    assert [call(x.ctypes.data + 16, i) for i in (-2, -1, 0, 2)] == [0, 1, 2, 4]


def test_in_functions_with_signatures():
    @njit("float64(CPointer(float64), int64)")
    def total(p, n):
        result = 0.0
        for i in range(n):
            result += p[i]
        return result + carray(p, (n,)).sum()

    x = np.arange(6.0).reshape(2, 3)
    assert total(x, 6) == total(np.asfortranarray(x), 6) == 30 and total(x[1], 3) == 24
    with pytest.raises(TypeError, match="is not declared for"):
        total(x[:, ::2], 2)
    with pytest.raises(TypeError, match="is not declared for"):
        total(x.astype(np.float32), 2)


def test_in_kernels():
    @kernel("void(CPointer(float64), int64, CPointer(int32))")
    def scale(x, n, counts):
        i = get_global_id(0)
        if i < n:
            x[i] = x[i] * 2 + i
            counts[n - 1 - i] += 1

    x, counts = np.arange(6.0).reshape(2, 3), np.zeros(6, np.int32)
    scale[8](x, 6, counts)
    np.testing.assert_array_equal(x.ravel(), np.arange(6) * 3)
    assert counts.tolist() == [1] * 6
    on_device, counts = metate.ones(4), metate.zeros(4, dtype=np.int32)
    scale[4](on_device, 4, counts)
    assert metate.asnumpy(on_device).tolist() == [2, 3, 4, 5]


def test_what_is_read_only():
    @njit("void(CPointer(float64))")
    def clear(p):
        p[0] = 0

    x = np.ones(2)
    x.flags.writeable = False
    with pytest.raises(TypeError, match="is not declared for"):
        clear(x)


@pytest.mark.parametrize("index", ["1.5", "(0, 1)", "0:2", "None"])
def test_bad_indices(index):
    names = {}
    exec(f"def at(p):\n    return p[{index}]", names)
    with pytest.raises(TypeError, match="cannot index a pointer to float64 with"):
        cfunc("float64(CPointer(float64))")(names["at"])


def test_as_types():
    assert types.CPointer(int64) != types.CPointer(float64) and "CPointer(int64)" in repr(types.CPointer(int64))

    @njit("int64(CPointer(int64))")
    def first(p):
        return p[0]

    assert first(np.array([3, 4])) == 3
