"""Array expressions in `prange` loops of a device: they are computed straight into rows and other parts of arrays."""

import numpy as np
import pytest

import metate
from metate import njit, prange
from offloading import diagnostics, launches, same


def doubled(x, out):
    for i in prange(x.shape[0]):
        out[i] = x[i] * 2


def combined(x, out):
    for i in prange(x.shape[0]):
        out[i, :] = x[i] + 1
        out[i, 1:] -= x[i, :-1]
        np.add(out[i], x[i], out=out[i])


def columns(x, out):
    for j in prange(x.shape[1]):
        out[:, j] = x[::-1, j] + x[0, j]


def in_place(x, out):
    for i in prange(x.shape[0]):
        x[i] = x[i] * 2 + i
        out[i] = x[i]


def filled(x, out):
    for i in prange(x.shape[0]):
        out[i] = i
        out[i, ::2] = x[i, ::2].sum()


@pytest.mark.parametrize("function", [doubled, combined, columns, in_place, filled])
@pytest.mark.parametrize("dtype", ["int8", "uint32", "int64", "float32", "float64", "complex64", "complex128"])
def test_parts_of_arrays(function, dtype):
    x = np.arange(40).reshape(8, 5).astype(dtype)
    on_host, expected = x.copy(), np.zeros_like(x)
    function(on_host, expected)
    compiled = njit(parallel=True)(function)
    device, out = metate.asarray(x), metate.zeros(x.shape, dtype=dtype)
    compiled(device, out)
    same(out, expected)
    same(device, on_host)
    assert launches(compiled) == 1


def test_rows_of_two_axes_and_broadcasting():
    @njit(parallel=True)
    def blend(x, y, out):
        for i in prange(x.shape[0]):
            out[i] = x[i] * 2 - y

    x, y = np.random.default_rng(1).random((6, 3, 4)), np.arange(4.0)
    out = metate.zeros(x.shape)
    blend(metate.asarray(x), metate.asarray(y), out)
    same(out, x * 2 - y)
    with pytest.raises(ValueError, match="broadcast"):
        blend(metate.zeros((6, 3, 5)), metate.asarray(y), out)


def test_the_same_array_twice():
    compiled = njit(parallel=True)(doubled)
    x = metate.asarray(np.arange(20.0).reshape(4, 5))
    compiled(x, x)
    same(x, np.arange(20.0).reshape(4, 5) * 2)


def test_arguments_that_overlap():
    compiled = njit(parallel=True)(doubled)
    x = metate.asarray(np.arange(20.0).reshape(4, 5))
    with pytest.raises(ValueError, match="overlaps it, and a loop on a device has no memory for a temporary array"):
        compiled(x[:, :-1], x[:, 1:])
    same(x, np.arange(20.0).reshape(4, 5))


def test_other_parts_of_the_same_array_are_the_hosts():
    @njit(parallel=True)
    def shift(x):
        for i in prange(x.shape[0]):
            x[i, 1:] = x[i, :-1]

    x = np.arange(20.0).reshape(4, 5)
    with pytest.raises(metate.errors.TypingError, match="MT5005.*a device cannot run a new array"):
        shift(metate.asarray(x))
    shared = metate.asarray(x, usm_type="shared")
    shift(shared)
    x[:, 1:] = x[:, :-1].copy()
    same(shared, x)
    assert "a device cannot run a new array" in diagnostics(shift)


@njit
def into(x, out):
    out[:] = x * 2
    out += 1


def test_a_function_that_the_loop_calls():
    @njit(parallel=True)
    def of_rows(x, out):
        for i in prange(x.shape[0]):
            into(x[i], out[i])

    x = np.arange(12.0).reshape(3, 4)
    out = metate.zeros((3, 4))
    of_rows(metate.asarray(x), out)
    same(out, x * 2 + 1)
    assert launches(of_rows) == 1
