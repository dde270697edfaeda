"""Reading by index: integers, slices, ellipsis, new axes, iteration, unpacking, attributes."""

import metate
import numpy as np
import pytest
from numpy_twin import LAYOUTS, check, compiled, laid_out, samples


def items(a):
    return a[0, 1], a[-1, -2], a[1][2], a[np.int8(1), np.uint16(0)], a[True.__int__(), 0]


def rows(a):
    return a[0], a[-1], a[1, :], a[:, 1], a[..., 0], a[0, ...], a[...], a[()]


def slices(a):
    return a[1:], a[:2], a[::2], a[::-1], a[2:0:-1], a[-2:], a[:, ::-2], a[5:2], a[1:100], a[-100:1], a[:, 3:1:-1]


def varying(a, start, stop, step):
    return a[start:stop:step], a[start:stop], a[start:], a[:stop], a[::step], a[:, start:stop:step]


def new_axes(a):
    return a[np.newaxis], a[:, None], a[None, :, None, :], a[..., None], a[0, None]


def cube(a):
    return a[0], a[:, 1], a[..., 2], a[1, ..., 0], a[0, 1, 2], a[:, :, ::-1], a[1:, 0, 1:], a[-1, -1]


def iterate(a):
    total = 0.0
    for row in a:
        for x in row:
            total += x
    return total


def iterate_with(a):
    total = 0.0
    for i, x in enumerate(a):
        total += i * x
    for x, y in zip(a, a[::-1]):
        total -= x * y
    return total


def unpack_shape(a):
    n, m = a.shape
    return n, m, a.shape[0], a.shape[-1], len(a), a.shape


def unpack_array(a):
    x, y, z = a
    return x + y, z


def attributes(a):
    return a.shape, a.size, a.ndim, a.itemsize, a.nbytes, a.strides, a.dtype == np.float64, a.T.strides


def numpy_questions(a):
    return np.shape(a), np.size(a), np.ndim(a), np.size(a, 0)


def flat(a):
    return a.flat[0], a.flat[3], a.flat[-1], len(a.flat)


def iterate_flat(a):
    total = 0.0
    for i, x in enumerate(a.flat):
        total += i * x
    return total


def views(a):
    return a.T, a.transpose(), np.transpose(a), a.reshape(-1), a.reshape(2, 6), a.reshape((6, 2)), a.ravel(), a.flatten()


def more_views(a):
    return np.swapaxes(a, 0, 2), a.transpose(1, 2, 0), np.transpose(a, (2, 0, 1)), np.expand_dims(a, 1), a.T


def reshape(a, n, m):
    return a.reshape(n, m)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("function", [rows, slices, new_axes, iterate, unpack_shape, attributes, numpy_questions])
def test_matrix(function, layout):
    check(function, laid_out(samples("f8", (4, 5)), layout))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_cube(layout):
    check(cube, laid_out(samples("f4", (3, 4, 5)), layout))
    check(more_views, laid_out(samples("f4", (3, 4, 5)), layout))


@pytest.mark.parametrize("start", [-7, -2, 0, 1, 3, 9])
@pytest.mark.parametrize("stop", [-8, -1, 0, 2, 4, 10])
@pytest.mark.parametrize("step", [-3, -1, 1, 2])
def test_varying_slices(start, stop, step):
    check(varying, samples("i4", (5, 6)), start, stop, step)


