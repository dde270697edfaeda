"""test_atomics – atomic operations in both spellings: no change is lost, and each gives the element before."""

import metate
import numpy as np
import pytest
from metate import atomic, get_global_id, get_local_id, kernel
from metate import kernel_api as kapi
from metate.errors import TypingError

DTYPES = [np.int32, np.int64, np.uint32, np.uint64, np.float32, np.float64]
INTEGERS = DTYPES[:4]
ITEMS = 4096


@kernel
def change_all(x, out, before):
    i = get_global_id(0)
    v = x[i]
    before[i] = atomic.add(out, 0, v)
    atomic.sub(out, 1, v)
    atomic.min(out, 2, v)
    atomic.max(out, 3, v)
    atomic.exchange(out, (4,), v)


@pytest.mark.any_order
@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers(dtype):
    x = (np.arange(ITEMS) % 100 + 1).astype(dtype)
    np.random.default_rng(3).shuffle(x)
    out = np.array([0, 0, 50, 50, 0]).astype(dtype)
    before = np.empty_like(x)
    change_all[ITEMS](x, out, before)
    total = x.sum(dtype=dtype)
    assert out[0] == total and out[1] == np.negative(total)
    assert out[2] == 1 and out[3] == 100 and out[4] in x
    # Each addition started where another had ended.
    np.testing.assert_array_equal(np.sort(before + x)[:-1], np.sort(before)[1:])


@pytest.mark.parametrize("dtype", INTEGERS)
def test_bits(dtype):
    @kernel
    def change(x, out):
        v = x[get_global_id(0)]
        atomic.and_(out, 0, ~v)
        atomic.or_(out, 1, v)
        atomic.xor(out, 2, v)

    x = np.array([1, 2, 4, 8, 16, 32, 64, 1], dtype)
    out = np.array([255, 0, 0], dtype)
    change[8](x, out)
    assert out.tolist() == [128, 127, 126]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_is_less_than_any_number_to_min_and_max(dtype):
    @kernel
    def change(x, out):
        atomic.min(out, 0, x[get_global_id(0)])
        atomic.max(out, 1, x[get_global_id(0)])

    out = np.full(2, np.nan, dtype)
    change[4](np.array([np.nan, 3, -2, np.nan], dtype), out)
    assert out.tolist() == [-2, 3]


def test_compare_exchange_builds_a_lock_free_maximum():
    @kernel
    def greatest(x, out):
        v = x[get_global_id(0)]
        seen = atomic.compare_exchange(out, 0, v, v)
        while seen < v:
            found = atomic.compare_exchange(out, 0, seen, v)
            if found == seen:
                break
            seen = found

    x = np.random.default_rng(4).permutation(ITEMS)
    out = np.zeros(1, np.int64)
    greatest[ITEMS](x, out)
    assert out[0] == ITEMS - 1


def test_local_memory():
    @kernel
    def histogram(x, counts):
        own = metate.local.array(4, np.int32)
        i = get_local_id(0)
        if i < 4:
            own[i] = 0
        metate.barrier(metate.LOCAL_MEM_FENCE)
        atomic.add(own, x[get_global_id(0)], 1)
        metate.barrier(metate.LOCAL_MEM_FENCE)
        if i < 4:
            atomic.add(counts, i, own[i])

    x = np.random.default_rng(5).integers(0, 4, 1024)
    counts = np.zeros(4, np.int32)
    histogram[1024, 64](x, counts)
    np.testing.assert_array_equal(counts, np.bincount(x))


@pytest.mark.any_order
def test_reference():
    @kernel
    def change(item: kapi.Item, x, out, before):
        i = item.get_id(0)
        total = kapi.AtomicRef(out, index=(0, 1), memory_order=kapi.MemoryOrder.ACQ_REL)
        before[i] = total.fetch_add(x[i])
        kapi.AtomicRef(out, (1, 0), memory_scope=kapi.MemoryScope.SYSTEM).fetch_max(x[i])
        kapi.AtomicRef(out, (1, 1)).store(7)
        kapi.atomic_fence(kapi.MemoryOrder.SEQ_CST, kapi.MemoryScope.DEVICE)
        if i == 0:
            out[0, 0] = kapi.AtomicRef(out, (1, 1)).load() + kapi.AtomicRef(before, 0).exchange(before[0])

    x = np.arange(1, 101)
    out = np.zeros((2, 2), np.int64)
    before = np.empty(100, np.int64)
    metate.call_kernel(change, kapi.Range(100), x, out, before)
    assert out[0, 1] == 5050 and out[1].tolist() == [100, 7] and out[0, 0] == 7 + before[0]
    np.testing.assert_array_equal(np.sort(before + x)[:-1], np.sort(before)[1:])


def test_functions_take_references():
    @metate.device_func
    def count(place, value):
        return place.fetch_add(value)

    def both(places, value):
        count(places[0], value)
        places[1].fetch_max(value)

    @kernel
    def change(item: kapi.Item, x, out):
        value = x[item.get_id(0)]
        count(kapi.AtomicRef(out, 0), value)
        sequential = kapi.AtomicRef(out, 1, kapi.MemoryOrder.SEQ_CST, kapi.MemoryScope.SYSTEM)
        both((sequential, kapi.AtomicRef(out, 2)), value)

    x, out = np.arange(1, 101), np.zeros(3, np.int64)
    metate.call_kernel(change, kapi.Range(100), x, out)
    assert out.tolist() == [5050, 5050, 100]


