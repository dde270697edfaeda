"""test_checked_offload – parallel nests that a device runs, watched by the kernel checker."""

import inspect

import metate
import numpy as np
import pytest
from metate import njit, prange
from metate.errors import KernelCheckError
from offloading import launches, same

# What is raced for here is warned of before it runs.
pytestmark = pytest.mark.filterwarnings("ignore::metate.errors.MetateWarning")


@pytest.fixture(autouse=True)
def checking(monkeypatch):
    monkeypatch.setenv("METATE_KERNEL_CHECK", "1")


def line_of(function, mark):
    """The number of the function's line that ends with the comment `mark`."""
    lines, first = inspect.getsourcelines(function.py_func)
    (found,) = (number for number, text in enumerate(lines, first) if text.rstrip().endswith(f"# {mark}"))
    return found


def fault(function, *arguments):
    with pytest.raises(KernelCheckError) as caught:
        function(*arguments)
    return str(caught.value)


@njit(parallel=True)
def halve(x, y):
    for i in prange(x.shape[0]):
        y[i // 2] = x[i]  # race


def test_a_race_between_iterations():
    text = fault(halve, metate.arange(8.0), metate.zeros(4))
    assert f"kernel 'halve' of {__file__}: data race on element 0 of array 'y'" in text
    line = line_of(halve, "race")
    assert f"work-item 0 writes it in line {line} and work-item 1 writes it in line {line}" in text


@njit(parallel=True, boundscheck=False)
def beyond(x, y):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            y[i, j] = x[i, j + 4]  # bad


def test_an_access_out_of_bounds():
    """The bounds are those of the view, not of its memory."""
    x = metate.ones((4, 4))
    text = fault(beyond, x[:3], metate.zeros((3, 4)))
    assert f"reads element 12 of array 'x' in line {line_of(beyond, 'bad')}: it has 12 elements" in text


@njit
def _add_to(x, i, value):
    x[i] += value  # race


@njit(parallel=True)
def count(x, counts):
    for i in prange(x.shape[0]):
        _add_to(counts, x[i], 1)


def test_a_race_in_a_callee_under_a_device_context():
    with metate.device_context(metate.select_default_device()):
        text = fault(count, np.zeros(5, np.int64), np.zeros(3, np.int64))
    assert "kernel 'count' of" in text and "data race on element 0 of array 'counts'" in text
    assert f"in line {line_of(_add_to, 'race')}" in text


@njit(parallel=True)
def whole(x, y):
    z = x * 2 + y[:, None]
    for i in prange(z.shape[0]):
        z[i, 0] = z[i].sum()
    return z, z.sum(), z.max(axis=0)


def test_good_functions_have_no_fault():
    x, y = np.random.default_rng(7).random((6, 200)), np.arange(6.0)
    expected = whole(x, y)
    got = whole(metate.asarray(x), metate.asarray(y))
    same(got[0], expected[0])
    assert got[1] == expected[1]
    same(got[2], expected[2])
    assert launches(whole) >= 2


@njit(parallel=True)
def pick(x, places, y):
    for i in prange(places.shape[0]):
        y[i] = x[places[i]]


def test_exceptions_are_raised_still():
    """Of several iterations that fail the lowest is told; what they write down about it is no race."""
    with pytest.raises(IndexError, match="index 7 is out of bounds for axis 0 with size 5"):
        pick(metate.zeros(5), metate.asarray(np.array([0, 7, 8, 9, -6] * 20)), metate.zeros(100))


def test_the_same_function_unchecked(monkeypatch):
    """What is compiled for the checker is no part of other calls, in whatever order they come."""
    monkeypatch.setenv("METATE_KERNEL_CHECK", "0")
    halve(metate.arange(8.0), metate.zeros(4))
    monkeypatch.setenv("METATE_KERNEL_CHECK", "1")
    assert "data race" in fault(halve, metate.arange(8.0), metate.zeros(4))
    monkeypatch.delenv("METATE_KERNEL_CHECK")
    halve(metate.arange(8.0), metate.zeros(4))


@njit(parallel=True)
def split(x, y):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] > 0:
                y[i, j] = x[i, j] / 4
            else:
                y[i, j] = -1


def test_two_lines_that_store_alike():
    """LLVM makes one store of both; the checker knows each line all the same."""
    x = np.random.default_rng(5).normal(size=(7, 9))
    y = metate.zeros(x.shape)
    split(metate.asarray(x), y)
    same(y, np.where(x > 0, x / 4, -1))
