"""test_kernel_check – kernels with planted faults, each found with its line, its work-items and its array."""

import inspect
import re
import typing

import metate
import numpy as np
import pytest
from metate import GLOBAL_MEM_FENCE, LOCAL_MEM_FENCE, atomic, barrier, get_global_id, get_group_id, get_local_id, get_local_size
from metate.errors import KernelCheckError


def checked(function=None, **options):
    return metate.kernel(function, check=True, **options) if function else metate.kernel(check=True, **options)


def line_of(kernel, mark):
    """The number of the kernel's line that ends with the comment `mark`."""
    lines, first = inspect.getsourcelines(kernel.py_func)
    (found,) = (number for number, text in enumerate(lines, first) if text.rstrip().endswith(f"# {mark}"))
    return found


def fault(launch, *arguments):
    with pytest.raises(KernelCheckError) as caught:
        launch(*arguments)
    return str(caught.value)


# Out of bounds.


@checked(boundscheck=False)
def write_behind(x):
    i = get_global_id(0)
    x[i + 2] = i  # bad


def test_write_behind_an_array():
    memory = np.zeros(16)
    text = fault(write_behind[8], memory[:8])
    assert f"kernel 'write_behind' of {__file__}" in text
    assert f"out of bounds: work-item 6 writes element 8 of array 'x' in line {line_of(write_behind, 'bad')}" in text
    assert "it has 8 elements (64 bytes)" in text
    np.testing.assert_array_equal(memory[8:], 0)  # nothing was written there


@checked(boundscheck=False)
def read_before(x, out):
    i, j = get_global_id(0), get_global_id(1)
    out[i, j] = x[i, j - 8]  # bad


def test_read_before_an_array_in_two_dimensions():
    x = np.ones((4, 4), np.complex64)
    text = fault(read_before[(4, 4), (2, 2)], x[1:], np.zeros((4, 4), np.complex64))
    assert f"line {line_of(read_before, 'bad')}" in text and "'x'" in text
    assert "work-item (0, 0) reads element -4 of array 'x'" in text


@checked(boundscheck=False)
def write_behind_in_a_tuple(t, y):
    t[0][get_global_id(0) + 4] = 1  # bad
    t[1][0] = y[0]


class Pair(typing.NamedTuple):
    first: object
    second: object