@pytest.mark.any_order
@pytest.mark.parametrize("dtype", DTYPES)
def test_reference_computes(dtype):
    @kernel
    def change(item: kapi.Item, x, out, before):
        i = item.get_id(0)
        before[i] = kapi.AtomicRef(out, 0, address_space=kapi.AddressSpace.GLOBAL).fetch_sub(x[i])
        kapi.AtomicRef(out, 1).fetch_min(x[i])
        kapi.AtomicRef(out, index=2, address_space=kapi.AddressSpace.GENERIC).fetch_max(x[i])

    x = np.random.default_rng(6).permutation(np.arange(1, ITEMS + 1)).astype(dtype)
    out = np.array([x.sum(), 50, 50]).astype(dtype)
    before = np.empty_like(x)
    metate.call_kernel(change, kapi.Range(ITEMS), x, out, before)
    assert out.tolist() == [0, 1, ITEMS]
    np.testing.assert_array_equal(np.sort(before - x)[1:], np.sort(before)[:-1])


@pytest.mark.any_order
@pytest.mark.parametrize("dtype", INTEGERS)
def test_reference_changes_bits(dtype):
    @kernel
    def change(item: kapi.Item, x, out, before):
        v = x[item.get_id(0)]
        before[item.get_id(0)] = kapi.AtomicRef(out, 0).fetch_and(~v)
        kapi.AtomicRef(out, 1).fetch_or(v)
        kapi.AtomicRef(out, 2).fetch_xor(v)

    x = np.array([1, 2, 4, 8, 16, 32, 64, 1], dtype)
    out, before = np.array([255, 0, 0], dtype), np.empty_like(x)
    metate.call_kernel(change, kapi.Range(8), x, out, before)
    assert out.tolist() == [128, 127, 126] and before.max() == 255


def test_reference_to_local_memory():
    @kernel
    def count(item: kapi.NdItem, out, shared):
        group = item.get_group()
        if group.leader:
            shared[0] = 0
        kapi.group_barrier(group)
        kapi.AtomicRef(shared, 0, address_space=kapi.AddressSpace.LOCAL).fetch_add(1)
        kapi.group_barrier(group)
        out[item.get_global_id(0)] = kapi.AtomicRef(shared, 0).load()

    out = np.zeros(12, np.int32)
    metate.call_kernel(count, metate.NdRange(12, 6), out, metate.LocalAccessor(1, np.int32))
    assert out.tolist() == [6] * 12


def test_reference_loads_what_is_read_only():
    @kernel
    def copy(item: kapi.Item, x, out):
        out[item.get_id(0)] = kapi.AtomicRef(x, item.get_id(0)).load()

    @kernel
    def store(item: kapi.Item, x):
        kapi.AtomicRef(x, item.get_id(0)).store(1)

    @kernel
    def add(item: kapi.Item, x):
        kapi.AtomicRef(x, item.get_id(0)).fetch_add(1)

    x, out = np.arange(4), np.zeros(4, np.int64)
    x.flags.writeable = False
    metate.call_kernel(copy, kapi.Range(4), x, out)
    assert out.tolist() == [0, 1, 2, 3]
    for change in store, add:
        with pytest.raises(TypingError, match="cannot assign to a read-only array"):
            metate.call_kernel(change, kapi.Range(4), x)


@pytest.mark.any_order
def test_reference_compares():
    @kernel
    def add_once(item: kapi.Item, out, successes):
        expected = kapi.PrivateArray(1, np.int32)
        expected[0] = 0
        if kapi.AtomicRef(out, 0).compare_exchange(expected, item.get_id(0) + 1, 0):
            kapi.AtomicRef(successes, 0).fetch_add(1)
        elif expected[0] == 0:
            kapi.AtomicRef(successes, 0).fetch_add(100)  # it says what it has found instead

    out, successes = np.zeros(1, np.int32), np.zeros(1, np.int32)
    metate.call_kernel(add_once, kapi.Range(50), out, successes)
    assert successes[0] == 1 and 1 <= out[0] <= 50


def test_reference_in_plain_python():
    x = np.array([5, 6])
    reference = kapi.AtomicRef(x, 1)
    assert reference.fetch_add(2) == 6 and reference.fetch_min(3) == 8 and reference.load() == 3
    expected = np.array([4])
    assert not reference.compare_exchange(expected, 9) and expected[0] == 3
    assert reference.compare_exchange(expected, 9) and x.tolist() == [5, 9]


def test_index_is_checked():
    @kernel
    def beyond(x):
        atomic.add(x, get_global_id(0), 1)

    with pytest.raises(IndexError, match="index 3 is out of bounds for axis 0 with size 3"):
        beyond[4](np.zeros(3, np.int32))


def test_refused():
    def refused(function, *arguments, message):
        with pytest.raises(TypingError, match=message):
            kernel(function)[1](*arguments)

    def add(x):
        atomic.add(x, 0, 1)

    def mask(x):
        atomic.and_(x, 0, 1)

    def row(x):
        atomic.add(x, 0, 1)

    def private(x):
        atomic.add(metate.private.array(1, np.int32), 0, 1)

    refused(add, np.zeros(1, np.int8), message="argument 'array' of atomic.add.. cannot be")
    refused(add, np.zeros(1, np.complex64), message="argument 'array' of atomic.add.. cannot be")
    refused(mask, np.zeros(1), message="argument 'array' of atomic.and.. cannot be")
    refused(row, np.zeros((2, 2), np.int32), message="argument 'index' of atomic.add.. cannot be")
    refused(private, np.zeros(1), message="private memory")
    read_only = np.zeros(1, np.int32)
    read_only.flags.writeable = False
    refused(add, read_only, message="read-only")
