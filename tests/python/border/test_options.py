"""Options of the decorators: what is accepted, and what it does."""

import math

import numpy as np
import pytest

from metate import boolean, complex128, float32, float64, int8, int64, jit, njit, types


def test_unknown_options_are_refused_with_the_known_ones():
    with pytest.raises(TypeError, match="unknown option 'fancy' .known: boundscheck, cache, .*parallel"):
        njit(fancy=True)(lambda x: x)


@pytest.mark.parametrize("options, why", [
    ({"forceobj": True}, "no object mode"),
    ({"looplift": True}, "no object mode"),
    ({"nopython": False}, "no object mode"),
    ({"locals": {"x": 1}}, "gives local variables the types of numbers"),
    ({"locals": {"x": float64[:]}}, "gives local variables the types of numbers"),
    ({"locals": {"y": float64}}, "names 'y', which is no local variable"),
    ({"nogil": "yes"}, "takes a bool"),
    ({"target": "cuda"}, "cpu"),
    ({"parallel": {"prange": False}}, "cannot turn off"),
    ({"parallel": {"magic": True}}, "has no part 'magic'"),
])
def test_options_that_make_no_sense(options, why):
    with pytest.raises(TypeError, match=why):
        njit(**options)(lambda x: x)


@pytest.mark.parametrize("options", [
    {"fastmath": {"magic"}}, {"fastmath": 3}, {"error_model": "fortran"}, {"boundscheck": "maybe"}, {"parallel": 2},
    {"inline": "sometimes"}, {"inline": True},
])
def test_values_that_make_no_sense(options):
    with pytest.raises((TypeError, ValueError), match=f"'{next(iter(options))}'"):
        njit(**options)(lambda x: x)


def test_accepted_without_effect_on_results():
    @njit(nogil=True, cache=True, inline="always", debug=True, nopython=True, forceobj=False, locals={},
          parallel={"prange": True}, boundscheck=None)
    def f(x):
        return x + 1

    assert f(1) == 2
    assert jit(lambda x: x)(3) == 3


def test_fastmath_flags_are_in_the_code():
    def f(x, y):
        return x * y + x

    assert " fast " in _llvm(njit(fastmath=True)(f))
    assert " nnan " in _llvm(njit(fastmath={"nnan"})(f))
    plain = _llvm(njit(f))
    assert " fast " not in plain and " nnan " not in plain


def _llvm(dispatcher):
    dispatcher(1.0, 2.0)
    return next(iter(dispatcher.inspect_llvm().values()))


def test_one_function_with_several_sets_of_options():
    def divide(a, b):
        return a / b

    python, numpy = njit(divide, error_model="python"), njit(divide, error_model="numpy")
    with pytest.raises(ZeroDivisionError):
        python(np.float64(1), np.float64(0))
    assert numpy(1.0, 0.0) == np.inf
    with pytest.raises(ZeroDivisionError):
        njit(divide)(1.0, 0.0)
    assert njit(divide)(np.float64(1), np.float64(0)) == np.inf


def test_boundscheck():
    def get(x, i):
        return x[i]

    with pytest.raises(IndexError):
        njit(get)(np.arange(3), 3)
    owner = np.arange(4)
    assert njit(get, boundscheck=False)(owner[:3], 3) == 3


@pytest.mark.parametrize("what", [3, print, "text("])
def test_only_python_functions(what):
    with pytest.raises(TypeError):
        njit(what)(lambda: 0)


def test_not_twice():
    f = njit(lambda x: x)
    with pytest.raises(TypeError, match="py_func"):
        njit(f)


def _callee(**options):
    """Called twice, and too large for LLVM to inline on its own."""

    @njit(**options)
    def long_sum(x):
        total = 0.0
        total += math.sin(x) * math.exp(x) + math.cos(x) * math.log(x)
        total += math.sin(total) * math.exp(x) + math.cos(total) * math.log(x + 1)
        total += math.sin(total) * math.exp(x) + math.cos(total) * math.log(x + 2)
        total += math.sin(total) * math.exp(x) + math.cos(total) * math.log(x + 3)
        return total

    @njit
    def twice(x, y):
        return long_sum(x) + long_sum(y)

    assert twice(1.0, 2.0) == long_sum.py_func(1.0) + long_sum.py_func(2.0)
    return next(iter(twice.inspect_llvm().values()))


def test_inline():
    assert "@long_sum" in _callee() and "@long_sum" in _callee(inline="never")
    assert "@long_sum" not in _callee(inline="always")
    assert "@long_sum" not in _callee(forceinline=True)


def test_inline_of_a_recursive_function():
    @njit(inline="always")
    def factorial(n):
        return 1 if n < 2 else n * factorial(n - 1)

    assert njit(lambda n: factorial(n))(10) == 3628800


def test_types_of_local_variables():
    def mean(x):
        total = 0
        for value in x:
            total += value
        count = len(x)
        return total, count

    x = np.arange(4.0)
    assert [type(one) for one in njit(mean)(x)] == [np.float64, int]
    narrow = njit(mean, locals={"total": float32, "count": int8})(x)
    assert narrow == (6, 4) and [type(one) for one in narrow] == [np.float32, np.int8]
    assert njit(mean, locals={"total": int64})(x + 0.75) == (6, 4)  # truncated in each iteration


@pytest.mark.parametrize("number", [boolean, int64, float64, complex128, float32, int8, types.complex64])
def test_conversions_of_local_variables(number):
    def f(x):
        y = x
        return y

    result = njit(f, locals={"y": number})(1)
    assert result == 1
    assert type(result) is {boolean: bool, int64: int, float64: float, complex128: complex}.get(number, number.dtype.type)


def test_locals_of_one_function_in_two_ways():
    def f(x):
        y = x
        return y

    assert type(njit(f, locals={"y": float32})(1)) is np.float32
    assert type(njit(f, locals={"y": int8})(1)) is np.int8
    assert njit(f)(1.5) == 1.5
    with pytest.raises(TypeError, match=r"int\(\) cannot be a complex"):
        njit(f, locals={"y": int64})(1j)


def test_the_part_of_numba_dppy():
    total = njit(parallel={"offload": True})(lambda x: x.sum())
    assert total(np.arange(4.0)) == 6 and njit(parallel={"offload": True, "prange": True})(lambda x: x + 1)(1) == 2
