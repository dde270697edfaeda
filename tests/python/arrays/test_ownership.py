"""Ownership: when a call is over, however it ended, no block is left but those that its results hold."""

import gc

import numpy as np
import pytest
from numpy_twin import samples

from metate import _metate, njit, prange


def temporaries(a):
    return np.sum((a + 1) @ (a.T * 2))


def rebound_in_a_loop(a):
    b = a
    for _ in range(5):
        b = b + a
    return b.sum()


def one_of_two(a):
    b, c = a + 1, a + 2
    if a[0, 0] > 0:
        return b
    return c


def several(a):
    b = a * 2
    return b, b[1:], b.T, (b, a)


def view_of_temporary(a):
    return (a + 1)[::2].T


def conditional(a):
    b = np.zeros(3)
    if a[0, 0] > 1e9:
        b = a[0] + 1
    return b


def break_out(a):
    for i in range(10):
        b = a + i
        if b[0, 0] > 3:
            break
    return b.max()


def copies_in_slots(a):
    b = np.empty((4, 3))
    for i in range(4):
        row = a[0] + i
        b[i] = row
        b[i] += row.sum()
    return b


@njit
def make(n):
    return np.ones(n), np.zeros(n)


@njit
def pass_through(a):
    return a


def calls(a):
    b, c = make(len(a))
    d = pass_through(b + c)
    return pass_through(d), pass_through(a[0])


@njit
def recursive(a, n):
    if n == 0:
        return a
    return recursive(a + n, n - 1)


def recursion(a):
    return recursive(a, 4)


def indexed_by_arrays(a):
    b = a[a > 0]
    c = a[np.arange(3)]
    c[c > 1] = 0
    c[np.arange(2)] += b[0]
    return c[:, np.nonzero(a[0])[0]]


def argument_back(a):
    return a


def argument_twice(a):
    return a, a


def in_a_nest(a):
    s = np.zeros(len(a))
    for i in prange(len(a)):
        row = a[i] * 2
        copy = row.copy()
        s[i] = copy.sum() + row[0]
    return s


def array_reduction(a):
    s = np.zeros(a.shape[1])
    for i in prange(len(a)):
        s += a[i] * 2
    return s


def shape_error(a):
    b = a + 1
    c = a[:, 1:] * 2
    return b + c


def index_error(a):
    b = a * 2
    c = b + a
    return c[len(b), 0]


def error_in_a_loop(a):
    b = a + 1
    for i in range(10):
        c = b[i] + a[i]
        b[i] = c
    return b


def error_in_a_callee(a):
    b = a + 1
    return make_or_raise(b, len(b) + 2)


@njit
def make_or_raise(a, n):
    c = a.copy()
    d = np.zeros(n)
    d[0] = c[n - 1, 0]
    return c


def error_in_a_nest(a):
    s = np.zeros(len(a))
    for i in prange(len(a)):
        row = a[i] * 2
        s[i] = row[i + 1]
    return s


def raises(a):
    b = a + 1
    if b.sum() < 1e9:
        raise ValueError("small")
    return b


def array_index_error(a):
    b = a + 1
    c = b[np.arange(3)]
    c[np.arange(2)] = b[np.arange(6)][:2]
    return c


def array_store_error(a):
    b = a + 1
    b[np.arange(5)] = np.ones(3)
    return b


def negative_size(a):
    b = a + 1
    return np.zeros(-len(b))


def too_much_memory(a):
    b = a + 1
    return np.zeros((len(b) << 40, 1 << 10))


RETURN = [temporaries, rebound_in_a_loop, one_of_two, several, view_of_temporary, conditional, break_out, copies_in_slots,
          calls, recursion, indexed_by_arrays, argument_back, argument_twice, in_a_nest, array_reduction]
RAISE = [shape_error, index_error, error_in_a_loop, error_in_a_callee, error_in_a_nest, raises, array_index_error,
         array_store_error, negative_size,
         too_much_memory]


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("function", RETURN)
def test_returns(function, parallel):
    compiled, a = njit(function, parallel=parallel), samples("f8", (4, 3))
    expected = function(a)
    before = _metate.live_blocks()
    for _ in range(3):
        result = compiled(a)
        np.testing.assert_equal(result, expected)
    held = _metate.live_blocks() - before
    own = function not in (argument_back, argument_twice) and not np.isscalar(expected)
    assert held >= 1 if own else held == 0
    del result
    gc.collect()
    assert _metate.live_blocks() == before


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("function", RAISE)
def test_raises(function, parallel):
    compiled, a = njit(function, parallel=parallel), samples("f8", (4, 3))
    before = _metate.live_blocks()
    for _ in range(3):
        with pytest.raises((ValueError, IndexError, MemoryError)):
            compiled(a)
    gc.collect()
    assert _metate.live_blocks() == before


def test_a_view_holds_the_block_of_its_base():
    before = _metate.live_blocks()
    view = njit(view_of_temporary)(samples("f8", (4, 3)))
    assert _metate.live_blocks() == before + 1
    smaller = view[1:]
    del view
    assert _metate.live_blocks() == before + 1
    del smaller
    assert _metate.live_blocks() == before


def test_results_that_share_a_block():
    before = _metate.live_blocks()
    b, *others = njit(several)(samples("f8", (4, 3)))
    assert _metate.live_blocks() == before + 1
    del b
    assert _metate.live_blocks() == before + 1
    del others
    assert _metate.live_blocks() == before
