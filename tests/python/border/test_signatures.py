"""Declared signatures: how they are spelled, what arguments they take, what comes back."""

import traceback

import numpy as np
import pytest

import metate
from metate import float32, float64, int32, int64, njit, types, void
from metate.errors import TypingError


@pytest.mark.parametrize("signature", ["float64(float64, float64)", float64(float64, float64), (float64, float64)])
def test_spellings(signature):
    @njit(signature)
    def add(a, b):
        return a + b

    assert add.signatures == [(float64, float64)]
    result = add(1, 2)
    assert type(result) is float and result == 3.0


def test_the_first_that_takes_the_arguments_without_loss():
    @njit([int32(int32), float64(float64)])
    def twice(x):
        return x * 2

    assert twice(np.int32(3)) == 6 and type(twice(np.int32(3))) is np.int32
    assert type(twice(np.int16(3))) is np.int32
    assert type(twice(2.5)) is float
    assert type(twice(np.float32(2.5))) is float
    assert type(twice(np.int64(3))) is float  # int64 to int32 could lose digits
    assert type(twice(3)) is np.int32  # a Python int has no size
    with pytest.raises(OverflowError):
        twice(2**40)


def test_a_float_is_no_integer():
    @njit("int64(int64)")
    def f(x):
        return x

    with pytest.raises(TypingError, match=r"f\(\) is not declared for \(a float\); it is declared for \(an int\)"):
        f(1.5)
    assert f(True) == 1


def test_results_are_converted():
    @njit("int32(float64)")
    def floor_of(x):
        return x / 2

    assert floor_of(5.0) == 2 and type(floor_of(5.0)) is np.int32

    @njit("complex128(float64)")
    def as_complex(x):
        return x

    assert as_complex(2.0) == 2 + 0j and type(as_complex(2.0)) is complex


def test_results_that_cannot_be_what_is_declared():
    with pytest.raises(TypingError, match="its result is declared as a float"):
        njit("float64(float64)")(lambda x: (x, x))
    with pytest.raises(TypingError, match="its result is declared as None"):
        njit(void(float64))(lambda x: x)


@pytest.mark.parametrize("spelled, layouts", [("[:, :]", "CFA"), ("[:, ::1]", "C"), ("[::1, :]", "F")])
def test_array_layouts(spelled, layouts):
    @njit(f"float64(float64[{spelled[1:-1]}])")
    def first(x):
        return x[0, 1]

    square = np.arange(16.0).reshape(4, 4)
    arrays = {"C": square, "F": np.asfortranarray(square), "A": np.repeat(square, 2, axis=1)[:, ::2]}
    for layout, array in arrays.items():
        if layout in layouts:
            assert first(array) == 1.0
        else:
            with pytest.raises(TypingError):
                first(array)
    assert len(first._signatures()) == 1  # nothing was compiled again


def test_arrays_are_written_and_returned():
    @njit("float32[:](float32[:], float32)")
    def scale(x, by):
        for i in range(len(x)):
            x[i] *= by
        return x

    x = np.arange(4, dtype=np.float32)
    assert scale(x, 2.0) is x
    assert x.tolist() == [0, 2, 4, 6]
    x.flags.writeable = False
    with pytest.raises(TypingError):
        scale(x, 2.0)
    with pytest.raises(TypingError):
        scale(np.arange(4), 2.0)


def test_tuples():
    @njit("UniTuple(int64, 2)(Tuple((int64, float64)))")
    def both(pair):
        return pair[0], pair[0] + 1

    assert both((3, 2)) == (3, 4)


def test_calls_between_compiled_functions_convert_too():
    @njit("float64(float64, float64)")
    def divide(a, b):
        return a / b

    @njit
    def caller(a, b):
        return divide(a, b)

    assert type(caller(np.float32(1), 2)) is float
    with pytest.raises(TypingError, match="is not declared for"):
        caller(1j, 2)


def test_defaults_keywords_and_rest():
    @njit("float64(float64, float64)")
    def add(a, b=2):
        return a + b

    assert add(1, b=5) == 6.0
    assert add(1) == 3.0

    @njit("int64(int64, int64, int64)")
    def total(first, *rest):
        return first + rest[0] * rest[1]

    assert total(1, 2, 3) == 7


def test_recursion_before_the_name_is_bound():
    @njit("int64(int64)")
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    assert fib(15) == 610


def test_wrong_counts():
    with pytest.raises(ValueError, match="1 argument types is declared for a function of 2 parameters"):
        njit("float64(float64)")(lambda x, y: x)


@pytest.mark.parametrize("text, why", [
    ("float64(float64", "never closed"),
    ("float65(int32)", "'float65' is not defined"),
    ("float64", "without arguments"),
    ("float64[2](int32)", "one slice an axis"),
    ("int32[::1, ::1](int32)", "last axis"),
    ("float64(3)", "no signature|not"),
    ("__import__('os')", "not defined"),
])
def test_bad_signatures(text, why):
    with pytest.raises(TypeError, match=why):
        njit(text)(lambda x: x)


def test_no_frame_between_caller_and_function():
    @njit("int64(int64, int64)")
    def divide(a, b):
        return a // b

    with pytest.raises(ZeroDivisionError) as caught:
        divide(1, 0)
    assert [entry.name for entry in traceback.extract_tb(caught.value.__traceback__)][1:] == ["divide"]


def test_types_as_objects():
    assert types.UniTuple(int64, 2) == types.Tuple((int64, int64))
    assert float64[:, ::1] == types.Array(float64, 2, "C") and float64[:] != float64[::1]
    assert repr(float32[::1, :]) == "float32[::1, :]"
    assert repr(float64(int32, int64)) == "(int32, int64) -> float64"
    assert metate.from_dtype("f4") is float32 and metate.as_dtype(int32) == np.dtype("i4")
    assert float32(1.5) == np.float32(1.5)
    with pytest.raises(TypeError):
        metate.from_dtype("O")


def test_number_types_in_compiled_code():
    @njit
    def narrow(x):
        return float32(x)

    assert type(narrow(1)) is np.float32


def test_lazy_signatures():
    @njit
    def f(x, y):
        return x

    f.compile((float64, int64))
    assert f.signatures == [(float64, int64)]
    f(1.0, 2)
    assert len(f.signatures) == 1
    f(np.zeros((2, 3)), (1, np.float32(2)))
    assert f.signatures[1] == (float64[:, ::1], types.Tuple((int64, float32)))
