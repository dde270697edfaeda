"""test_prechecks – the software driver decides the checks of numbers for some hundred items before these run.

A failing item must be found wherever it stands, and nobody may see that others were looked at first: what the other
items do, which item is reported, and what an item of its own leaves behind stay what they are.
"""

import math

import numpy as np
import pytest
from metate import Range, get_global_id, kernel

ITEMS = 2000  # several times as many as are checked together, and a rest


@kernel
def logarithms(x, out):
    i = get_global_id(0)
    out[i] = math.log(x[i])


@kernel
def three_checks(x, y, z, out):
    """The elements of y and z are read behind the check of x's."""
    i = get_global_id(0)
    root = math.sqrt(x[i])
    out[i] = root + math.log(y[i]) + math.exp(z[i])


@kernel
def writes_first(x, out):
    i = get_global_id(0)
    out[i] = 1.0
    out[i] += math.sqrt(x[i])


@kernel
def in_place(x):
    i = get_global_id(0)
    x[i] = math.sqrt(x[i])


@kernel
def gathers(where, x, out):
    """Which element is read depends on what is read, and is checked too."""
    i = get_global_id(0)
    out[i] = math.sqrt(x[where[i]])


@kernel
def rows(x, out):
    i = get_global_id(0)
    j = get_global_id(1)
    out[i, j] = math.log(x[i, j]) / math.sqrt(x[j, i])


@kernel(boundscheck=False)
def unchecked_indices(x, y, out):
    i = get_global_id(0)
    out[i] = math.log(x[i]) + math.sqrt(y[i])


@kernel
def on_condition(x, out):
    i = get_global_id(0)
    if x[i] > 0.5:
        out[i] = math.log(x[i])
    else:
        out[i] = 1.0 / x[i]


def numbers(seed, shape=ITEMS, dtype=np.float64):
    return (np.random.default_rng(seed).random(shape) + 0.1).astype(dtype)


def test_all_pass():
    x, y, z = (numbers(seed) for seed in range(3))
    out = np.zeros(ITEMS)
    three_checks[ITEMS](x, y, z, out)
    np.testing.assert_allclose(out, np.sqrt(x) + np.log(y) + np.exp(z), rtol=1e-14)
    unchecked_indices[ITEMS](x, y, out)
    np.testing.assert_allclose(out, np.log(x) + np.sqrt(y), rtol=1e-13, atol=1e-14)
    on_condition[ITEMS](x, out)
    np.testing.assert_allclose(out, np.where(x > 0.5, np.log(x), 1 / x), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("bad", [0, 1, 511, 512, 513, 1023, 1536, ITEMS - 1])
def test_one_fails(bad, dtype):
    x = numbers(3, dtype=dtype)
    x[bad] = 0
    out = np.full(ITEMS, -77, dtype)
    with pytest.raises(ValueError, match="math domain error") as caught:
        logarithms[ITEMS](x, out)
    assert caught.value.global_id == (bad,)
    assert out[bad] == -77
    others = np.arange(ITEMS) != bad
    np.testing.assert_allclose(out[others], np.log(x[others]), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("name", "value", "error"), [("x", -1, ValueError), ("y", 0, ValueError), ("z", 800, OverflowError)])
def test_each_check(name, value, error):
    arguments = {each: numbers(seed) for seed, each in enumerate("xyz")}
    arguments[name][1234] = value
    out = np.full(ITEMS, -77.0)
    with pytest.raises(error):
        three_checks[ITEMS](*arguments.values(), out)
    assert list(np.flatnonzero(out == -77)) == [1234]


def test_the_first_check_of_an_item_is_reported():
    x, y, z = (numbers(seed) for seed in range(3))
    z[700] = 800
    y[700] = -1
    with pytest.raises(ValueError):
        three_checks[ITEMS](x, y, z, np.zeros(ITEMS))


def test_what_is_written_before_the_check_stays():
    x = numbers(4)
    x[900] = -1
    out = np.zeros(ITEMS)
    with pytest.raises(ValueError):
        writes_first[ITEMS](x, out)
    np.testing.assert_allclose(out, 1 + np.sqrt(np.where(x < 0, 0, x)), rtol=1e-15)


def test_in_place_once():
    x = numbers(5)
    before = x.copy()
    x[10] = before[10] = -1
    with pytest.raises(ValueError):
        in_place[ITEMS](x)
    expected = before.copy()
    np.sqrt(before, where=before >= 0, out=expected)
    np.testing.assert_allclose(x, expected, rtol=1e-15)


def test_gathered_elements_are_checked():
    x = numbers(6)
    where = np.random.default_rng(7).permutation(ITEMS)
    out = np.zeros(ITEMS)
    gathers[ITEMS](where, x, out)
    np.testing.assert_allclose(out, np.sqrt(x[where]), rtol=1e-15)
    where[1500] = ITEMS
    with pytest.raises(IndexError):
        gathers[ITEMS](where, x, out)


def test_reads_nothing_beyond_the_end():
    """More items than y has elements: the others are reported, and their x is looked at."""
    x = numbers(8)
    y = numbers(9, ITEMS - 300)
    x[ITEMS - 200] = -1
    with pytest.raises((IndexError, ValueError)):
        three_checks[ITEMS](x, y, numbers(10), np.zeros(ITEMS))
    with pytest.raises(IndexError):
        three_checks[ITEMS](numbers(8), y, numbers(10), np.zeros(ITEMS))


def test_two_dimensions():
    shape = (37, 37)
    x = numbers(11, shape)
    out = np.zeros(shape)
    rows[Range(*shape)](x, out)
    np.testing.assert_allclose(out, np.log(x) / np.sqrt(x.T), rtol=1e-13, atol=1e-14)
    x[5, 9] = -1
    out[:] = -77
    with pytest.raises(ValueError) as caught:
        rows[Range(*shape)](x, out)
    assert caught.value.global_id == (5, 9)
    if hasattr(caught.value, "__notes__"):
        assert caught.value.__notes__ == ["raised by the work-item with global id (5, 9)"]
    assert sorted(zip(*np.nonzero(out == -77))) == [(5, 9), (9, 5)]


def test_the_module_says_what_it_keeps_to():
    """And a device that does not know the words sees a string."""
    x = numbers(12)
    assert '"metate: failures are reported, indices are checked"' in logarithms.inspect_spirv(x, x)
    assert '"metate: failures are reported"' in unchecked_indices.inspect_spirv(x, x, x)
