"""Functions that call each other in rings: every member is solved again when what it stood on changes its type."""

import pytest

from metate import njit


@njit
def ring_a(n):
    if n <= 0:
        return 1j
    return ring_b(n - 1) + ring_c(n - 1)


@njit
def ring_b(n):
    if n <= 0:
        return 1
    return ring_a(n - 1)


@njit
def ring_c(n):  # calls a member that is already solved, on an assumption
    return ring_b(n) * 2


def python_a(n):
    return 1j if n <= 0 else python_b(n - 1) + python_c(n - 1)


def python_b(n):
    return 1 if n <= 0 else python_a(n - 1)


def python_c(n):
    return python_b(n) * 2


@pytest.mark.parametrize("n", range(7))
def test_two_rings_through_one_member(n):
    assert ring_a(n) == python_a(n)
    assert ring_c(n) == python_c(n)
