"""Array expressions that work-items compute into parts of arrays, with a plain function and a compiled one as models."""

import numpy as np
import pytest

import metate
from metate import get_global_id, kernel, njit


def copy_row(x, y, z, i):
    z[i] = x[i]


def copy_row_slice(x, y, z, i):
    z[i, :] = x[i, :]


def copy_column(x, y, z, i):
    z[:, i] = x[:, i]


def add_rows(x, y, z, i):
    np.add(x[i], y[i], z[i])


def add_rows_into(x, y, z, i):
    np.add(x[i], y[i], out=z[i])


def combine_rows(x, y, z, i):
    z[i, 1:] = 2 * x[i, 1:] + np.sqrt(y[i, :-1])


def row_of_row(x, y, z, i):
    z[i] = x[0]
    z[i] += y[0, 0] * y[i]


def whole(x, y, z, i):
    if i == 0:
        np.add(x, y, out=z)


FUNCTIONS = [copy_row, copy_row_slice, copy_column, add_rows, add_rows_into, combine_rows, row_of_row, whole]


def in_kernel(function):
    """The function as a kernel that each work-item calls once; the last argument is their number."""
    body = njit(function)

    @kernel
    def items(x, y, z):
        body(x, y, z, get_global_id(0))

    return lambda x, y, z, count: items[count](x, y, z)


def in_loop(function):
    def items(x, y, z, count):
        for i in range(count):
            function(x, y, z, i)

    return items


WAYS = [pytest.param(in_kernel, id="kernel"), pytest.param(lambda f: in_loop(njit(f)), id="njit")]


def numbers(dtype, shape=(4, 4)):
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", [np.int8, np.float32, np.float64, np.complex128])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f is not combine_rows])
def test_arrays_that_lie_apart(way, function, order, dtype):
    x, y = np.asarray(numbers(dtype), order=order), np.asarray(numbers(dtype)[::-1], order=order)
    expected, actual = np.zeros_like(x), np.zeros_like(x)
    in_loop(function)(x, y, expected, 4)
    way(function)(x, y, actual, 4)
    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("function", [copy_row, copy_row_slice, copy_column, add_rows, add_rows_into, whole])
def test_one_array_as_source_and_target(way, function):
    """What is read where it is written does no harm, whatever the parameters are called."""
    expected, actual = numbers(np.float64), numbers(np.float64)
    in_loop(function)(expected, expected, expected, 4)
    way(function)(actual, actual, actual, 4)
    np.testing.assert_array_equal(actual, expected)


def next_column(x, y, z, i):
    z[:, 2 * i] = x[:, 2 * i + 1] + 1


def next_row(x, y, z, i):
    z[2 * i] = x[2 * i + 1] + y[2 * i + 1]


def next_columns(x, y, z, i):
    if i == 0:
        z[:, :2] = x[:, 2:]


def next_columns_turned(x, y, z, i):
    if i == 0:
        z[::-1, 1::-1] = x[::-1, 2:]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("function", [next_column, next_row, next_columns, next_columns_turned])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.int8, np.float64])
def test_parts_of_one_array_that_share_no_element(way, function, order, dtype):
    expected, actual = (np.asarray(numbers(dtype), order=order) for _ in range(2))
    in_loop(function)(expected, expected, expected, 2)
    way(function)(actual, actual, actual, 2)
    np.testing.assert_array_equal(actual, expected)


def test_planes_of_one_array():
    @kernel
    def next_plane(x):
        i = get_global_id(0)
        x[:, 2 * i] = x[:, 2 * i + 1]

    expected, actual = numbers(np.float32, (3, 4, 5)), numbers(np.float32, (3, 4, 5))
    expected[:, ::2] = expected[:, 1::2]
    next_plane[2](actual)
    np.testing.assert_array_equal(actual, expected)


def shift(x, y, z, i):
    z[i, 1:] = z[i, :-1]


def turn(x, y, z, i):
    z[i] = z[i, ::-1]


def smooth(x, y, z, i):
    np.add(z[i, :-1], z[i, 1:], out=z[i, 1:])