@checked(boundscheck=False)
def faults_in_a_named_tuple(p):
    i = get_global_id(0)
    p.second[1].first[i // 2] = i  # race
    p.first[i] += 1  # bad


def test_arrays_in_tuples():
    memory, y = np.zeros(32), np.zeros(8)
    text = fault(write_behind_in_a_tuple[8, 1], (memory[16:24], memory[:1]), y)
    assert f"writes element 8 of array 't[0]' in line {line_of(write_behind_in_a_tuple, 'bad')}: it has 8 elements" in text
    assert "data race on element 0 of array 't[1]'" in text
    np.testing.assert_array_equal(memory, np.repeat([0, 1, 0], [20, 4, 8]))
    text = fault(faults_in_a_named_tuple[8, 8], Pair(memory[:6], (1, Pair(y, 2))))
    assert "data race on element 0 of array 'p.second[1].first': work-item 0 writes it" in text
    assert "reads element 6 of array 'p.first'" in text and "it has 6 elements" in text


@checked(boundscheck=False)
def beyond_an_accessor(item, t, x):
    t[1][item.get_local_id(0)] = x[0]  # bad


def test_local_accessors_in_tuples():
    text = fault(lambda: metate.call_kernel(beyond_an_accessor, metate.NdRange(8, 8),
                                            (1, metate.LocalAccessor(7, np.float64)), np.zeros(1)))
    assert "work-item 7 writes element 7 of local array 't[1]'" in text


SMALL, LARGE = np.array([1.0, 2.0, 1.0]), np.arange(100_000)
TABLES = (np.arange(4), np.arange(5000))


def test_global_arrays_have_the_names_of_their_variables():
    """Small ones lie in the module, large ones in variables that are filled."""
    closed_over = np.arange(5.0)

    @checked(boundscheck=False)
    def read_behind(x):
        n = x.size
        x[0] = SMALL[3 * n]
        x[0] = LARGE[100_000 * n]  # large
        x[0] = TABLES[0][4 * n] + TABLES[1][5000 * n]
        x[0] = closed_over[5 * n]

    text = fault(read_behind[1], np.zeros(1))
    assert "reads element 3 of array 'SMALL'" in text and "it has 3 elements (24 bytes)" in text
    assert f"reads element 100000 of array 'LARGE' in line {line_of(read_behind, 'large')}" in text
    assert "reads element 4 of array 'TABLES[0]'" in text and "reads element 5000 of array 'TABLES[1]'" in text
    assert "reads element 5 of array 'closed_over'" in text


@checked(boundscheck=False)
def beyond_local_memory(x):
    tmp = metate.local.array(4, np.float64)  # local
    i = get_local_id(0)
    tmp[i] = x[i]  # bad
    x[i] = tmp[i]


@checked(boundscheck=False)
def beyond_private_memory(x):
    mine = metate.private.array(4, np.float64)  # private
    i = get_global_id(0)
    mine[i] = 1.0  # bad
    x[i] = mine[0]


@checked(boundscheck=False)
def beyond_private_memory_by_a_constant(x):
    mine = metate.private.array(4, np.float64)  # private
    mine[0] = 2.0
    mine[5] = 1.0  # bad
    x[get_global_id(0)] = mine[0]


def test_beyond_local_and_private_arrays():
    text = fault(beyond_local_memory[5, 5], np.zeros(5))
    declared, bad = line_of(beyond_local_memory, "local"), line_of(beyond_local_memory, "bad")
    assert re.search(rf"work-item 4 writes element 4 of local array( 'tmp')?, line {declared} in line {bad}", text)
    text = fault(beyond_private_memory[6], np.zeros(6))
    declared, bad = line_of(beyond_private_memory, "private"), line_of(beyond_private_memory, "bad")
    assert re.search(rf"work-item 4 writes element 4 of private array( 'mine')?, line {declared} in line {bad}", text)
    text = fault(beyond_private_memory_by_a_constant[1], np.zeros(1))
    assert "work-item 0 writes element 5 of private array" in text


@checked(boundscheck=False)
def never_ends(x):
    i = 0
    while x[i] != 7.0:  # bad
        i += 1


def test_a_loop_that_goes_on_for_ever_behind_an_array_is_stopped():
    assert f"reads element 4 of array 'x' in line {line_of(never_ends, 'bad')}" in fault(never_ends[1], np.zeros(4))


@checked
def raises(x):
    x[get_global_id(0) + 1] = 0.0


def test_checked_indices_raise_index_error_still():
    with pytest.raises(IndexError):
        raises[4](np.zeros(4))


# Data races.


@checked
def shift(x):
    i = get_global_id(0)
    if i + 1 < x.shape[0]:
        x[i] = x[i + 1]  # race


def test_race_in_a_work_group():
    text = fault(shift[8, 8], np.zeros(8))
    line = line_of(shift, "race")
    assert f"data race on element 1 of array 'x': work-item 0 reads it in line {line} and work-item 1 writes it" in text
    assert "they are in one work-group: a barrier" in text


def test_race_between_work_groups():
    text = fault(shift[8, 1], np.zeros(8))
    assert "data race on element 1 of array 'x': work-item 0 reads" in text and "different work-groups" in text


@checked
def missing_barrier(x):
    tmp = metate.local.array(8, np.int32)
    i = get_local_id(0)
    tmp[i] = i  # write
    x[get_global_id(0)] = tmp[7 - i]  # read


@checked
def with_barrier(x):
    tmp = metate.local.array(8, np.int32)
    i = get_local_id(0)
    tmp[i] = i
    barrier(LOCAL_MEM_FENCE)
    x[get_global_id(0)] = tmp[7 - i]


def test_race_in_local_memory():
    text = fault(missing_barrier[16, 8], np.zeros(16, np.int32))
    read, write = line_of(missing_barrier, "read"), line_of(missing_barrier, "write")
    assert re.search(rf"data race on element \d of local array.*work-item \d reads it in line {read} and work-item \d "
                     rf"writes it in line {write}", text) or \
        re.search(rf"data race on element \d of local array.*writes it in line {write} and work-item \d reads it in line {read}", text)
    x = np.zeros(16, np.int32)
    with_barrier[16, 8](x)
    np.testing.assert_array_equal(x, np.tile(np.arange(8)[::-1], 2))


def reversed_over(*synchronise):
    """A kernel whose items read what others have written before they came to these barriers and fences."""
    first, second = (*synchronise, lambda: None)[:2]
    first, second = metate.device_func(first), metate.device_func(second)

    @checked
    def exchange(x, y):
        tmp = metate.local.array(8, np.int32)
        i = get_local_id(0)
        x[i] = tmp[i] = i  # write
        first()
        second()
        y[i] = x[7 - i]  # read
        y[i] += tmp[7 - i]  # read local

    return exchange


def wait_for(flags):
    return lambda: barrier(flags)


def test_barriers_order_the_memory_that_they_are_for():
    arguments = np.zeros(8, np.int32), np.zeros(8, np.int32)
    for flags, array, line, other in ((LOCAL_MEM_FENCE, "element 7 of array 'x'", "read", "GLOBAL_MEM_FENCE"),
                                      (GLOBAL_MEM_FENCE, "element 7 of local array 'tmp'", "read local", "LOCAL_MEM_FENCE")):
        kernel = reversed_over(wait_for(flags))
        text = fault(kernel[8, 8], *arguments)
        assert f"data race on {array}" in text and "has 2 faults" not in text
        assert f"work-item 0 reads it in line {line_of(kernel, line)}" in text
        assert "they are in one work-group, but the barrier between the two does not order" in text
        assert f"memory, as one with {other} would" in text


@pytest.mark.parametrize("synchronise", [
    [lambda: barrier()],
    [wait_for(GLOBAL_MEM_FENCE | LOCAL_MEM_FENCE)],
    [wait_for(LOCAL_MEM_FENCE), wait_for(GLOBAL_MEM_FENCE)],
    [lambda: metate.mem_fence(GLOBAL_MEM_FENCE), wait_for(LOCAL_MEM_FENCE)],
])  # fmt: skip
def test_barriers_and_fences_add_up(synchronise):
    y = np.zeros(8, np.int32)
    reversed_over(*synchronise)[8, 8](np.zeros(8, np.int32), y)
    np.testing.assert_array_equal(y, 2 * np.arange(8)[::-1])


@checked
def group_barrier_for_nobody(item, x, y):
    i = item.get_global_linear_id()
    x[i] = i
    metate.group_barrier(item.get_group(), metate.MemoryScope.WORK_ITEM)
    y[i] = x[7 - i]


def test_a_barrier_whose_memory_is_that_of_the_item():
    with pytest.raises(KernelCheckError, match="data race on element 7 of array 'x'"):
        metate.call_kernel(group_barrier_for_nobody, metate.NdRange(8, 8), np.zeros(8), np.zeros(8))


@checked
def both_write(flags):
    flags[get_global_id(0) // 2] = get_global_id(0)  # race


def test_race_of_writes_of_neighbouring_bytes():
    """Bytes beside each other are no race, the same byte is one."""
    text = fault(both_write[8, 8], np.zeros(4, np.uint8))
    assert "data race on element 0 of array 'flags': work-item 0 writes it" in text and "and work-item 1 writes it" in text


@checked
def bytes_beside_each_other(flags):
    flags[get_global_id(0)] = get_global_id(0)


def test_neighbours_are_no_race():
    for dtype in np.uint8, np.int16, np.float32, np.complex128:
        x = np.zeros(37, dtype)
        bytes_beside_each_other[37](x)
        np.testing.assert_array_equal(x, np.arange(37).astype(dtype))


@checked
def count(total, x):
    atomic.add(total, 0, x[get_global_id(0)])


@checked
def count_and_look(total, x):
    atomic.add(total, 0, x[get_global_id(0)])
    x[get_global_id(0)] = total[0]  # race


@pytest.mark.parametrize("dtype", [np.int32, np.float64])
def test_atomic_operations_do_not_race_with_each_other(dtype):
    total = np.zeros(1, dtype)
    count[64, 8](total, np.ones(64, dtype))
    assert total[0] == 64
    text = fault(count_and_look[64, 8], np.zeros(1, dtype), np.ones(64, dtype))
    assert "data race on element 0 of array 'total'" in text and "writes it atomically" in text


# Local memory that nobody wrote.


@checked
def uninitialised(x):
    tmp = metate.local.array(8, np.float32)
    i = get_local_id(0)
    if i < 4:
        tmp[i] = x[i]
    barrier()
    x[get_global_id(0)] = tmp[i]  # bad


def test_uninitialised_local_memory():
    text = fault(uninitialised[16, 8], np.zeros(16, np.float32))
    bad = line_of(uninitialised, "bad")
    assert "uninitialised local memory: work-item 4 reads element 4 of local array" in text and f"in line {bad}" in text


# Barriers that not all come to.


@checked
def half_waits(x):
    if get_local_id(0) < 4:
        barrier()  # here
    x[get_global_id(0)] = 1


@checked
def two_barriers(x):
    if get_local_id(0) < 4:
        barrier()  # one
    else:
        barrier()  # other
    x[get_global_id(0)] = 1


def test_divergent_barriers():
    text = fault(half_waits[8, 8], np.zeros(8))
    assert f"barrier divergence: work-item 0 waits at the barrier in line {line_of(half_waits, 'here')}" in text
    assert "and work-item 4 of the same work-group has ended" in text
    text = fault(two_barriers[16, 8], np.zeros(16))
    assert f"work-item 0 waits at the barrier in line {line_of(two_barriers, 'one')}" in text
    assert f"work-item 4 of the same work-group waits at the barrier in line {line_of(two_barriers, 'other')}" in text


# Several, and asynchronous ones.


@checked(boundscheck=False)
def two_faults(x, y):
    i = get_global_id(0)
    x[i + 4] = 0.0  # first
    y[0] = i  # second


def test_all_faults_are_in_one_report():
    text = fault(two_faults[8], np.zeros(8), np.zeros(1))
    assert "has 2 faults:" in text
    assert f"out of bounds: work-item 4 writes element 8 of array 'x' in line {line_of(two_faults, 'first')}" in text
    assert "data race on element 0 of array 'y'" in text and f"writes it in line {line_of(two_faults, 'second')}" in text


def test_asynchronous_launches_report_when_waited_for():
    queue = metate.Queue(property="in_order")
    x = metate.asarray(np.zeros(8), queue=queue)
    good = queue.submit_async(bytes_beside_each_other, (x,), [8])
    bad = queue.submit_async(shift, (x,), [8])
    good.wait()
    with pytest.raises(KernelCheckError, match="data race on element 1 of array 'x'"):
        bad.wait()
    # Two that fail are told apart.
    other = queue.submit_async(write_behind, (x,), [8])
    again = queue.submit_async(shift, (x,), [8])
    with pytest.raises(KernelCheckError, match="out of bounds"):
        other.wait()
    with pytest.raises(KernelCheckError, match="data race"):
        again.wait()


def test_a_checked_kernel_and_one_that_is_not():
    """The same function both ways: what is checked is no part of the other."""
    plain = metate.kernel(shift.py_func)
    plain[8](np.zeros(8))
    assert "metate check" not in plain.inspect_spirv(np.zeros(8))
    with pytest.raises(TypeError, match="'check' takes a bool"):
        metate.kernel(check="yes")(shift.py_func)


# Nothing to find.


@checked
def sum_groups(x, sums):
    shared = metate.local.array(64, np.float64)
    i = get_local_id(0)
    shared[i] = x[get_global_id(0)]
    step = get_local_size(0) // 2
    while step > 0:
        barrier(LOCAL_MEM_FENCE)
        if i < step:
            shared[i] += shared[i + step]
        step //= 2
    if i == 0:
        sums[get_group_id(0)] = shared[0]


def test_a_tree_reduction_has_no_fault():
    x, sums = np.arange(256.0), np.zeros(4)
    sum_groups[256, 64](x, sums)
    np.testing.assert_array_equal(sums, x.reshape(4, 64).sum(axis=1))


@pytest.mark.filterwarnings("error")
def test_device_arrays_are_checked_on_their_queue():
    """No device_context is there to be warned of."""
    device = next(device for device in metate.get_devices() if device.is_software)
    x = metate.zeros(8, queue=metate.Queue(device))
    assert "out of bounds" in fault(write_behind[8], x)
    with metate.device_context(metate.Queue(device)), pytest.raises(metate.errors.MetateWarning, match="has no effect"):
        write_behind[6](x)
