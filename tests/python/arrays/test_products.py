"""dot, @ and vdot of vectors and matrices."""

import numpy as np
import pytest
from numpy_twin import LAYOUTS, NUMBERS, check, laid_out, samples


def at(a, b):
    return a @ b


def dot(a, b):
    return np.dot(a, b), a.dot(b)


def into(a, b, out):
    return np.dot(a, b, out=out)


def chained(a, b):
    return a @ b @ a[0] + 1


SHAPES = [((4,), (4,)), ((3, 4), (4,)), ((3,), (3, 5)), ((3, 4), (4, 5)), ((1, 1), (1, 1)), ((2, 0), (0, 3)), ((0,), (0,)), ((40, 33), (33, 600))]


@pytest.mark.parametrize("one, other", SHAPES)
@pytest.mark.parametrize("function", [at, dot])
def test_shapes(function, one, other):
    check(function, samples("f8", one), samples("f8", other, 1))


@pytest.mark.parametrize("dtype", NUMBERS, ids=str)
def test_dtypes(dtype):
    check(at, samples(dtype, (3, 4)), samples(dtype, (4, 2), 1))
    check(at, samples(dtype, (4,)), samples("f8", (4,), 1))


@pytest.mark.parametrize("one", LAYOUTS)
@pytest.mark.parametrize("other", LAYOUTS)
def test_layouts(one, other):
    check(at, laid_out(samples("f8", (3, 4)), one), laid_out(samples("f8", (4, 5), 1), other))


@pytest.mark.parametrize("one, other", [((3,), (4,)), ((3, 4), (3,)), ((3, 4), (3, 4)), ((3,), (4, 3))])
@pytest.mark.parametrize("function", [at, dot])
def test_sizes_that_do_not_fit(function, one, other):
    check(function, samples("f8", one), samples("f8", other))


def test_numbers():
    check(dot, samples("f8", (3,)), 2)


def test_more():
    check(into, samples("f8", (3, 4)), samples("f8", (4, 2)), np.zeros((3, 2)))
    check(chained, samples("f8", (3, 4)), samples("f8", (4, 4)))


def vdot(a, b):
    return np.vdot(a, b)


@pytest.mark.parametrize("dtype", ["f8", "c16", "i4"])
def test_vdot(dtype):
    check(vdot, samples(dtype, (5,)), samples(dtype, (5,), 1))
