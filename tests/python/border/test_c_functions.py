"""C functions: cfunc makes them, compiled code calls them."""

import ctypes
import ctypes.util
import math
import pickle
import sys
import threading

import numpy as np
import pytest

from metate import carray, cfunc, farray, float64, int32, kernel, njit, types
from metate.errors import TypingError

LIBM = ctypes.CDLL(ctypes.util.find_library("m") or "libm.so.6")
LIBC = ctypes.CDLL(None)

cosine = LIBM.cos
cosine.argtypes, cosine.restype = [ctypes.c_double], ctypes.c_double
scale = LIBM.ldexpf
scale.argtypes, scale.restype = [ctypes.c_float, ctypes.c_int], ctypes.c_float
absolute = LIBC.abs
absolute.argtypes, absolute.restype = [ctypes.c_int], ctypes.c_int
copy = LIBC.memcpy
copy.argtypes, copy.restype = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t], ctypes.c_void_p
fraction = LIBM.modf
fraction.argtypes, fraction.restype = [ctypes.c_double, ctypes.POINTER(ctypes.c_double)], ctypes.c_double
seed = LIBC.srand
seed.argtypes, seed.restype = [ctypes.c_uint], None


@cfunc("float64(float64, int32)")
def power(x, n):
    return x**n


@cfunc(types.float64(types.int64, types.CPointer(float64)))
def total(n, values):
    array = carray(values, n)
    result = 0.0
    for value in array:
        result += value
    return result


@cfunc("int64(int64, int64)")
def divide(a, b):
    return a // b


def test_address_and_ctypes():
    assert power.ctypes(2.0, 10) == 1024.0
    assert ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_int32)(power.address)(3.0, 2) == 9.0
    assert power(2.0, 3) == 8.0 and power.py_func(2.0, 3) == 8.0
    assert "power" in power.native_name and "define" in power.inspect_llvm() and "cfunc power" in repr(power)
    assert pickle.loads(pickle.dumps(power)) is power


@pytest.mark.parametrize("name", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32",
                                  "float64", "boolean"])
def test_every_number_there_and_back(name):
    same = cfunc(f"{name}({name})")(lambda x: x)
    dtype = getattr(types, name).dtype
    values = [0, 1] if dtype.kind == "b" else [0.5, -2.25] if dtype.kind == "f" else [np.iinfo(dtype).min, np.iinfo(dtype).max]
    for value in values:
        assert same.ctypes(value) == value

    address = same.ctypes

    @njit
    def call(x):
        return address(x)

    for value in values[:1] if dtype == np.uint64 else values:
        assert call(dtype.type(value)) == value


def test_pointers():
    values = np.arange(5.0)
    pointer = values.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
    assert total.ctypes(5, pointer) == 10.0
    assert total(5, pointer) == 10.0  # carray() works in Python too

    @cfunc("void(CPointer(int32), int64, int64)")
    def fill(out, n, m):
        array = farray(out, (n, m))
        for i in range(n):
            for j in range(m):
                array[i, j] = 10 * i + j

    memory = np.zeros((3, 2), np.int32)
    assert fill.ctypes(memory.ctypes.data_as(ctypes.POINTER(ctypes.c_int32)), 2, 3) is None
    assert memory.T.tolist() == [[0, 1, 2], [10, 11, 12]]


def test_an_exception_is_reported_and_zero_comes_back(monkeypatch):
    reported = []
    monkeypatch.setattr(sys, "unraisablehook", reported.append)
    assert divide.ctypes(7, 2) == 3
    assert divide.ctypes(7, 0) == 0
    assert [one.exc_type for one in reported] == [ZeroDivisionError] and "divide" in str(reported[0].object)


def test_a_callback_without_the_interpreter_lock():
    results = []
    threads = [threading.Thread(target=lambda: results.append(power.ctypes(2.0, 5))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [32.0] * 8


def test_sorting_with_a_compiled_comparison():
    sort = LIBC.qsort
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_double))

    @cfunc("int32(CPointer(float64), CPointer(float64))")
    def order(a, b):
        x, y = carray(a, 1)[0], carray(b, 1)[0]
        return -1 if x < y else 1 if x > y else 0

    values = np.random.default_rng(0).random(100)
    expected = np.sort(values)
    sort.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, compare]
    sort.restype = None
    sort(values.ctypes.data, len(values), 8, compare(order.address))
    np.testing.assert_array_equal(values, expected)


