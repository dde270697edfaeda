"""Launches whose global ids do not begin at 0: get_global_offset, and what Item and NdItem say there."""

import pickle

import numpy as np
import pytest

import metate
from metate import get_global_id, get_global_offset, get_global_size, get_group_id, get_local_id, kernel
from metate import kernel_api as kapi


@kernel
def mark(x):
    i = get_global_id(0)
    x[i] = 1000 * get_global_offset(0) + 100 * get_global_size(0) + 10 * get_group_id(0) + get_local_id(0)


def test_the_functions():
    x = np.zeros(12, np.int64)
    mark[6, 3, 4](x)
    np.testing.assert_array_equal(x, [0] * 4 + [4000 + 600 + 10 * (k // 3) + k % 3 for k in range(6)] + [0] * 2)
    x[:] = 0
    mark[6, 3](x)  # the next launch begins at 0 again
    np.testing.assert_array_equal(x, [600 + 10 * (k // 3) + k % 3 for k in range(6)] + [0] * 6)


def test_two_dimensions():
    @kernel
    def fill(x):
        i, j = get_global_id(0), get_global_id(1)
        x[i, j] = 10 * get_global_offset(0) + get_global_offset(1)

    expected = np.zeros((5, 6))
    expected[1:3, 2:6] = 12
    for launch in ((2, 4), metate.DEFAULT_LOCAL_SIZE, (1, 2)), metate.Range(2, 4, offset=(1, 2)), metate.NdRange((2, 4), (1, 2), (1, 2)):
        x = np.zeros((5, 6))
        fill[launch](x)
        np.testing.assert_array_equal(x, expected)


@kernel
def item_answers(item: kapi.Item, x):
    number = item.get_linear_id()
    x[number, 0] = item.get_id(0)
    x[number, 1] = item.get_offset(0)
    x[number, 2] = item.get_range(0)
    x[number, 3] += 1


@kernel
def nd_item_answers(item: kapi.NdItem, x):
    number = item.get_global_linear_id()
    x[number, 0] = item.get_global_id(0)
    x[number, 1] = item.get_offset(0)
    x[number, 2] = 10 * item.get_local_id(0) + item.get_group().get_group_id(0)
    x[number, 3] += 1


@pytest.mark.parametrize("function, launch", [
    (item_answers, metate.Range(7, offset=3)),
    (item_answers, metate.Range(3, 4, offset=(5, 6))),
    (item_answers, metate.Range(2, 3, 4, offset=(1, 0, 9))),
    (nd_item_answers, metate.NdRange(8, 2, 5)),
    (nd_item_answers, metate.NdRange(metate.Range(4, 6, offset=(1, 2)), (2, 3))),
])
def test_as_the_simulator_says(function, launch):
    count = launch.global_range.size() if isinstance(launch, metate.NdRange) else launch.size()
    expected, out = np.zeros((count, 4), np.int64), np.zeros((count, 4), np.int64)
    kapi.call_kernel(function, launch, expected)
    metate.call_kernel(function, launch, out)
    np.testing.assert_array_equal(out, expected)
    assert (expected[:, 3] == 1).all()


def test_on_queues():
    @kernel
    def store(item, x):
        x[item.get_id(0)] = item.get_linear_id()

    x = metate.zeros(6, dtype=np.int64)
    x.sycl_queue.submit(store, (x,), metate.Range(3, offset=2))
    assert metate.asnumpy(x).tolist() == [0, 0, 0, 1, 2, 0]


def test_far_out():
    @kernel
    def store(x):
        i = get_global_id(0)
        x[i - 4_000_000_000] = i

    x = np.zeros(4, np.int64)
    store[4, metate.DEFAULT_LOCAL_SIZE, 4_000_000_000](x)
    assert x.tolist() == [4_000_000_000 + k for k in range(4)]


def test_an_error_names_the_id():
    @kernel
    def fail(x):
        i, j = get_global_id(0), get_global_id(1)
        if j >= 5:
            raise ValueError("no")
        x[i, j] = 1

    with pytest.raises(ValueError) as caught:
        fail[(2, 4), metate.DEFAULT_LOCAL_SIZE, (1, 2)](np.zeros((4, 8)))
    assert caught.value.global_id == (1, 5)
    with pytest.raises(IndexError) as caught:
        mark[6, 3, 4](np.zeros(8, np.int64))
    assert caught.value.global_id == (8,)


def test_ids_below_the_bounds_are_not_checked_away():
    @kernel
    def store(item, x):
        x[item.get_linear_id() - 1] = 1

    x = np.zeros(3)
    metate.call_kernel(store, metate.Range(3, offset=7), x)  # -1 is the last
    assert x.tolist() == [1, 1, 1]


@pytest.mark.parametrize("make, message", [
    (lambda: mark[6, 3, (1, 2)], "an offset has a number for each dimension"),
    (lambda: metate.Range(3, 4, offset=1), "an offset has a number for each dimension"),
    (lambda: mark[6, 3, -1], "cannot be negative"),
    (lambda: mark[6, 3, 1 << 32](np.zeros(9, np.int64)), "global offset 4294967296 is out of range"),
])
def test_bad_ones(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_ranges_as_objects():
    assert metate.Range(3, 4).offset == (0, 0) and metate.Range(3, 4, offset=(1, 2)).offset == (1, 2)
    assert repr(metate.Range(3, offset=1)) == "Range(3, offset=(1,))" and repr(metate.NdRange(4, 2, 1)) == "NdRange((4,), (2,), (1,))"
    assert metate.NdRange(4, 2, 1) != metate.NdRange(4, 2) and metate.NdRange(4, 2, 0) == metate.NdRange(4, 2)
    assert pickle.loads(pickle.dumps(metate.Range(3, 4, offset=(1, 2)))).offset == (1, 2)
    assert pickle.loads(pickle.dumps(metate.NdRange(4, 2, 1))) == metate.NdRange(4, 2, 1)
