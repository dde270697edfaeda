"""Arguments that are arrays, but not such as compiled code takes; and read-only ones."""

import numpy as np
import pytest
from numpy_twin import check, compiled, laid_out, samples


def total(a):
    return a.sum()


def first(a):
    return a[0]


class Matrix(np.ndarray):
    def __mul__(self, other):
        return self @ other


@pytest.mark.parametrize("array", [
    np.array([1, 2], ">f8"), np.array([1, 2], ">i4"), np.array(["a", "b"]), np.array([1, None], object),
    np.array([(1, 2.0)], "i4,f8"), np.array(["2020-01-01"], "M8[D]"), np.zeros(2, np.longdouble),
    np.ma.array([1.0, 2.0]), np.zeros((1, 2)).view(Matrix),
], ids=lambda a: f"{type(a).__name__}-{a.dtype}")
def test_arrays_that_are_refused(array):
    with pytest.raises(TypeError, match="compiled code cannot take a"):
        compiled(total)(array)


def test_memory_maps(tmp_path):
    samples("f8", (6,)).tofile(tmp_path / "numbers")
    mapped = np.memmap(tmp_path / "numbers", np.float64, "r")
    assert compiled(total)(mapped) == samples("f8", (6,)).sum()


@pytest.mark.parametrize("ndim", [1, 2, 5, 8])
def test_many_dimensions(ndim):
    check(total, samples("f8", (2,) * ndim))
    check(first, samples("f8", (2,) * ndim))


def store(a):
    a[0] = 1


def store_all(a):
    a[...] = 1


def add_in_place(a):
    a += 1


def store_flat(a):
    a.flat[0] = 1


def out(a):
    np.add(a, 1, out=a)


def view_then_store(a):
    b = a[1:]
    b[0] = 2


@pytest.mark.parametrize("function", [store, store_all, add_in_place, store_flat, out, view_then_store])
def test_read_only_targets(function):
    a = laid_out(samples("f8", (3,)), "readonly")
    with pytest.raises((ValueError, TypeError), match="read-only") as caught:
        compiled(function)(a)
    assert f"in {function.__name__}" in str(caught.value)


def truth(a):
    return 1 if a else 0


def wrong_rank(a):
    return a[0, 0, 0]


def float_index(a):
    return a[1.5]


def text_index(a):
    return a["x"]


def bool_index(a):
    return a[True]


def complex_order(a):
    return np.array([1j]) < a


def no_attribute(a):
    return a.shapes


def two_ellipses(a):
    return a[..., 0, ...]


def bad_axis(a):
    return a.sum(axis=2)


def varying_axis(a):
    return a.sum(axis=len(a))


def bad_dtype(a):
    return np.zeros(3, dtype="nonsense")


def float_shape(a):
    return np.zeros(2.5)


def reshape_strided(a):
    return a.T.reshape(-1)


def unsafe_in_place(a):
    b = np.zeros(a.shape, np.int64)
    b += a * 0.5
    return b


@pytest.mark.parametrize("function, words", [
    (truth, "truth"), (wrong_rank, "too many indices"), (float_index, "index"), (text_index, "index"), (bool_index, "index"),
    (no_attribute, "shapes"), (two_ellipses, "ellipsis"), (bad_axis, "axis 2"), (varying_axis, "axis"),
    (bad_dtype, "dtype"), (float_shape, "shape"), (reshape_strided, "reshape"), (unsafe_in_place, "same_kind"),
])
def test_refused_with_the_line(function, words):
    with pytest.raises(TypeError, match=words) as caught:
        compiled(function)(samples("f8", (3, 4)))
    assert f"in {function.__name__}" in str(caught.value)
