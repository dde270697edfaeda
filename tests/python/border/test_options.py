"""Options of the decorators: what is accepted, and what it does."""

import numpy as np
import pytest

from metate import jit, njit


def test_unknown_options_are_refused_with_the_known_ones():
    with pytest.raises(TypeError, match="unknown option 'fancy' .known: boundscheck, cache, .*parallel"):
        njit(fancy=True)(lambda x: x)


@pytest.mark.parametrize("options, why", [
    ({"forceobj": True}, "no object mode"),
    ({"looplift": True}, "no object mode"),
    ({"nopython": False}, "no object mode"),
    ({"locals": {"x": 1}}, "not supported"),
    ({"inline": "sometimes"}, "never"),
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
