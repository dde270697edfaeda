"""Loops whose conditions became selects, and comparisons of moduli, compute what Python computes."""

import math

import numpy as np
import pytest

from metate import njit


def life(board, after):
    n, m = board.shape
    for i in range(1, n - 1):
        for j in range(1, m - 1):
            around = (
                board[i - 1, j - 1] + board[i - 1, j] + board[i - 1, j + 1]
                + board[i, j - 1] + board[i, j + 1]
                + board[i + 1, j - 1] + board[i + 1, j] + board[i + 1, j + 1]
            )
            after[i, j] = 1 if around == 3 or (around == 2 and board[i, j] == 1) else 0


def clipped(x, low, high, out):
    inside = 0
    for i in range(len(x)):
        v = x[i]
        if v < low:
            v = low
        elif v > high:
            v = high
        else:
            inside += 1
        out[i] = v
    return inside


def neighbours(x, out):
    for i in range(len(x)):
        left = x[i - 1] if i > 0 else 0.0
        right = x[i + 1] if i < len(x) - 1 else 0.0
        if left > right and (left > x[i] or not right < x[i]):
            out[i] = left
        elif i % 2 == 0:
            out[i] = -right


def first_above(x, limit):
    for i in range(len(x)):
        if x[i] > limit and i != 2:
            return i
    return -1


@pytest.mark.parametrize("size", [0, 1, 2, 3, 17, 100])
def test_conditions(size):
    x = np.random.default_rng(size).normal(size=size)
    for function, arguments in ((clipped, (x, -0.5, 0.5, np.zeros(size))), (neighbours, (x, np.zeros(size)))):
        expected, got = arguments[-1].copy(), arguments[-1].copy()
        assert njit(function)(*arguments[:-1], got) == function(*arguments[:-1], expected)
        np.testing.assert_array_equal(got, expected)
    assert njit(first_above)(x, 0.7) == first_above(x, 0.7)


def test_life():
    board = (np.random.default_rng(3).random((30, 41)) < 0.4).astype(np.uint8)
    expected, got = np.zeros_like(board), np.zeros_like(board)
    life(board, expected)
    njit(life)(board, got)
    np.testing.assert_array_equal(got, expected)


@njit
def compare(z):
    return abs(z) <= 2.0, abs(z) < 2, abs(z) > 2.0, 2.0 <= abs(z)


def test_moduli_near_the_limit():
    values = [0j, 2 + 0j, -2j, complex(math.sqrt(2), math.sqrt(2)), complex(1.2, 1.6), complex(-1.6, 1.2), 3 + 4j,
              complex(math.inf, math.nan), complex(math.nan, 1), complex(1e-320, 0), complex(1e200, 1e200)]
    for angle in np.linspace(0, 6.3, 500):
        for radius in (2.0, math.nextafter(2.0, 3.0), math.nextafter(2.0, 1.0), 1.9999, 2.0001):
            values.append(complex(radius * math.cos(angle), radius * math.sin(angle)))
    differing = sum(compare(z) != compare.py_func(z) for z in values)
    # The C library's hypot, which CPython asks, is off by one unit in the last place now and then.
    assert differing <= len(values) // 100
    with pytest.raises(OverflowError, match="absolute value too large"):
        compare(complex(1.5e308, 1.5e308))


def test_moduli_are_rounded_well():
    numbers = np.random.default_rng(5)
    exponents = numbers.uniform(-1020, 1020, 4000)
    z = 2.0**exponents * np.exp(1j * numbers.uniform(0, 6.3, 4000))

    @njit
    def moduli(z, out):
        for i in range(len(z)):
            out[i] = np.abs(z[i])

    out = np.zeros(len(z))
    moduli(z, out)
    exact = np.hypot(z.real.astype(np.longdouble), z.imag.astype(np.longdouble))
    assert np.max(np.abs(out - exact) / np.spacing(out)) < 0.51
