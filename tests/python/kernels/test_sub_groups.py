"""test_sub_groups – sub-groups: who belongs to which, and what they do together."""

import metate
import numpy as np
import pytest
from metate import NdRange, get_global_id, kernel
from metate import kernel_api as kapi
from metate.errors import TypingError


@kernel
def ask(item: kapi.NdItem, out):
    group = item.get_sub_group()
    i = item.get_global_linear_id()
    out[i, 0] = group.get_group_linear_id()
    out[i, 1] = group.get_local_linear_id()
    out[i, 2] = group.get_local_linear_range()
    out[i, 3] = group.get_group_linear_range()
    out[i, 4] = group.get_max_local_range()
    out[i, 5] = group.leader


@kernel
def ask_functions(out):
    i = get_global_id(0)
    out[i, 0] = metate.get_sub_group_id()
    out[i, 1] = metate.get_sub_group_local_id()
    out[i, 2] = metate.get_sub_group_size()
    out[i, 3] = metate.get_num_sub_groups()
    out[i, 4] = metate.get_max_sub_group_size()
    out[i, 5] = metate.get_sub_group_local_id() == 0


def rows_of(items, group):
    """For each sub-group of a launch over one dimension the slice of its work-items."""
    out = np.empty((items, 6), np.int64)
    metate.call_kernel(ask, NdRange(items, group), out)
    starts = np.flatnonzero(out[:, 5])
    return [slice(start, start + out[start, 2]) for start in starts]


