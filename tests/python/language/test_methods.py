"""Methods and lengths of Python's own numbers and texts."""

import numpy as np
import pytest

from metate import njit

NAME = "größe"


def test_length_of_texts():
    def f(text):
        return len(NAME), len("abc"), len(""), len(text)

    assert njit(f)("naïve ∑") == f("naïve ∑")


@pytest.mark.parametrize("number", [1 + 2j, 1.5, 2, True, np.complex64(1 + 2j), np.float32(1.5), np.complex128(2j)])
def test_conjugates_and_parts(number):
    def parts(z):
        return z.conjugate(), z.real, z.imag

    result, expected = njit(parts)(number), parts(number)
    assert result == expected
    assert [type(one) for one in result] == [type(one) for one in expected]


@pytest.mark.parametrize("number", [2.0, 2.5, -0.0, 1e300, np.inf, np.nan])
def test_is_integer(number):
    assert njit(lambda x: x.is_integer())(float(number)) is float(number).is_integer()
