"""test_launches – launch sizes that make no sense are refused before anything runs."""

import numpy as np
import pytest
from metate import get_global_id, kernel


@kernel
def fill(x):
    x[get_global_id(0)] = 1.0


@pytest.mark.parametrize(
    "sizes, error, message",
    [
        ((10, 3), ValueError, "10 is not a multiple of the local size 3"),
        ((4, 0), ValueError, "not a multiple of the local size 0"),
        ((4, 2**20), ValueError, "not a multiple"),
        ((2**20, 2**20), ValueError, r"more than the device takes.* is k\[metate.Range\(1048576, 1048576\)\]"),
        ((-4, 2), ValueError, "cannot be negative"),
        ((4, -1), ValueError, "cannot be negative"),
        (((4, 4), (2,)), ValueError, "different numbers of dimensions"),
        ((2**40, 1), ValueError, "out of range"),
        (((1, 1, 1, 1), (1, 1, 1, 1)), ValueError, "1 to 3 dimensions"),
        (((), ()), ValueError, "1 to 3 dimensions"),
        (("a", 1), TypeError, "launch size"),
        ((1.5, 1), TypeError, "launch size"),
        ((None, 1), TypeError, "launch size"),
        ((4, 4, 4), TypeError, "takes two sizes"),
    ],
)
def test_refused(sizes, error, message):
    x = np.zeros(16)
    with pytest.raises(error, match=message):
        fill[sizes](x)
    assert not x.any()


def test_more_items_than_elements():
    with pytest.raises(IndexError, match="index 16 is out of bounds for axis 0 with size 16"):
        fill[64](np.zeros(16))


def test_call_without_a_launch():
    with pytest.raises(TypeError, match=r"fill\[global_size, local_size\]"):
        fill(np.zeros(4))


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


def test_recursion_is_refused():
    @kernel
    def recursive(x):
        x[get_global_id(0)] = deep(3)

    with pytest.raises(TypeError, match="MT5004: a function that calls itself"):
        recursive[4](np.zeros(4))
