"""One program through every stage: njit, prange, kernel, and an IndexError that names its line."""

import traceback

import numpy as np
import pytest

import metate
from metate import get_global_id, kernel, njit, prange


def add(a, b, c):
    for i in range(len(a)):
        c[i] = a[i] + b[i]


def add_parallel(a, b, c):
    for i in prange(len(a)):
        c[i] = a[i] + b[i]


def add_item(a, b, c):
    i = get_global_id(0)
    c[i] = a[i] + b[i]


def _run(way, a, b, c):
    if way == "njit":
        njit(add)(a, b, c)
    elif way == "prange":
        njit(add_parallel, parallel=True)(a, b, c)
    else:
        kernel(add_item)[len(a)](a, b, c)


@pytest.mark.parametrize("way", ["njit", "prange", "kernel"])
@pytest.mark.parametrize("dtype", [np.int32, np.float32, np.float64])
@pytest.mark.parametrize("size", [0, 1, 1000])
def test_add(way, dtype, size):
    a = np.arange(size).astype(dtype)
    b = np.full(size, 3, dtype)
    c = np.zeros(size, dtype)
    _run(way, a, b, c)
    np.testing.assert_array_equal(c, a + b)


@pytest.mark.parametrize("way", ["njit", "prange", "kernel"])
def test_strided_arrays_that_share_memory(way):
    a = np.arange(40.0)
    expected = a.copy()
    expected[1::2] = expected[::2] + expected[::-2]
    _run(way, a[::2], a[::-2].copy(), a[1::2])
    np.testing.assert_array_equal(a, expected)


@pytest.mark.parametrize("way", ["njit", "prange", "kernel"])
def test_index_error_names_index_axis_size_and_line(way):
    a, b = np.zeros(10), np.zeros(7)
    with pytest.raises(IndexError, match="index 7 is out of bounds for axis 0 with size 7") as caught:
        _run(way, a, b, np.zeros(10))
    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert frame.filename == __file__
    assert frame.line == "c[i] = a[i] + b[i]"


def test_python_numbers():
    function = njit(lambda a, b: a * b + 1)
    assert function(3, 4) == 13 and type(function(3, 4)) is int
    assert function(0.5, 4) == 3.0 and type(function(0.5, 4)) is float
    assert type(function(np.float32(2), 3)) is np.float32
    assert function.overload_count == 3


def test_refusal_points_at_the_line():
    def wrong(a):
        return a + "text"

    with pytest.raises(metate.errors.TypingError, match="return a \\+ \"text\""):
        njit(wrong)(1)


def test_unknown_option():
    with pytest.raises(TypeError, match="unknown option 'paralel'"):
        njit(paralel=True)(add)


def test_every_stage_can_be_looked_at():
    function = njit(add)
    function(np.zeros(3), np.zeros(3), np.zeros(3))
    array = metate.float64[::1]
    assert function.signatures == [(array, array, array)]
    assert "stage loop" in function.inspect_ir()[array, array, array]
    assert "fadd" in function.inspect_llvm()[array, array, array]
    assert "ret" in function.inspect_asm()[array, array, array]
    assert "OpEntryPoint Kernel" in kernel(add_item).inspect_spirv(np.zeros(3), np.zeros(3), np.zeros(3))


def test_many_kernels_in_one_process():
    # LLVM's back end carries state from one module to the next; each kernel has to come out right all the same.
    a = np.arange(40.0)
    for _ in range(30):
        c = np.zeros(20)

        def item(x, y, z):
            i = get_global_id(0)
            z[i] = x[i] + y[i]

        kernel(item)[20](a[::2], a[:20], c)
        np.testing.assert_array_equal(c, a[::2] + a[:20])
