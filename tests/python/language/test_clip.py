"""test_clip – np.clip takes its first operand for an array, and int bounds may lie beyond the dtype."""

import numpy as np
import pytest
from metate import njit

A = np.array([1, 100, -100], np.int8)


def clip(x, low, high):
    return np.clip(x, low, high)


@pytest.mark.parametrize(
    "arguments",
    [
        (3.0, np.float32(1), np.float32(2)),
        (5, np.int8(1), np.int8(3)),
        (np.int8(3), -1000, 1000),
        (A, -1000, 50),
        (A.astype(np.uint8), -1, 99),
        (np.uint64(2**63 + 5), 0, 7),
        (True, np.int8(0), np.int8(1)),
        (7, 2, 5),
        (2.5, 1, 2),
    ],
)
def test_clip(arguments):
    result, expected = njit(clip)(*arguments), clip(*arguments)
    assert type(result) is type(expected) and result.dtype == expected.dtype
    assert np.array_equal(result, expected)


def test_bound_on_the_wrong_side():
    with pytest.raises(OverflowError):
        njit(clip)(A, 200, 300)
