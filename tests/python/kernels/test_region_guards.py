"""test_region_guards – kernels with barriers: the items of a row that pass all checks run in a loop without these.

Each kernel is compared with what Python does when each item of a group is a thread, and barriers are barriers.
"""

import threading

import metate
import numpy as np
import pytest
from metate import barrier, get_global_id, get_group_id, get_local_id, get_local_size, kernel

SIZE = 32


class Items:
    """Runs a kernel's function group by group."""

    def __init__(self, function):
        self.function = function
        self.own = threading.local()

    def names(self, group, local_arrays, meeting):
        def local_array(shape, dtype):
            # All items ask for their arrays in the same order.
            number = self.own.arrays = self.own.arrays + 1
            with lock:
                return local_arrays.setdefault(number, np.zeros(shape, dtype))

        lock = threading.Lock()
        memory = type("local", (), {"array": staticmethod(local_array)})
        return self.function.__globals__ | {
            "get_global_id": lambda axis: self.own.local[axis] + group[axis] * self.size[axis],
            "get_local_id": lambda axis: self.own.local[axis],
            "get_group_id": lambda axis: group[axis],
            "get_local_size": lambda axis: self.size[axis],
            "barrier": meeting.wait,
            "metate": type("metate", (), {"local": memory}),
        }

    def run(self, items, size, arguments):
        self.size = size
        for group in np.ndindex(*(count // extent for count, extent in zip(items, size))):
            meeting = threading.Barrier(int(np.prod(size)))
            names = self.names(group, {}, meeting)

            def item(local, names=names):
                self.own.local, self.own.arrays = local, 0
                type(self.function)(self.function.__code__, names)(*arguments)

            threads = [threading.Thread(target=item, args=(local,)) for local in np.ndindex(*size)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()


def run(function, items, size, *arguments):
    """What the kernel leaves in its arguments is what the threads leave in theirs."""
    ours, theirs = ([np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments] for _ in range(2))
    kernel(function)[items, size](*ours)
    Items(function).run(items, size, theirs)
    for one, other in zip(ours, theirs):
        assert np.array_equal(one, other)


def neighbours(a, b):
    tile = metate.local.array(SIZE, np.int64)
    i = get_global_id(0)
    n = get_local_id(0)
    if i < len(a):
        tile[n] = a[i]
    else:
        tile[n] = -1
    barrier()
    if i < len(a):
        b[i] = tile[n] * 100 + tile[(n + 1) % get_local_size(0)]


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 90, 128])
def test_a_condition_before_the_checks(length):
    run(neighbours, (128,), (32,), np.arange(length) + 5, np.zeros(length, np.int64))


def sums_by_a_tree(a, sums):
    part = metate.local.array(SIZE, np.int64)
    n = get_local_id(0)
    part[n] = a[get_global_id(0)]
    barrier()
    width = get_local_size(0)
    while width > 1:
        half = (width + 1) // 2
        if n + half < width:
            part[n] += part[n + half]
        barrier()
        width = half
    if n == 0:
        sums[get_group_id(0)] = part[0]


@pytest.mark.parametrize("size", [1, 2, 5, 16, 31, 32])
def test_a_loop_around_a_barrier_whose_counter_all_share(size):
    run(sums_by_a_tree, (4 * size,), (size,), np.arange(4 * size) ** 2, np.zeros(4, np.int64))


def later_part(a, b, flag, low, high, shift):
    tile = metate.local.array(SIZE, np.int64)
    n = get_local_id(0)
    tile[n] = a[get_global_id(0)]
    barrier()
    total = 0
    for step in range(3):
        if flag > step:
            if low <= n and n < high:
                total += tile[n + shift] * (step + 1)
        barrier()
        tile[n] += total
        barrier()
    b[get_global_id(0)] = total


@pytest.mark.parametrize("flag", [0, 1, 3])
@pytest.mark.parametrize("low, high, shift", [
    (0, 32, 0), (4, 28, -4), (4, 28, 4), (10, 12, 20), (0, 0, 2**40), (40, 50, -(2**40)), (31, 32, -31), (0, 1, 31)])
def test_checks_that_only_some_come_to(flag, low, high, shift):
    """For other items the index would be outside; they must neither fail nor be kept from what they do."""
    run(later_part, (96,), (32,), np.arange(96), np.zeros(96, np.int64), flag, low, high, shift)


def product(a, b, c):
    left = metate.local.array((4, 8), np.float64)
    right = metate.local.array((8, 8), np.float64)
    row, column = get_global_id(0), get_global_id(1)
    i, j = get_local_id(0), get_local_id(1)
    total = 0.0
    for tile in range((a.shape[1] + 7) // 8):
        left[i, j] = 0.0
        if row < a.shape[0] and tile * 8 + j < a.shape[1]:
            left[i, j] = a[row, tile * 8 + j]
        for half in range(2):
            k = i + 4 * half
            right[k, j] = 0.0
            if tile * 8 + k < b.shape[0] and column < b.shape[1]:
                right[k, j] = b[tile * 8 + k, column]
        barrier()
        for k in range(8):
            total += left[i, k] * right[k, j]
        barrier()
    if row < c.shape[0] and column < c.shape[1]:
        c[row, column] = total


@pytest.mark.parametrize("rows, middle, columns", [(8, 16, 16), (7, 13, 9), (1, 1, 1), (8, 3, 16), (5, 17, 15)])
def test_a_product_whose_extents_are_no_multiples(rows, middle, columns):
    random = np.random.default_rng(rows * middle * columns)
    a, b = random.integers(-9, 9, (rows, middle)) * 1.0, random.integers(-9, 9, (middle, columns)) * 1.0
    run(product, (8, 16), (4, 8), a, b, np.zeros((rows, columns)))


@kernel
def rotate(a, b, shift):
    tile = metate.local.array(SIZE, np.int64)
    n = get_local_id(0)
    tile[n] = a[get_global_id(0)]
    barrier()
    b[get_global_id(0)] = tile[n + shift]


@pytest.mark.parametrize("shift, first, index", [(1, 31, 32), (31, 1, 32), (32, 0, 32), (-33, 0, -33), (-34, 0, -34)])
def test_the_first_item_that_fails_behind_a_barrier_is_reported(shift, first, index):
    a = np.arange(64) + 1
    b = np.zeros(64, np.int64)
    with pytest.raises(IndexError, match=f"index {index} is out of bounds for axis 0 with size 32") as caught:
        rotate[64, 32](a, b, shift)
    if hasattr(caught.value, "__notes__"):
        assert caught.value.__notes__ == [f"raised by the work-item with global id {first}"]
    # The items before it had nothing to do with that.
    assert np.array_equal(b[:first], a[shift:shift + first])


@pytest.mark.parametrize("shift", [-32, -5, -1, 0])
def test_negative_indices_wrap_behind_a_barrier(shift):
    a = np.arange(64) + 1
    b = np.zeros(64, np.int64)
    rotate[64, 32](a, b, shift)
    assert np.array_equal(b.reshape(2, 32), np.roll(a.reshape(2, 32), -shift, axis=1))


def test_ids_that_begin_at_an_offset():
    a = np.arange(128) + 1
    b = np.zeros(128, np.int64)
    rotate[64, 32, 64](a, b, -1)
    assert np.array_equal(b[64:].reshape(2, 32), np.roll(a[64:].reshape(2, 32), 1, axis=1))
    assert not b[:64].any()
    with pytest.raises(IndexError, match="index 128 is out of bounds for axis 0 with size 128"):
        rotate[64, 32, 80](a, b, 0)


@kernel
def in_three_dimensions(a, b):
    tile = metate.local.array((2, 3, 5), np.int64)
    i, j, k = get_global_id(0), get_global_id(1), get_global_id(2)
    x, y, z = get_local_id(0), get_local_id(1), get_local_id(2)
    tile[x, y, z] = a[i, j, k]
    barrier()
    b[i, j, k] = tile[1 - x, 2 - y, 4 - z]


def test_three_dimensions():
    a = np.random.default_rng(3).integers(0, 100, (4, 6, 10))
    b = np.zeros_like(a)
    in_three_dimensions[(4, 6, 10), (2, 3, 5)](a, b)
    assert np.array_equal(b, a.reshape(2, 2, 2, 3, 2, 5)[:, ::-1, :, ::-1, :, ::-1].reshape(a.shape))
    with pytest.raises(IndexError, match="axis 1 with size 6"):
        in_three_dimensions[(4, 9, 10), (2, 3, 5)](a, b)


@kernel
def what_differs_stays_apart(a, b):
    """The same names hold what is the same for all, and what is not; both live across barriers."""
    n = get_local_id(0)
    kind = 1
    if a[n] > 2:
        kind = 7
    steps = 0
    for step in range(len(a) // get_local_size(0)):
        steps = step + kind
        barrier()
        b[step, n] = a[n + step * get_local_size(0)] * 1000 + steps * 10 + kind
        barrier()
    barrier()
    b[-1, n] = steps


def test_what_differs_between_items_is_kept_for_each():
    a = np.arange(40) % 5
    b = np.zeros((6, 8), np.int64)
    what_differs_stays_apart[8, 8](a, b)
    kind = np.where(a[:8] > 2, 7, 1)
    for step in range(5):
        assert np.array_equal(b[step], a[8 * step:8 * step + 8] * 1000 + (step + kind) * 10 + kind)
    assert np.array_equal(b[5], 4 + kind)