@pytest.mark.parametrize("items, group", [(128, 64), (90, 45), (5, 1), (200, 200)])
def test_who_belongs_to_which(items, group):
    out, again = np.empty((items, 6), np.int64), np.empty((items, 6), np.int64)
    metate.call_kernel(ask, NdRange(items, group), out)
    ask_functions[items, group](again)
    np.testing.assert_array_equal(out, again)
    number, lane, size, count, most, leader = out.T
    width = most[0]
    local = np.arange(items) % group
    np.testing.assert_array_equal(number, local // width)
    np.testing.assert_array_equal(lane, local % width)
    np.testing.assert_array_equal(size, np.minimum(width, group - number * width))
    np.testing.assert_array_equal(leader, lane == 0)
    assert (count == -(-group // width)).all() and (most == width).all()


def test_neighbours_are_those_of_the_last_dimension():
    @kernel
    def ask_two(item: kapi.NdItem, out):
        out[item.get_global_id(0), item.get_global_id(1)] = item.get_sub_group().get_local_id(0)

    out = np.empty((6, 8), np.int64)
    metate.call_kernel(ask_two, NdRange((6, 8), (3, 4)), out)
    width = rows_of(1024, 1024)[0].stop
    np.testing.assert_array_equal(out[:3, :4], np.arange(12).reshape(3, 4) % width)


@kernel
def exchange(item: kapi.NdItem, x, out):
    group, i = item.get_sub_group(), item.get_global_id(0)
    v = x[i]
    out[0, i] = kapi.group_broadcast(group, v, group.get_local_linear_range() - 1)
    out[1, i] = kapi.select_from_group(group, v, group.get_local_linear_range() - 1 - group.get_local_linear_id())
    out[2, i] = kapi.shift_group_left(group, v)
    out[3, i] = kapi.shift_group_right(group, v, 2)
    out[4, i] = kapi.permute_group_by_xor(group, v, 1)
    out[5, i] = kapi.select_from_group(group, v, -1)
    out[6, i] = kapi.select_from_group(group, v, 1000)


@kernel
def exchange_as_opencl(x, out):
    i, lane, size = get_global_id(0), metate.get_sub_group_local_id(), metate.get_sub_group_size()
    v = x[i]
    out[0, i] = metate.sub_group_broadcast(v, size - 1)
    out[1, i] = metate.sub_group_shuffle(v, size - 1 - lane)
    out[2, i] = metate.sub_group_shuffle_down(v, 1)
    out[3, i] = metate.sub_group_shuffle_up(v, 2)
    out[4, i] = metate.sub_group_shuffle_xor(v, 1)
    out[5, i] = v
    out[6, i] = v


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.uint16, np.int32, np.uint64, np.float32, np.float64, np.complex64,
                                   np.complex128])
@pytest.mark.parametrize("group", [64, 45])
def test_values_of_other_items(dtype, group):
    items = 2 * group
    x = np.random.default_rng(1).integers(0, 2 if dtype is np.bool_ else 100, items).astype(dtype)
    if np.issubdtype(dtype, np.complexfloating):
        x += dtype(1j) * x[::-1]
    out, again = np.empty((7, items), dtype), np.empty((7, items), dtype)
    metate.call_kernel(exchange, NdRange(items, group), x, out)
    exchange_as_opencl[items, group](x, again)
    np.testing.assert_array_equal(out, again)
    for row in rows_of(items, group):
        v = x[row]
        n = np.arange(len(v))

        def at(index):
            return np.where((index >= 0) & (index < len(v)), v[np.clip(index, 0, len(v) - 1)], v)

        for k, index in enumerate([np.full_like(n, len(v) - 1), n[::-1], n + 1, n - 2, n ^ 1, n, n]):
            np.testing.assert_array_equal(out[k, row], at(index), err_msg=str(k))


@kernel
def compute(item: kapi.NdItem, x, out):
    group, i = item.get_sub_group(), item.get_global_id(0)
    v = x[i]
    out[0, i] = kapi.reduce_over_group(group, v, kapi.plus)
    out[1, i] = kapi.reduce_over_group(group, v, kapi.maximum)
    out[2, i] = kapi.inclusive_scan_over_group(group, v, kapi.plus)
    out[3, i] = kapi.exclusive_scan_over_group(group, v, kapi.multiplies)
    out[4, i] = metate.sub_group_reduce_min(v)
    out[5, i] = metate.sub_group_scan_exclusive_add(v)
    out[6, i] = kapi.any_of_group(group, v == 3)
    out[7, i] = metate.sub_group_all(v < 4)


@pytest.mark.parametrize("dtype", [np.int16, np.uint32, np.int64, np.float64])
def test_reductions_scans_and_votes(dtype):
    items, group = 140, 70
    x = np.random.default_rng(2).integers(1, 4, items).astype(dtype)
    out = np.empty((8, items), dtype)
    metate.call_kernel(compute, NdRange(items, group), x, out)
    for row in rows_of(items, group):
        v = x[row]
        products = np.multiply.accumulate(np.concatenate([[1], v[:-1]]).astype(dtype), dtype=dtype)
        sums = np.add.accumulate(v, dtype=dtype)
        expected = [sums[-1], v.max(), sums, products, v.min(), sums - v, (v == 3).any(), (v < 4).all()]
        for k, want in enumerate(expected):
            np.testing.assert_array_equal(out[k, row], np.broadcast_to(want, v.shape), err_msg=str(k))


def test_ballots():
    @kernel
    def ballot(item: kapi.NdItem, x, out):
        i = item.get_global_id(0)
        out[0, i] = kapi.group_ballot(item.get_sub_group(), x[i] > 5)
        out[1, i] = metate.sub_group_ballot(x[i] > 5)
        out[2, i] = kapi.group_ballot(item.get_sub_group())

    items, group = 100, 50
    x = np.random.default_rng(3).integers(0, 10, items)
    out = np.empty((3, items), np.int64)
    metate.call_kernel(ballot, NdRange(items, group), x, out)
    for row in rows_of(items, group):
        bits = sum(1 << n for n, v in enumerate(x[row]) if v > 5)
        assert (out[:2, row] == bits).all() and (out[2, row] == (1 << (row.stop - row.start)) - 1).all()


def test_two_levels_of_a_reduction():
    @kernel
    def total(item: kapi.NdItem, x, sums):
        parts = metate.local.array(1024, np.int64)
        group = item.get_sub_group()
        part = kapi.reduce_over_group(group, x[item.get_global_id(0)], kapi.plus)
        if group.leader:
            parts[group.get_group_linear_id()] = part
        kapi.group_barrier(item.get_group())
        if group.get_group_linear_id() == 0:  # the first sub-group alone, and in as many rounds as it takes
            n = group.get_group_linear_range()
            sum = 0
            for start in range(0, n, group.get_local_linear_range()):
                k = start + group.get_local_linear_id()
                sum += kapi.reduce_over_group(group, parts[k] if k < n else 0, kapi.plus)
            if group.leader:
                sums[item.get_group().get_group_id(0)] = sum

    x = np.random.default_rng(4).integers(-50, 50, 3 * 777)
    sums = np.zeros(3, np.int64)
    metate.call_kernel(total, NdRange(3 * 777, 777), x, sums)
    np.testing.assert_array_equal(sums, x.reshape(3, 777).sum(axis=1))


def test_sub_groups_wait_for_themselves():
    @kernel
    def pass_on(item: kapi.NdItem, x, out):
        shared = metate.local.array(128, np.int64)
        group, l = item.get_sub_group(), item.get_local_id(0)
        first = l - group.get_local_linear_id()
        v = x[item.get_global_id(0)]
        for k in range(group.get_group_linear_id() + 1):
            shared[l] = v + k
            kapi.group_barrier(group)
            v = shared[first + (group.get_local_linear_id() + 1) % group.get_local_linear_range()]
            metate.sub_group_barrier()
        out[item.get_global_id(0)] = v

    x = np.arange(128)
    out = np.empty_like(x)
    metate.call_kernel(pass_on, NdRange(128, 128), x, out)
    for number, row in enumerate(rows_of(128, 128)):
        v = x[row]
        for k in range(number + 1):
            v = np.roll(v + k, -1)
        np.testing.assert_array_equal(out[row], v)


def test_items_of_a_sub_group_that_do_not_come():
    @kernel
    def diverge(x):
        if metate.get_sub_group_local_id() < 2:
            x[0] = metate.sub_group_reduce_add(1)

    with pytest.raises(RuntimeError, match="wait at different barriers"):
        diverge[8, 8](np.zeros(2))


def test_one_item_fails_before_its_sub_group_meets():
    @kernel
    def fail(x, out):
        out[get_global_id(0)] = metate.sub_group_reduce_add(100 // int(x[get_global_id(0)]))

    x = np.ones(96, np.int64)
    x[70] = 0
    with pytest.raises(ZeroDivisionError):
        fail[96, 96](x, np.zeros(96))


def test_outside_of_kernels():
    with pytest.raises(RuntimeError, match=r"get_sub_group_size\(\) has a meaning inside kernels only"):
        metate.get_sub_group_size()
    with pytest.raises(RuntimeError, match="SubGroup has a meaning inside kernels only"):
        kapi.SubGroup()
    with pytest.raises(TypingError, match=r"get_num_sub_groups\(\) can be used in kernels only"):
        metate.njit(lambda: metate.get_num_sub_groups())()
    with pytest.raises(TypingError, match=r"sub_group_shuffle\(\) can be used in kernels only"):
        metate.njit(lambda x: metate.sub_group_shuffle(x, 0))(1)
