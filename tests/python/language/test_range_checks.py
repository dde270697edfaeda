"""Range checks that were removed or moved out of loops: results, errors and what was written before an error are
Python's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metate import njit, prange


def compare(python, compiled, *arguments):
    """Both ways on copies of the arguments: the same result or exception, and the same arrays behind."""
    states = []
    for function in (python, compiled):
        mine = [value.copy() if isinstance(value, np.ndarray) else value for value in arguments]
        try:
            outcome = function(*mine)
        except IndexError:
            outcome = "IndexError"
        states.append((outcome, mine))
    (expected, left), (result, right) = states
    assert result == expected
    for mine, theirs in zip(right, left):
        np.testing.assert_array_equal(mine, theirs)


def shifted(source, target, start, stop, step, shift):
    last = -1
    for i in range(start, stop, step):
        target[i + shift] = source[i] + 1.0
        last = i
    return last


small = st.integers(-12, 12)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 9), st.integers(0, 9), small, small, st.sampled_from([-3, -1, 1, 2]), st.integers(-3, 3))
def test_any_range(n, m, start, stop, step, shift):
    compare(shifted, shifted_compiled, np.arange(n) * 1.0, np.zeros(m), start, stop, step, shift)


shifted_compiled = njit(shifted)


def stencil(u, v):
    for i in range(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            v[i, j] = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]


stencil_compiled = njit(stencil)


@settings(deadline=None, max_examples=100)
@given(*[st.integers(0, 6)] * 4)
def test_two_arrays_of_different_shapes(n, m, p, q):
    compare(stencil, stencil_compiled, np.arange(1.0 * n * m).reshape(n, m), np.zeros((p, q)))


def guarded(x, n):
    total = 0.0
    for i in range(n):
        if i > 0 and i + 1 < len(x):
            total += x[i - 1] + x[i + 1]
        if total > 40.0:
            break
    return total, i if n > 0 else -1


guarded_compiled = njit(guarded)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 9), small)
def test_conditions_and_break(size, n):
    compare(guarded, guarded_compiled, np.arange(1.0 * size), n)


def downwards(x, n):
    total = 0.0
    i = n
    while i >= 0:
        total = total * 3.0 + x[i]
        i -= 1
    return total, i


def halves(x):
    for i in range(0, len(x), 2):
        x[i // 2] = x[i] + x[(i + 1) % 4]


def windows(x, width):
    best = -1.0
    for i in range(len(x) - width + 1):
        inside = 0.0
        for j in range(width):
            inside += x[i + j]
        best = max(best, inside)
    return best


@pytest.mark.parametrize("function", [downwards, windows])
def test_loops_with_a_number(function):
    compiled = njit(function)
    for size in range(6):
        for n in range(-8, 9):
            compare(function, compiled, np.arange(1.0 * size), n)


def test_divisions():
    compiled = njit(halves)
    for size in range(9):
        compare(halves, compiled, np.arange(1.0 * size))


def at_the_ends(x, n):
    total = 0.0
    for i in range(n - 2, n):
        total += x[i + 3 - n]
    return total


def test_numbers_at_the_ends_of_int64_do_not_pass_for_small_ones():
    compiled = njit(at_the_ends)
    for n in (2, 5, 2**63 - 1, -(2**63) + 2):
        compare(at_the_ends, compiled, np.arange(4.0), n)


@njit(parallel=True)
def parallel_rows(u, v):
    for i in prange(u.shape[0]):
        for j in range(u.shape[1]):
            v[i, j] = 2.0 * u[i, j]


def test_parallel_loops():
    u = np.arange(12.0).reshape(3, 4)
    v = np.zeros((3, 4))
    parallel_rows(u, v)
    np.testing.assert_array_equal(v, 2 * u)
    with pytest.raises(IndexError, match="axis 1"):
        parallel_rows(u, np.zeros((3, 3)))
    with pytest.raises(IndexError, match="axis 0"):
        parallel_rows(u, np.zeros((2, 4)))


def smear(x, shift):
    for i in range(shift, len(x)):
        x[i] = x[i - shift] + 1.0


def copy(source, target):
    for i in range(len(target)):
        target[i] = source[i] * 2.0


def test_overlapping_arguments():
    """Arrays may share memory: iterations must not be reordered then."""
    for shift in range(1, 9):
        compare(smear, njit(smear), np.arange(40.0), shift)
    compiled = njit(copy)
    for offset in range(1, 9):
        expected, memory = np.arange(48.0), np.arange(48.0)
        copy(expected[:32], expected[offset : offset + 32])
        compiled(memory[:32], memory[offset : offset + 32])
        np.testing.assert_array_equal(memory, expected)
        expected, memory = np.arange(48.0), np.arange(48.0)
        copy(expected[offset : offset + 32], expected[:32])
        compiled(memory[offset : offset + 32], memory[:32])
        np.testing.assert_array_equal(memory, expected)
