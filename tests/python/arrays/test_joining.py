"""Arrays made of others: joined, flipped, cut to triangles, multiplied each with each."""

import numpy as np
import pytest
from numpy_twin import LAYOUTS, check, laid_out, samples


def join(a, b):
    return np.concatenate((a, b)), np.vstack((a, b)), np.hstack((a, b)), np.column_stack((a, b)), np.append(a, b), np.stack((a, b))


def join_numbers(a):
    return np.append(a, 3), np.append(a, [1.5, 2]), np.hstack((a, a[:1], a))


def join_columns(m, v):
    return np.column_stack((m, v)), np.vstack((m, m[0])), np.append(m, m, axis=1), np.concatenate((m, m, m), axis=-1)


def rows_of(m, v):
    return np.vstack((m, v))


def flips(a):
    return np.flip(a), np.flip(a, 0), np.flip(a, axis=-1), np.flipud(a)


def flips_of_matrices(a):
    return np.fliplr(a), np.flip(a, (0, 1)), np.moveaxis(a, 0, 1), np.moveaxis(a, -1, 0)


def triangles(a, k):
    return np.triu(a), np.tril(a), np.triu(a, 1), np.tril(a, k), np.triu(a, k=k)


def tri(n, m, k):
    return np.tri(n), np.tri(n, m), np.tri(n, m, k, dtype=np.int8)


def outer(a, b):
    return np.outer(a, b), np.outer(a, 2), np.outer(b, a)


@pytest.mark.parametrize("one, other", [("f8", "f8"), ("i4", "f4"), ("?", "u1"), ("c8", "f8")])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (0, 2), (2, 3, 2)])
def test_join(one, other, shape):
    check(join if len(shape) < 3 else join_cubes, samples(one, shape), samples(other, shape, 1))


def join_cubes(a, b):
    return np.concatenate((a, b), axis=2), np.vstack((a, b)), np.hstack((a, b)), np.append(a, b)


def test_join_more():
    check(join_numbers, samples("f8", (3,)))
    check(join_columns, samples("f8", (2, 3)), samples("f8", (2,)))
    check(join_columns, samples("f8", (2, 3)), samples("f8", (3,)))
    check(rows_of, samples("f8", (2, 3)), samples("f8", (3,)))
    check(rows_of, samples("f8", (2, 3)), samples("f8", (4,)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_flips(layout):
    check(flips, laid_out(samples("i4", (5,)), layout))
    check(flips, laid_out(samples("i4", (2, 3)), layout))
    check(flips_of_matrices, laid_out(samples("i4", (2, 3)), layout))
    check(flips_of_matrices, laid_out(samples("i4", (2, 3, 4)), layout))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("k", [-2, 0, 1, 9])
def test_triangles(layout, k):
    check(triangles, laid_out(samples("i4", (3, 4)), layout), k)
    check(triangles, laid_out(samples("f4", (2, 3, 3)), layout), k)


@pytest.mark.parametrize("n, m, k", [(3, 3, 0), (2, 5, 1), (4, 1, -2), (0, 3, 0)])
def test_tri(n, m, k):
    check(tri, n, m, k)


@pytest.mark.parametrize("one, other", [((3,), (2,)), ((2, 2), (3,)), ((0,), (3,)), ((), (3,))])
def test_outer(one, other):
    check(outer, samples("f8", one), samples("i4", other))
