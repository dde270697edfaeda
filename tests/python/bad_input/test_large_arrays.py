"""test_large_arrays – arrays of more than 2^31 elements: every count and offset is 64 bits wide.

The arrays are zeros that nobody has written, or one element seen many times, so that they take next to no memory.
"""

import numpy as np
import pytest
from metate import get_global_id, kernel, njit, prange

COUNT = 2**31 + 16


@njit
def last_of(x):
    return x[x.size - 1], x[-1], x[2**31 + 3], len(x)


@njit
def write_tail(x):
    for i in range(2**31, x.size):
        x[i] = i - 2**31


@njit(parallel=True)
def count_of(x):
    n = 0
    for i in prange(x.size):
        n += int(x[i])  # the sum of int8 is int8
    return n


@kernel
def write_tail_kernel(x):
    i = get_global_id(0)
    x[2**31 + i] = i + 1


@njit
def tail_of(x):
    return x[2**31 :] + 1


def tail(array):
    return array[2**31 :].tolist()


def test_elements():
    x = np.broadcast_to(np.int8(7), COUNT)
    assert last_of(x) == (7, 7, 7, COUNT)


def test_stores():
    x = np.zeros(COUNT, np.int8)
    write_tail(x)
    assert tail(x) == list(range(16))
    write_tail_kernel[16](x)
    assert tail(x) == list(range(1, 17))
    assert tail_of(x).tolist() == list(range(2, 18))


def test_two_dimensions():
    x = np.zeros((2**16, 2**15 + 1), np.int8)

    @njit
    def corner(x):
        x[-1, -1] = 5
        return x.shape, x[2**16 - 1, 2**15], x.nbytes

    assert corner(x) == (x.shape, 5, x.nbytes) and x[-1, -1] == 5


@pytest.mark.full
def test_loops_and_reductions():
    x = np.broadcast_to(np.int8(1), COUNT)
    assert count_of(x) == COUNT
    assert njit(lambda x: x.sum())(x) == COUNT
    y = np.zeros(COUNT, np.int8)
    y[-3] = 9
    assert njit(lambda y: y.argmax())(y) == COUNT - 3
    assert njit(lambda y: y.max())(y) == 9


def test_index_beyond_the_end():
    x = np.broadcast_to(np.int8(7), COUNT)

    @njit
    def read(x, i):
        return x[i]

    assert read(x, COUNT - 1) == 7
    with pytest.raises(IndexError, match=str(COUNT)):
        read(x, COUNT)
