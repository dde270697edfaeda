"""raise and assert in compiled functions. PYTEST_DONT_REWRITE: pytest would put its own code in place of assert."""

import pytest

from metate import njit


@njit
def positive(x):
    if x > 3:
        raise ValueError("too big")
    assert x > 0
    return x


def test_passes_through():
    assert positive(1) == 1


def test_raise():
    with pytest.raises(ValueError, match="^too big$"):
        positive(5)


def test_assert():
    with pytest.raises(AssertionError):
        positive(-1)
