"""argmin and argmax of rows longer than the blocks that they are searched in: the first of equals, the first nan."""

import numpy as np
import pytest

from metate import njit


def of_all(a):
    return a.argmin(), a.argmax()


def of_rows(a):
    return a.argmin(axis=1), a.argmax(-1), np.argmax(a, axis=1, keepdims=True)


def of_expression(a):
    return np.argmax(a * 2 + 1), np.argmin(a[::-1])


def check(function, *arrays):
    for parallel in (False, True):
        compiled = njit(function, parallel=parallel)
        for array in arrays:
            for mine, theirs in zip(compiled(array), function(array)):
                np.testing.assert_array_equal(mine, theirs)
                assert np.asarray(mine).dtype == np.asarray(theirs).dtype


@pytest.mark.parametrize("dtype", ["u1", "i4", "u8", "f4", "f8", "c16"])
def test_long_rows(dtype):
    numbers = np.random.default_rng(1)
    arrays = []
    for size in (1, 4095, 4096, 4097, 12_500):
        a = numbers.integers(0, 100, size).astype(dtype)
        arrays.append(a)
        for place in {0, size // 2, size - 1}:  # one extreme alone, wherever the blocks end
            b = a.copy()
            b[place] = 120
            arrays.append(b)
    check(of_all, *arrays)
    check(of_expression, *arrays)
    check(of_rows, *(a.reshape(1, -1) for a in arrays), *(np.stack([a, a[::-1], a]) for a in arrays))


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_the_first_nan(dtype):
    a = np.random.default_rng(2).random(20_000).astype(dtype)
    arrays = []
    for places in ([0], [19_999], [4096, 9000], [5000, 5001, 19_000]):
        b = a.copy()
        b[places] = np.nan
        arrays.append(b)
    arrays += [np.full(9000, np.nan, dtype), np.full(9000, np.inf, dtype), np.full(9000, -np.inf, dtype)]
    check(of_all, *arrays)
    check(of_rows, *(b.reshape(2, -1) for b in arrays))


def test_other_layouts():
    a = np.random.default_rng(3).integers(0, 50, (30, 400))
    check(of_all, a, a.T, a[::2, ::-3], np.asfortranarray(a))
    check(of_rows, a, a.T, a[::2, ::-3], np.asfortranarray(a))