def spread(x, y, z, i):
    z[i] = z[i, 1:2]


SHARED = [shift, turn, smooth, spread]


@pytest.mark.parametrize("function", SHARED)
def test_overlap_needs_a_temporary(function):
    """NumPy computes as if there was one; a kernel says that it has none, and has written nothing."""
    x = numbers(np.float64)
    expected, actual = x.copy(), x.copy()
    in_loop(function)(x, x, expected, 4)
    in_loop(njit(function))(x, x, actual, 4)
    np.testing.assert_array_equal(actual, expected)
    with pytest.raises(ValueError, match="overlaps it, and a kernel has no memory for a temporary array"):
        in_kernel(function)(x, x, x, 4)
    np.testing.assert_array_equal(x, numbers(np.float64))


PARTS = {
    "the same": (np.s_[0:8], np.s_[0:8], True),
    "one behind the other": (np.s_[0:8], np.s_[8:16], True),
    "in the gaps": (np.s_[0:16:2], np.s_[1:17:2], True),
    "in the gaps, backward": (np.s_[16:0:-2], np.s_[15::-2], True),
    "moved up": (np.s_[0:8], np.s_[1:9], False),
    "moved down": (np.s_[1:9], np.s_[0:8], False),
    "moved by a step": (np.s_[0:16:2], np.s_[2:18:2], False),
    "reversed": (np.s_[0:8], np.s_[7::-1], False),
    "another step": (np.s_[0:8], np.s_[0:16:2], False),
}


@pytest.mark.parametrize("dtype", [np.int8, np.float64, np.complex128])
@pytest.mark.parametrize("source, target, works", PARTS.values(), ids=PARTS)
def test_parameters_that_overlap(source, target, works, dtype):
    def double(x, z):
        z[:] = 2 * x

    @kernel
    def double_once(x, z):
        z[:] = 2 * x

    expected, compiled, device = (np.arange(20).astype(dtype) for _ in range(3))
    double(expected[source], expected[target])
    njit(double)(compiled[source], compiled[target])
    np.testing.assert_array_equal(compiled, expected)
    if works:
        double_once[1](device[source], device[target])
        np.testing.assert_array_equal(device, expected)
        return
    with pytest.raises(ValueError, match="an array is computed from one that overlaps it"):
        double_once[1](device[source], device[target])


def test_elements_that_share_some_bytes():
    def copy(x, z):
        z[:] = x

    expected, compiled, device = (np.arange(96, dtype=np.uint8) for _ in range(3))

    def parts(memory):
        return memory[:64].view(np.uint64), memory[4:68].view(np.uint64)

    copy(*parts(expected))
    njit(copy)(*parts(compiled))
    np.testing.assert_array_equal(compiled, expected)

    @kernel
    def copy_once(x, z):
        z[:] = x

    with pytest.raises(ValueError, match="overlaps it"):
        copy_once[1](*parts(device))


def test_parts_of_complex_numbers():
    @kernel
    def imaginary_to_real(x):
        x.real[:] = x.imag

    x = np.arange(6) + 1j * np.arange(6, 12)
    imaginary_to_real[1](x)
    np.testing.assert_array_equal(x, np.arange(6, 12) * (1 + 1j))


def test_private_and_local_arrays_overlap_no_argument():
    @njit
    def fill(target, source):
        target[:] = source

    @kernel
    def through(x, z):
        i = metate.get_global_id(0)
        own = metate.private.array(4, np.float64)
        fill(own, x[i])
        fill(z[i], own)

    x, z = numbers(np.float64), np.zeros((4, 4))
    through[4](x, z)
    np.testing.assert_array_equal(z, x)


def test_empty_rows():
    x, z = np.zeros((3, 0)), np.zeros((3, 0))
    in_kernel(copy_row)(x, x, z, 3)


def test_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match=r"could not broadcast input array from shape \(4,\) into shape \(3,\)"):
        in_kernel(copy_row)(numbers(np.float64), numbers(np.float64), np.zeros((4, 3)), 4)
