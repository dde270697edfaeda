"""Writing by index: elements, slices, broadcasting, and operands that lie on top of each other."""

import numpy as np
import pytest
from numpy_twin import DTYPES, check, compiled, laid_out, samples

WRITABLE = ["C", "F", "strided", "reversed", "misaligned"]


def elements(a, x):
    a[0, 1] = x
    a[-1, -1] = x
    a[1][0] = x


def slices(a, b):
    a[0] = 1
    a[:, 1] = 2
    a[1:, 2:] = b
    a[::2, 0] = 5
    a[...] = a + 1


def whole(a, b):
    a[:] = b


def row_from(a, b):
    a[1] = b


def augmented(a, b):
    a[0] += 1
    a[:, 1] *= 2
    a[1:] -= b
    a[0, 0] += 3
    a[-1, ::2] //= 2


def shift_up(a):
    a[1:] = a[:-1]


def shift_down(a):
    a[:-1] = a[1:]


def reverse(a):
    a[:] = a[::-1]


def smooth(a):
    a[1:-1] = (a[:-2] + a[1:-1] + a[2:]) / 3


def accumulate_in_place(a):
    a[1:] += a[:-1]


def transposed(a):
    a[:] = a.T


def add_transposed(a):
    a += a.T


def outer_row(a):
    a[:] = a[0]


def into_itself(a):
    np.add(a[:-1], a[1:], out=a[1:])


def fill(a, x):
    a.fill(x)


def flat_store(a):
    a[..., 0] = 7
    a[()] = a * 2


@pytest.mark.parametrize("layout", WRITABLE)
def test_elements(layout):
    check(elements, laid_out(samples("f8", (3, 4)), layout), 2.5)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("x", [1, True])
def test_element_conversion(dtype, x):
    check(elements, samples(dtype, (3, 4)), x)


@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "i4", "u1"])
def test_float_into(dtype):
    check(elements, samples(dtype, (3, 4)), 2.75)
    check(elements, samples(dtype, (3, 4)), np.float32(2.75))


@pytest.mark.parametrize("x", [300, -1, 255, 2**40])
def test_integers_that_do_not_fit(x):
    check(elements, samples("u1", (3, 4)), x)
    check(whole, samples("u1", (3, 4)), x)


@pytest.mark.parametrize("layout", WRITABLE)
def test_slices(layout):
    check(slices, laid_out(samples("f8", (4, 5)), layout), samples("f8", (3, 3), 1))
    check(slices, laid_out(samples("f4", (4, 5)), layout), samples("i8", (3,), 1))


@pytest.mark.parametrize("layout", WRITABLE)
def test_augmented(layout):
    check(augmented, laid_out(samples("i8", (4, 5)), layout), samples("i4", (5,), 1))


@pytest.mark.parametrize("value", [2, 1.5, True, np.float32(2)])
def test_numbers_into_all(value):
    check(whole, samples("f8", (4, 5)), value)
    check(fill, samples("f4", (4, 5)), value)


@pytest.mark.parametrize("shape", [(5,), (1, 5), (4, 1), (1,), (), (1, 4, 5), (4,), (2, 5), (2, 4, 5)])
def test_arrays_into_all(shape):
    check(whole, samples("f8", (4, 5)), samples("f8", shape, 1))


@pytest.mark.parametrize("shape", [(5,), (1,), (), (1, 5), (4,), (0,)])
def test_arrays_into_a_row(shape):
    check(row_from, samples("f8", (4, 5)), samples("f8", shape, 1))


@pytest.mark.parametrize("layout", WRITABLE)
@pytest.mark.parametrize("function", [shift_up, shift_down, reverse, smooth, accumulate_in_place, into_itself])
@pytest.mark.parametrize("shape", [(9,), (9, 4), (2,), (1,)])
def test_overlap(function, layout, shape):
    check(function, laid_out(samples("f8", shape), layout))


@pytest.mark.parametrize("layout", WRITABLE)
@pytest.mark.parametrize("function", [transposed, add_transposed, outer_row])
@pytest.mark.parametrize("shape", [(5, 5), (0, 0), (1, 1)])
def test_overlap_of_axes(function, layout, shape):
    check(function, laid_out(samples("i4", shape), layout))


def two_views(a, b):
    a[:] = b + 1
    b[:] = a * 2


@pytest.mark.parametrize("first, second", [(slice(0, 8), slice(1, 9)), (slice(1, 9), slice(0, 8)),
                                           (slice(None, None, 2), slice(1, None, 2)), (slice(0, 5), slice(5, 10)),
                                           (slice(0, 8), slice(8, 0, -1))])
def test_arguments_that_overlap(first, second):
    ours, plain = np.arange(10.0), np.arange(10.0)
    compiled(two_views)(ours[first], ours[second])
    two_views(plain[first], plain[second])
    np.testing.assert_array_equal(ours, plain)


def stretch(a):
    a[::2] = a[: (len(a) + 1) // 2]


def test_overlap_from_the_same_start():
    # NumPy 2.5 itself reads a[2] after it has written it.
    a = np.arange(9.0)
    compiled(stretch)(a)
    np.testing.assert_array_equal(a, [0, 1, 1, 3, 2, 5, 3, 7, 4])


def flat_items(a, i, x):
    a.flat[i] = x
    a.flat[-1] = 2 * x
    return a.flat[i]


@pytest.mark.parametrize("layout", WRITABLE)
@pytest.mark.parametrize("i", [0, 5, -2, 6, -7])
def test_flat_items(layout, i):
    check(flat_items, laid_out(samples("f8", (2, 3)), layout), i, 3)


def test_flat_store():
    check(flat_store, samples("f8", (3, 4)))
