"""MT4003: a prange loop whose iterations may touch the same element is warned of, with both places."""

import warnings

import numpy as np
import pytest

from metate import njit, prange
from metate.errors import MetateWarning


def messages(function, *arguments):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        njit(parallel=True)(function)(*arguments)
    assert all(issubclass(warning.category, MetateWarning) for warning in caught)
    return [str(warning.message) for warning in caught]


def histogram(x, bins):
    for i in prange(len(x)):
        bins[x[i]] += 1


def last_one(x):
    for i in prange(len(x)):
        x[0] = i


def shift(x):
    for i in prange(len(x) - 1):
        x[i] = x[i + 1]


def inner_only(x):
    for i in prange(3):
        for j in range(x.shape[1]):
            x[0, j] = i


def test_a_race_is_warned_of_with_both_accesses():
    (message,) = messages(shift, np.zeros(5))
    line = shift.__code__.co_firstlineno
    assert "MT4003: iterations of this prange loop may write 'x' at the same place" in message
    assert f"test_races.py:{line + 1}" in message
    assert "x[i] = x[i + 1]" in message
    assert "one iteration writes here" in message
    assert "another may read here" in message


@pytest.mark.parametrize(
    "function, arguments",
    [
        (histogram, (np.zeros(4, int), np.zeros(3))),
        (last_one, (np.zeros(4),)),
        (inner_only, (np.zeros((3, 4)),)),
    ],
)
def test_races(function, arguments):
    (message,) = messages(function, *arguments)
    assert "MT4003" in message
    assert "write" in message


def elementwise(x, y):
    for i in prange(1, len(x), 2):
        x[i] = y[i - 1] + x[i]


def even_and_odd(x):
    for i in prange(len(x) // 2):
        x[2 * i] = i
        x[2 * i + 1] = -i


def rows(x):
    for i in prange(x.shape[0]):
        for j in range(1, x.shape[1]):
            x[i, j] += x[i, j - 1]
        x[i] *= 2


def steps(x, start, step):
    for i in prange(start, len(x), step):
        x[i] = i


def private(x):
    for i in prange(len(x)):
        t = np.zeros(3)
        t[0] = x[i]
        t[1] = t[0] + 1
        x[i] = t.sum()


def accumulated(x):
    s = np.zeros(x.shape[1])
    for i in prange(len(x)):
        s += x[i]
    return s


def expression(x):
    x[:] = x + 1
    x[1:] = x[:-1]


@pytest.mark.parametrize(
    "function, arguments",
    [
        (elementwise, (np.zeros(5), np.zeros(5))),
        (even_and_odd, (np.zeros(6),)),
        (rows, (np.zeros((3, 4)),)),
        (steps, (np.zeros(9), 1, 3)),
        (private, (np.zeros(3),)),
        (accumulated, (np.zeros((3, 2)),)),
        (expression, (np.zeros(4),)),
    ],
)
def test_no_races(function, arguments):
    assert messages(function, *arguments) == []
