"""Loops whose iterations may raise run in vectors, and still stop where Python stops."""

import math
import re

import numpy as np
import pytest

from metate import njit, prange


def logarithms(x, y):
    for i in range(len(x)):
        y[i] = math.log(x[i])


def exponentials(x, y):
    for i in range(len(x)):
        y[i] = math.exp(x[i]) + math.cosh(x[i])


def roots_in_place(x, y):
    for i in range(len(x)):
        x[i] = math.sqrt(x[i])


def roots_of_neighbours(x, y):
    for i in range(1, len(x)):
        x[i] = math.sqrt(x[i - 1] + x[i])


def to_the_next(x, y):
    for i in range(len(x) - 1):
        y[i] = x[i] - 0.25
        x[i + 1] = math.sqrt(x[i])


def with_conditions(x, y):
    for i in range(len(x)):
        if x[i] > 0.3:
            y[i] = math.log(x[i] - 0.3)
        elif x[i] < -0.5:
            raise ValueError("far below")
        else:
            y[i] = math.sqrt(x[i])


def summed(x, y):
    total = 0.0
    positive = 0
    for i in range(len(x)):
        total += math.sqrt(x[i])
        if x[i] > 0.5:
            positive += 1
        y[i] = total
    return total, positive


def of_rows(x, y):
    half = len(x) // 2
    a = x[: half * 2].reshape(2, half)
    b = y[: half * 2].reshape(2, half)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            b[i, j] = math.sqrt(a[i, j]) + math.log1p(a[i, j])


def divided(x, y):
    for i in range(len(x)):
        y[i] = 1.0 / math.floor(x[i] * 8 + 1)


PROGRAMS = [logarithms, exponentials, roots_in_place, roots_of_neighbours, to_the_next, with_conditions, summed, of_rows,
            divided]


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        return type(error), str(error)


def same(function, compiled, x, y):
    mine, theirs = (x.copy(), y.copy()), (x.copy(), y.copy())
    result, expected = outcome(compiled, *mine), outcome(function, *theirs)
    if isinstance(expected, tuple) and isinstance(expected[0], type):
        assert result == expected
    elif expected is not None:
        np.testing.assert_allclose(result, expected, rtol=1e-13)
    for array, other in zip(mine, theirs):
        np.testing.assert_allclose(array, other, rtol=1e-13)


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda function: function.__name__)
def test_stops_where_python_stops(function):
    compiled = njit(function)
    numbers = np.random.default_rng(1)
    for size in (0, 1, 15, 16, 17, 512, 1300):
        x, y = numbers.random(size) + 0.05, np.full(size, 7.0)
        same(function, compiled, x, y)
        for place in {0, size // 2, size - 1} if size else ():
            for value in (-1.0, 0.0, np.nan, np.inf, 709.5, 709.9, 711.0):
                bad = x.copy()
                bad[place] = value
                if function is divided and not math.isfinite(value):
                    continue
                same(function, compiled, bad, y)


@pytest.mark.parametrize("function", [logarithms, exponentials, to_the_next])
@pytest.mark.parametrize("shift", [0, 1, 3, 600])
def test_arrays_that_overlap(function, shift):
    compiled = njit(function)
    memory = np.random.default_rng(2).random(1500) * 0.5 + 0.75
    for forwards in (False, True):
        mine, theirs = memory.copy(), memory.copy()
        for run, array in ((compiled, mine), (function, theirs)):
            low, high = array[: 1500 - shift], array[shift:]
            outcome(run, *((low, high) if forwards else (high, low)))
        np.testing.assert_allclose(mine, theirs, rtol=1e-13)


def test_elements_that_share_memory():
    memory = np.random.default_rng(3).random(1500) + 0.5
    mine, theirs = memory.copy(), memory.copy()
    for run, array in ((njit(roots_in_place), mine), (roots_in_place, theirs)):
        run(np.lib.stride_tricks.as_strided(array, (1400,), (0,)), array)
    np.testing.assert_allclose(mine, theirs, rtol=1e-13)


def parallel_total(x):
    total = 0.0
    for i in prange(len(x)):
        total += math.log(x[i])
    return total


def parallel_each(x, y):
    for i in prange(len(x)):
        y[i] = math.exp(x[i])


def test_parallel_loops():
    x = np.random.default_rng(4).random(50_000) + 0.1
    compiled = njit(parallel_total, parallel=True)
    assert compiled(x) == pytest.approx(parallel_total(x), rel=1e-12)
    x[40_000] = 0.0
    with pytest.raises(ValueError, match="math domain error"):
        compiled(x)
    y = np.zeros_like(x)
    compiled = njit(parallel_each, parallel=True)
    compiled(x, y)
    np.testing.assert_allclose(y, np.exp(x), rtol=1e-14)
    x[40_000] = 1e3
    with pytest.raises(OverflowError, match="math range error"):
        compiled(x, y)


@pytest.mark.parametrize("function", [logarithms, exponentials, roots_in_place, of_rows])
def test_the_iterations_are_vectors(function):
    compiled = njit(function)
    compiled(np.ones(100), np.ones(100))
    (code,) = compiled.inspect_llvm().values()
    assert re.search(r"(call|sqrt|fsub|fadd).*<\d+ x double>", code)
