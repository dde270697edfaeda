"""test_inlined_calls – small functions become part of their callers, and nobody can tell but by the time it takes."""

import math
import traceback

import numpy as np
import pytest
from metate import njit, prange


@njit
def square_and_one(x):
    return x * x + 1.0


@njit
def logarithm(x):
    return math.log(x)


@njit
def element(x, i):
    return x[i]


@njit
def outer(x, i):
    return logarithm(element(x, i))


@njit
def smaller_first(a, b):
    if a < b:
        return a, b
    return b, a


@njit
def put(x, i, value):
    x[i] = value


@njit
def positive(x):
    if x <= 0:
        raise ValueError(f"{x} is not positive")
    return x


@njit(fastmath=True)
def fast_sum(a, b, c):
    return a + b + c


def calls_of(function):
    return [text for text in function.inspect_ir().values() if " call @" in text]


def test_calls_in_loops():
    @njit
    def squares(x, out):
        for i in range(len(x)):
            out[i] = square_and_one(x[i])

    x = np.arange(100.0)
    out = np.zeros(100)
    squares(x, out)
    assert np.array_equal(out, x * x + 1)
    assert calls_of(squares) == []


def test_vectors_reach_through_calls():
    """The loop has no poll for Ctrl-C and no check, so LLVM makes vectors of it."""
    @njit
    def squares(x, out):
        for i in range(len(x)):
            out[i] = square_and_one(x[i])

    squares(np.ones(3), np.ones(3))
    assert any(" x double> " in text for text in squares.inspect_llvm().values())


def test_traceback_has_all_functions():
    @njit
    def run(x):
        total = 0.0
        for i in range(len(x)):
            total += outer(x, i)
        return total

    assert run(np.ones(4)) == 0
    with pytest.raises(ValueError, match="math domain error") as caught:
        run(np.array([1.0, 1.0, -1.0]))
    assert [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)][1:] == ["run", "outer", "logarithm"]
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert frames[-1].line == "return math.log(x)"
    assert frames[-2].line == "return logarithm(element(x, i))"
    assert calls_of(run) == []


def test_traceback_of_an_index():
    @njit
    def beyond(x):
        return element(x, len(x)) + 1

    with pytest.raises(IndexError, match="index 3 is out of bounds for axis 0 with size 3") as caught:
        beyond(np.ones(3))
    assert [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)][1:] == ["beyond", "element"]


def test_messages_of_inlined_code():
    @njit
    def counted(x):
        total = 0.0
        for i in prange(len(x)):
            total += positive(x[i])
        return total

    assert counted(np.ones(10)) == 10
    with pytest.raises(ValueError, match="-2.0 is not positive"):
        counted(np.array([1.0, -2.0, 3.0]))


def test_tuples_branches_and_stores():
    @njit
    def sort_pairs(x):
        for i in range(0, len(x) - 1, 2):
            low, high = smaller_first(x[i], x[i + 1])
            put(x, i, low)
            put(x, i + 1, high)

    x = np.random.default_rng(1).random(100)
    expected = np.sort(x.reshape(-1, 2), axis=1).ravel()
    sort_pairs(x)
    assert np.array_equal(x, expected)
    assert calls_of(sort_pairs) == []


@pytest.mark.parametrize("parallel", [False, True])
def test_same_bits_as_written_out(parallel):
    @njit(parallel=parallel)
    def called(x, out):
        for i in prange(len(x)):
            out[i] = logarithm(square_and_one(x[i])) / square_and_one(-x[i])

    @njit(parallel=parallel)
    def written(x, out):
        for i in prange(len(x)):
            out[i] = math.log(x[i] * x[i] + 1.0) / (-x[i] * -x[i] + 1.0)

    x = np.random.default_rng(2).random(5000)
    one, two = np.zeros(5000), np.zeros(5000)
    called(x, one)
    written(x, two)
    assert np.array_equal(one, two)


def test_other_options_stay_calls():
    @njit
    def exact(a, b, c):
        return fast_sum(a, b, c)

    assert exact(1.0, 2.0, 3.0) == 6.0
    assert calls_of(exact) != []


def test_recursion_stays_a_call():
    @njit
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    @njit
    def doubled(n):
        return 2 * fibonacci(n)

    assert doubled(15) == 1220
    assert calls_of(doubled) != []
