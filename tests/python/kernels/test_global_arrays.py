"""Global and closed-over arrays in kernels: frozen when the kernel is compiled, as under njit."""

import gc

import numpy as np
import pytest

import metate
from metate import device_func, get_global_id, kernel, njit

WEIGHTS = np.array([1.0, 2.0, 1.0])
LARGE = np.arange(100_000) * 3 % 1009


@pytest.mark.parametrize("dtype", ["?", "i1", "u2", "i4", "u8", "f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("count", [3, 5000])  # in the module, and in a variable that is filled
def test_of_every_dtype(dtype, count):
    table = (np.arange(count) % 7).astype(dtype)

    @kernel
    def gather(places, out):
        i = get_global_id(0)
        out[i] = table[places[i]]

    places = np.array([2, 0, 1, count - 1, -1, -count])
    out = np.zeros(6, dtype)
    gather[6](places, out)
    np.testing.assert_array_equal(out, table[places])


def test_global_ones_are_those_of_njit():
    def weigh(x, i):
        total = 0.0
        for k in range(WEIGHTS.size):
            total += WEIGHTS[k] * x[i + k] * LARGE[i]
        return total

    on_cpu = njit(weigh)
    on_device = device_func(weigh)

    @kernel
    def smooth(x, out):
        i = get_global_id(0)
        out[i] = on_device(x, i) + WEIGHTS[1] + LARGE[-1]

    x = np.linspace(0, 1, 50)
    out = np.zeros(48)
    smooth[48](x, out)
    np.testing.assert_array_equal(out, [on_cpu(x, i) + 2 + LARGE[-1] for i in range(48)])


def test_layouts_and_views():
    rows = np.arange(12.0).reshape(3, 4)
    columns = np.asfortranarray(rows * 2)
    empty = np.zeros((0, 3))

    @kernel
    def combine(x):
        i, j = get_global_id(0), get_global_id(1)
        row = rows[i]
        x[i, j] = row[j] + columns[i, j] + columns[:, j].sum() + rows[:, ::-1][i, j] + empty.shape[1]

    x = np.zeros((3, 4))
    combine[metate.Range(3, 4)](x)
    np.testing.assert_array_equal(x, rows + columns + columns.sum(0) + rows[:, ::-1] + 3)


def test_what_is_frozen():
    table = np.arange(3)

    @kernel
    def copy(x):
        x[get_global_id(0)] = table[get_global_id(0)]

    x = np.zeros(3)
    copy[3](x)
    table[:] = 9
    copy[3](x)
    assert x.tolist() == [0, 1, 2]


def test_one_of_two():
    small, large = np.arange(4.0), np.arange(4000.0) * 10

    @kernel
    def pick(flag, x, out):
        i = get_global_id(0)
        table = x
        if flag == 1:
            table = small
        elif flag == 2:
            table = large
        out[i] = table[i]

    for flag, factor in (0, 100), (1, 1), (2, 10):
        out = np.zeros(4)
        x = np.arange(4.0) * 100
        x.flags.writeable = False
        pick[4](flag, x, out)
        np.testing.assert_array_equal(out, np.arange(4) * factor)


def test_in_tuples_and_with_groups():
    pair = (np.arange(4), np.arange(5000) * 2)

    @kernel
    def exchange(item, x):
        shared = metate.local.array(4, np.int64)
        i = item.get_local_id(0)
        shared[i] = pair[0][i] + pair[1][i]
        metate.group_barrier(item.get_group())
        x[item.get_global_id(0)] = shared[3 - i]

    x = np.zeros(8, np.int64)
    metate.call_kernel(exchange, metate.NdRange(8, 4), x)
    assert x.tolist() == [9, 6, 3, 0] * 2


def test_device_arrays_beside_them():
    @kernel
    def add(x):
        i = get_global_id(0)
        x[i] += LARGE[i] + WEIGHTS[0]

    x = metate.zeros(5)
    add[5](x)
    np.testing.assert_array_equal(metate.asnumpy(x), LARGE[:5] + 1)


def test_indices_are_checked():
    @kernel
    def read(x):
        x[0] = LARGE[x.size]

    @kernel(check=True, boundscheck=False)
    def read_beyond(x):
        x[0] = WEIGHTS[x.size]

    with pytest.raises(IndexError, match="index 100000 is out of bounds for axis 0 with size 100000"):
        read[1](np.zeros(100_000))
    with pytest.raises(metate.errors.KernelCheckError):
        read_beyond[1](np.zeros(30_000))


def test_they_are_not_written():
    @kernel
    def write(x):
        WEIGHTS[0] = x[0]

    with pytest.raises(TypeError, match="MT3006"):
        write[1](np.zeros(1))


def test_kernels_go_without_their_arrays():
    def make(k):
        table = np.arange(5000) + k

        @kernel
        def read(x):
            x[get_global_id(0)] = table[get_global_id(0)]

        x = np.zeros(3)
        read[3](x)
        return x.tolist()

    for k in range(3):
        assert make(k) == [k, k + 1, k + 2]
        gc.collect()
