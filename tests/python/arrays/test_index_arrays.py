"""Indexing by arrays: masks and integers, reading and writing, alone and among slices."""

import numpy as np
import pytest
from numpy_twin import DTYPES, LAYOUTS, check, laid_out, samples


def select(a, m):
    return a[m], a[~m], a[m].sum()


def select_positive(a):
    return a[a > 0], a[(a > -3) & (a < 3)]


def rows(a, m):
    return a[m], a[m, 1:], a[m, 0]


def columns(a, m):
    return a[:, m], a[0, m], a[..., m]


def pick(a, i):
    return a[i], a[i, 1:], a[i, 0]


def pick_columns(a, i):
    return a[:, i], a[::-1, i], a[0, i], a[..., i], a[:, None, i]


def pick_pairs(a, i, j):
    return a[i, j], a[i[:, None], j]


def pick_list(a):
    return a[[0, 2, -1]], a[:, [1]], a[[0, 1], [1, 0]]


def cube(a, i):
    return a[i], a[:, i], a[:, :, i], a[i, :, i], a[0, i], a[0, :, i], a[:, 0, i], a[i, 0], a[i, ..., 0]


def find(a):
    return np.nonzero(a), np.flatnonzero(a), np.argwhere(a), a.nonzero(), np.where(a)


def take(a, i):
    return np.take(a, i), np.take(a, i, axis=0), a.take(i, axis=1), np.extract(a > 0, a)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_mask(dtype):
    check(select, samples(dtype, (9,)), samples("?", (9,)))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", [(9,), (3, 4), (2, 3, 2), (0, 3)])
def test_mask_of_all_axes(shape, layout):
    check(select, laid_out(samples("f8", shape), layout), laid_out(samples("?", shape), layout))
    check(select_positive, laid_out(samples("f8", shape), layout))


@pytest.mark.parametrize("mask", [[True, False, True], [False] * 3, [True] * 3, [True, False], [True] * 4])
def test_mask_of_one_axis(mask):
    check(rows, samples("f8", (3, 3)), np.array(mask))
    check(columns, samples("f8", (3, 3)), np.array(mask))


@pytest.mark.parametrize("dtype", ["i1", "i4", "u8", "i8"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_integers(dtype, layout):
    a = laid_out(samples("f8", (4, 5)), layout)
    i = np.array([3, 0, 1, 1], dtype)
    check(pick, a, i)
    check(pick_columns, a, i)
    check(pick_pairs, a, i, i[::-1])


def test_shapes_of_integers():
    a = samples("i4", (4, 5))
    check(pick, a, np.array([[0, -1], [-4, 3]]))
    check(pick_columns, a, np.array([[0, -1], [-4, 3]]))
    check(pick, a, np.zeros(0, int))
    check(pick_pairs, a, np.array([0, 1]), np.array([1]))
    check(pick_list, a)


@pytest.mark.parametrize("i", [[4], [-5], [0, 9, 1]])
def test_out_of_range(i):
    check(pick, samples("f8", (4, 5)), np.array(i))
    check(store_at, samples("f8", (4, 5)), np.array(i), 1.0)
    check(store_pairs, samples("f8", (4, 5)), np.array([0, 1, 2][: len(i)]), np.array(i), 7)


def test_cube():
    check(cube, samples("f8", (3, 3, 3)), np.array([2, 0, 1, 1]))


@pytest.mark.parametrize("dtype", ["?", "i4", "f8", "c16"])
@pytest.mark.parametrize("shape", [(7,), (3, 4), (0,), (2, 2, 3)])
def test_find(shape, dtype):
    check(find, samples(dtype, shape))


@pytest.mark.parametrize("i", [np.array([2, 0]), np.array([[1, -1]]), np.array([50])])
def test_take(i):
    check(take, samples("f8", (3, 4)), i)


def store_where(a, x):
    a[a > 0] = x
    a[a < -2] += 1
    a[a == 1] = 0


def store_mask(a, m, x):
    a[m] = x


def store_at(a, i, x):
    a[i] = x


def store_columns(a, i, x):
    a[:, i] = x


def store_pairs(a, i, j, x):
    a[i, j] = x


def add_at(a, i, x):
    a[i] += x
    a[:, i] *= 2


def by_itself(a):
    a[a] = a[::-1]


@pytest.mark.parametrize("dtype", ["i4", "f4", "f8", "c16"])
@pytest.mark.parametrize("layout", ["C", "F", "strided", "reversed", "misaligned"])
def test_store_where(dtype, layout):
    if dtype != "c16":
        check(store_where, laid_out(samples(dtype, (4, 5)), layout), 2)
    check(store_mask, laid_out(samples(dtype, (4, 5)), layout), samples("?", (4, 5)), 3)
    check(store_mask, laid_out(samples(dtype, (4, 5)), layout), samples("?", (4,)), 3)


def test_store_arrays_where():
    a, m = samples("f8", (4, 5)), samples("?", (4, 5))
    check(store_mask, a, m, np.arange(float(m.sum())))
    check(store_mask, a, m[:, 0], np.arange(5.0))
    check(store_mask, a, m[:, 0], np.arange(5.0 * m[:, 0].sum()).reshape(-1, 5))
    check(store_mask, a, m, np.array([2.0]))


@pytest.mark.parametrize("x", [2, 2.5, np.arange(5), np.arange(20.0).reshape(4, 5), np.arange(4.0)[:, None], np.ones(())])
def test_store_at(x):
    check(store_at, samples("f8", (4, 5)), np.array([3, 0, -2, 0]), x)
    check(add_at, samples("f8", (4, 5)), np.array([3, 0, -2, 0]), x)


def test_store_columns():
    check(store_columns, samples("f8", (4, 5)), np.array([3, 0, 0]), np.arange(3.0))
    check(store_columns, samples("f8", (4, 5)), np.array([3, 0]), np.arange(8.0).reshape(4, 2))
    check(store_pairs, samples("f8", (4, 5)), np.array([3, 0]), np.array([1, 1]), np.arange(2.0))
    check(by_itself, np.array([2, 0, 1]))


@pytest.mark.parametrize("function, arguments", [
    (store_mask, (np.zeros((4, 5)), np.ones((4, 5), bool), np.arange(3.0))),
    (store_at, (np.zeros((4, 5)), np.array([0, 1]), np.arange(4.0))),
    (store_mask, (np.zeros((4, 5)), np.ones(3, bool), 1.0)),
    (pick_pairs, (np.zeros((4, 5)), np.arange(2), np.arange(3))),
])
def test_shapes_that_do_not_fit(function, arguments):
    from numpy_twin import compiled, outcome, twin

    expected, actual = (outcome(f, twin(arguments)) for f in (function, compiled(function)))
    assert isinstance(expected, Exception)
    assert type(actual) is type(expected)