@pytest.mark.parametrize("signature, why", [
    ("(float64,)", "result type"), ("complex128(float64)", "real numbers"), ("float64(float64[:])", "real numbers"),
    ("float64(", "cannot read"),
])
def test_signatures_that_c_has_not(signature, why):
    with pytest.raises(TypeError, match=why):
        cfunc(signature)(lambda x: x)


def test_calling_c():
    @njit
    def f(x, n):
        return cosine(x), scale(np.float32(x), n), absolute(-n)

    result = f(0.5, 3)
    assert result == (math.cos(0.5), 4.0, 3) and [type(part) for part in result] == [float, float, int]
    assert f(1, 3)[0] == math.cos(1)
    with pytest.raises(OverflowError):
        f(0.5, 2**40)


def test_calling_c_in_loops():
    @njit(parallel=True)
    def f(x):
        total = 0.0
        for value in x:
            total += cosine(value)
        return total

    x = np.linspace(0, 1, 1000)
    assert f(x) == pytest.approx(np.cos(x).sum())


def test_pointers_to_c():
    @njit
    def split(x):
        whole = np.empty(1)
        return fraction(x, whole), whole[0], fraction(x, whole.ctypes)

    assert split(2.75) == (0.75, 2.0, 0.75)

    @njit
    def clone(x):
        y = np.empty_like(x)
        copy(y, x, x.nbytes)
        seed(3)
        return y

    x = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(clone(x), x)


def test_calling_a_callback():
    @njit
    def f(x):
        return power(x, 2) + pointer(x, 3)

    pointer = power.ctypes
    assert f(3.0) == 9.0 + 27.0

    def python(x, n):
        calls.append(n)
        return x + n

    calls = []
    in_python = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_int)(python)

    @njit
    def g(x):
        return in_python(x, 1)

    assert g(2.0) == 3.0 and calls == [1]


def test_what_c_cannot_take():
    for wrong in (lambda x: cosine(x, x), lambda x: cosine("text"), lambda x: absolute(1.5), lambda x: fraction(x, x),
                  lambda x: fraction(x, np.empty(3, "f4")), lambda x: cosine(x=x)):
        with pytest.raises(TypingError):
            njit(wrong)(1.0)


def test_functions_without_types_and_pythons_own():
    unknown = LIBM.sin
    with pytest.raises(TypingError, match="unknown|argtypes|cannot use"):
        njit(lambda x: unknown(x))(1.0)
    api = ctypes.pythonapi.PyErr_Clear
    api.argtypes = []
    with pytest.raises(TypingError):
        njit(lambda: api())()


def test_no_c_in_kernels():
    @kernel
    def k(x):
        x[0] = cosine(x[0])

    with pytest.raises(TypingError, match="cannot be used in a kernel"):
        k[1](np.zeros(1))


def test_integers_narrower_than_int():
    same = cfunc(int32(types.int8, types.uint8))(lambda a, b: np.int32(a) * 1000 + b)
    assert same.ctypes(-1, 255) == -745


class ByAddress(types.WrapperAddressProtocol):
    def __init__(self, function, signature):
        self.address, self.types = ctypes.cast(function, ctypes.c_void_p).value, signature

    def __wrapper_address__(self):
        return self.address

    def signature(self):
        return self.types


cosine_at, fraction_at = ByAddress(LIBM.cos, float64(float64)), ByAddress(LIBM.modf, "float64(float64, CPointer(float64))")
seed_at, copy_at = ByAddress(LIBC.srand, "void(uint32)"), ByAddress(LIBC.memcpy, "CPointer(void)(CPointer(void), CPointer(void), uint64)")


def test_by_address():
    @njit
    def call(x, whole):
        seed_at(3)
        return cosine_at(x), fraction_at(x, whole), copy_at(whole[1:], whole, 8) != 0

    whole = np.zeros(2)
    assert call(2.75, whole) == (math.cos(2.75), 0.75, True)
    assert whole.tolist() == [2.0, 2.0]


def test_what_cannot_be_called_by_address():
    without_result, with_array = ByAddress(LIBM.cos, (float64,)), ByAddress(LIBM.cos, "float64(float64[:])")
    with pytest.raises(TypingError, match="no result type"):
        njit(lambda x: without_result(x))(1.0)
    with pytest.raises(TypingError, match=r"not float64\[:\]"):
        njit(lambda x: with_array(x))(1.0)
