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


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.complex128])
def test_zeros_and_nan(kind):
    numbers = [0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf]
    jitted = njit(clip)
    for low in numbers:
        for high in numbers:
            for x in (np.array(numbers, kind), np.array(numbers, kind)[::2]):
                for bounds in ((kind(low), kind(high)), (np.full(x.shape, low, kind), np.full(x.shape, high, kind))):
                    result, expected = jitted(x, *bounds), clip(x, *bounds)
                    assert np.array_equal(result, expected, equal_nan=True), (x, bounds)
                    parts = [(part(result), part(expected)) for part in (np.real, np.imag)]
                    assert all(np.array_equal(np.signbit(a), np.signbit(b)) for a, b in parts if not np.isnan(expected).any())
