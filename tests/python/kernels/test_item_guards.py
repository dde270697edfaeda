"""test_item_guards – the software driver runs items that pass all comparisons of their id in a loop without checks.

Where that loop begins and ends must be exact: each kernel runs over more items than its arrays have elements, or has
guards at both ends, and is compared with the same loop of Python.
"""

import numpy as np
import pytest
from metate import Range, get_global_id, kernel

LENGTHS = [0, 1, 2, 7, 64, 1000]


def run(function, items, *arguments):
    """What the kernel leaves in its arguments, and what the function leaves when Python calls it for each item."""
    ours, theirs = ([np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments] for _ in range(2))
    kernel(function)[Range(*items)](*ours)
    for item in np.ndindex(*items):
        names = function.__globals__ | {"get_global_id": lambda axis, item=item: item[axis]}
        type(function)(function.__code__, names)(*theirs)
    for one, other in zip(ours, theirs):
        assert np.array_equal(one, other)


def beyond_the_end(a, b):
    i = get_global_id(0)
    if i >= len(a):
        return
    b[i] = a[i] + 1


def inside(a, b):
    i = get_global_id(0)
    if i > 0 and i < len(a) - 1:
        b[i] = a[i - 1] + a[i + 1]


def from_the_end(a, b):
    i = get_global_id(0)
    if len(a) - 1 - i < 0:
        return
    b[len(a) - 1 - i] = a[i]


def window(a, b, low, high):
    i = get_global_id(0)
    if i < low:
        return
    if not i <= high:
        return
    if i < len(b):
        b[i] = i


def shifted(a, b, low, high):
    i = get_global_id(0) - low
    if i < 0 or i >= len(b):
        return
    b[i] = a[i] * 2 + high


def of_32_bits(a, b, low, high):
    i = np.int32(get_global_id(0))
    if i < np.int32(low):
        return
    if i + np.int32(1) > np.int32(high):
        return
    if i < len(b):
        b[i] = a[i] + 1


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("function", [beyond_the_end, inside, from_the_end])
def test_guards(function, length):
    a = np.arange(length) * 3
    run(function, [length + 70], a, np.zeros_like(a))


EXTREMES = [-(2**63), -(2**40), -1, 0, 3, 500, 2**31 - 1, 2**31, 2**40, 2**63 - 1]


@pytest.mark.parametrize("low", EXTREMES)
@pytest.mark.parametrize("high", EXTREMES)
def test_bounds_that_are_arguments(low, high):
    a = np.arange(100)
    run(window, [150], a, np.zeros_like(a), low, high)
    if abs(low) <= 2**40:
        run(shifted, [150], a, np.zeros_like(a), low, high)
    if -(2**31) <= min(low, high) and max(low, high) < 2**31:
        run(of_32_bits, [150], a, np.zeros_like(a), low, high)


def stencil(u, v):
    i = get_global_id(0)
    j = get_global_id(1)
    if 1 <= i and i < u.shape[0] - 1 and 1 <= j and j < u.shape[1] - 1:
        v[i, j] = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (17, 40), (40, 1)])
def test_two_dimensions(shape):
    u = np.random.default_rng(5).random(shape)
    run(stencil, [shape[0] + 3, shape[1] + 70], u, np.zeros_like(u))


@kernel
def store(a, offset):
    i = get_global_id(0)
    a[i + offset] = i + 1


@pytest.mark.parametrize("items", [8, 200])
def test_the_first_item_that_fails_is_reported(items):
    a = np.zeros(items)
    with pytest.raises(IndexError, match=f"index {items} is out of bounds for axis 0 with size {items}"):
        store[items + 50](a, 0)
    assert np.array_equal(a, np.arange(items) + 1)


def test_negative_indices_wrap():
    a = np.zeros(100)
    store[100](a, -30)
    assert np.array_equal(a, np.roll(np.arange(100) + 1, -30))
    with pytest.raises(IndexError, match="index -101 is out of bounds"):
        store[50](a, -101)


def test_items_that_take_turns():
    """Both sides of the comparison do work: nobody is sent aside."""
    def halves(a):
        i = get_global_id(0)
        if i < 40:
            a[i] = 1
        else:
            a[i] = 2

    run(halves, [100], np.zeros(100))