def test_slice_without_step():
    check(varying, samples("i4", (5, 6)), 0, 3, 0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_flat(layout):
    check(flat, laid_out(samples("f8", (2, 3)), layout))
    check(iterate_flat, laid_out(samples("f8", (2, 3)), layout))


def test_views():
    check(views, samples("f8", (3, 4)))


@pytest.mark.parametrize("n, m", [(2, 6), (-1, 3), (4, -1), (-1, -1), (5, 3), (12, 1)])
def test_reshape(n, m):
    check(reshape, samples("f8", (3, 4)), n, m)


@pytest.mark.parametrize("shape", ["-1, 5", "5, -1", "5, 3", "5,", "-1, 3, 5", "-1, -1", "7, -1, 2", "0, -1"])
def test_shapes_that_do_not_fit(shape):
    scope = {}
    exec(f"def reshape(a): return a.reshape({shape})", scope)
    check(scope["reshape"], samples("f8", (3, 4)))


@pytest.mark.parametrize("n, m", [(0, -1), (-1, 0), (0, 5), (-1, 5)])
def test_reshape_of_nothing(n, m):
    a = np.zeros((0, 3))
    if n * m == 0 and min(n, m) < 0:
        with pytest.raises(ValueError, match="cannot reshape array of size 0"):
            compiled(reshape)(a, n, m)
    else:
        check(reshape, a, n, m)


def test_iterate_with():
    check(iterate_with, samples("f8", (7,)))


def test_unpack():
    check(unpack_array, samples("f8", (3,)))
    check(unpack_array, samples("f8", (4,)))
    check(unpack_array, samples("f8", (2,)))


def element(a, i, j):
    return a[i, j]


def row(a, i):
    return a[i]


@pytest.mark.parametrize("i, j", [(3, 0), (0, 4), (-4, 0), (0, -5), (10**12, 0)])
def test_index_errors(i, j):
    a = samples("f8", (3, 4))
    check(element, a, i, j)


@pytest.mark.parametrize("i", [3, -4])
def test_row_errors(i):
    check(row, samples("f8", (3, 4)), i)


def test_views_share_memory():
    a = samples("f8", (6, 4))
    for function in (lambda x: x[1:], lambda x: x.T, lambda x: x[::2, 1], lambda x: x.reshape(4, 6), lambda x: x[0]):
        view = compiled(function)(a)
        assert np.shares_memory(view, a)
        assert view.flags.writeable


def test_views_of_read_only_arrays_are_read_only():
    a = laid_out(samples("f8", (6, 4)), "readonly")
    assert not compiled(lambda x: x[1:].T)(a).flags.writeable


def test_an_argument_comes_back_as_itself():
    a = samples("f8", (3,))
    assert compiled(lambda x: x)(a) is a


def test_views_keep_their_base_alive():
    view = compiled(lambda n: np.arange(n)[::2])(1000)
    others = [compiled(lambda n: np.arange(n)[::2])(1000) for _ in range(10)]
    np.testing.assert_array_equal(view, np.arange(0, 1000, 2))
    assert len(others) == 10


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_empty_arrays(shape):
    a = np.zeros(shape)
    # One type for every path: where Python would give the float it began with, this is NumPy's.
    assert compiled(iterate if len(shape) == 2 else iterate_with)(a) == 0
    check(row, a, 0)


def big_offsets(a):
    return a[-1], a[1 << 20], a.shape, a[::1000].sum()


def test_broadcast_arrays_beyond_2_to_31():
    check(big_offsets, np.broadcast_to(np.int8(3), (1 << 33,))[: (1 << 32)][:: 1 << 10])


BEYOND = np.uint64(2**64 - 1)


@pytest.mark.parametrize("read", [
    lambda a, i: a[i], lambda a, i: a[0, i], lambda a, i: a.flat[i], lambda a, i: (1, 2, 3)[i],
])
def test_an_unsigned_index_does_not_count_from_the_end(read):
    a = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(compiled(read)(a, np.uint64(1)), read(a, 1))
    with pytest.raises(IndexError) as caught:
        compiled(read)(a, BEYOND)
    assert "tuple" in str(caught.value) or str(caught.value).startswith(f"index {BEYOND} is out of bounds")


def test_an_unsigned_index_in_a_kernel():
    @metate.kernel
    def store(x, i):
        x[i] = 1

    with pytest.raises(IndexError, match=f"index {BEYOND} is out of bounds for axis 0 with size 3"):
        store[1](np.zeros(3), BEYOND)
