"""Whole-array expressions: dtype rules, broadcasting, layouts, in place and into out=."""

import numpy as np
import pytest
from numpy_twin import DTYPES, LAYOUTS, NUMBERS, check, laid_out, samples


def arithmetic(a, b):
    return a + b, a * b, a - b


def with_python_numbers(a):
    return a + 1, 2 * a, a * 1.5, 1 - a


def with_complex(a):
    return a + 1j, a * (2 - 1j)


def division(a, b):
    return a / b


def integer_division(a, b):
    return a // b, a % b


def comparison(a, b):
    return a < b, a <= b, a == b, a != b, a >= b, a > b


def bits(a, b):
    return a & b, a | b, a ^ b, ~a


def unary(a):
    return -a, +a, abs(a), a**2


def chain(x, y, z):
    return np.sqrt(x * x + y * y) * 2.5 + z


def functions(a, b):
    return np.maximum(a, b), np.minimum(a, b), np.where(a > b, a, b), np.add(a, b), np.multiply(a, 2), np.square(a)


def used_twice(a, b):
    t = a + b
    return t * t, t - 1, t


def into(a, b, out):
    np.add(a, b, out=out)
    np.multiply(out, 2, out)
    return np.subtract(out, b, out=out)


def in_place(a, b):
    a += b
    a *= 2
    a -= 1
    return a


def select(c, a, b):
    return np.where(c, a, b), np.where(c, 1, 0), np.where(c, a, 0), np.where(c, 0.5, b)


@pytest.mark.parametrize("one", DTYPES, ids=str)
@pytest.mark.parametrize("other", [np.dtype(c) for c in "?bIfD"], ids=str)
def test_dtypes(one, other):
    a, b = samples(one, (2, 3)), samples(other, (2, 3), 1)
    if one.kind == other.kind == "b":
        check(bits, a, b)
    else:
        check(arithmetic, a, b)


@pytest.mark.parametrize("dtype", [np.dtype(c) for c in "bHLfdD"], ids=str)
def test_operators(dtype):
    a, b = samples(dtype, (3, 5)), samples(dtype, (3, 5), 1)
    check(unary, a, ulp=2 if dtype.kind == "c" else 0)
    check(comparison, a, b)
    check(with_python_numbers, a)
    check(with_complex, a)
    check(division, a, b, ulp=1 if dtype.kind == "c" else 0)
    if dtype.kind != "c":
        check(integer_division, a, b)
    if dtype.kind in "iu":
        check(bits, a, b)
    check(functions, a, b)
    check(used_twice, a, b)


SHAPES = [
    ((3, 4), (4,)), ((3, 1), (1, 4)), ((2, 3, 4), (3, 1)), ((5,), ()), ((), ()), ((1,), (6,)), ((4, 1, 3), (2, 1)),
    ((0, 3), (3,)), ((0,), (1,)), ((1, 1), (1,)), ((2, 3, 2, 2), (3, 1, 2)),
]


@pytest.mark.parametrize("one, other", SHAPES)
def test_broadcasting(one, other):
    check(arithmetic, samples("f8", one), samples("f8", other, 1))
    check(arithmetic, samples("i4", other), samples("f4", one, 1))


@pytest.mark.parametrize("one, other", [((3,), (4,)), ((3, 4), (3,)), ((2, 3, 4), (2, 4)), ((0,), (2,)), ((3, 2), (2, 3))])
def test_shapes_that_do_not_fit(one, other):
    check(arithmetic, samples("f8", one), samples("f8", other))


@pytest.mark.parametrize("one", LAYOUTS)
@pytest.mark.parametrize("other", LAYOUTS)
def test_layouts(one, other):
    check(arithmetic, laid_out(samples("f8", (3, 4)), one), laid_out(samples("f8", (3, 4), 1), other))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_chain(layout, dtype):
    x, y, z = (laid_out(samples(dtype, (5, 7), seed), layout) for seed in range(3))
    check(chain, x, y, z)


@pytest.mark.parametrize("layout", ["C", "F", "strided", "reversed", "misaligned"])
def test_out(layout):
    check(into, samples("i4", (3, 4)), samples("i4", (4,), 1), laid_out(np.zeros((3, 4), "i4"), layout))
    check(into, samples("i4", (3, 4)), samples("i2", (4,), 1), laid_out(np.zeros((3, 4), "f8"), layout))


@pytest.mark.parametrize("shape", [(3,), (4, 3), (1, 4)])
def test_out_of_another_shape(shape):
    check(into, samples("f8", (3, 4)), samples("f8", (3, 4), 1), np.zeros(shape))


@pytest.mark.parametrize("layout", ["C", "F", "strided", "reversed", "misaligned"])
@pytest.mark.parametrize("dtype", ["i2", "f4", "c16"])
def test_in_place(layout, dtype):
    check(in_place, laid_out(samples(dtype, (4, 3)), layout), samples(dtype, (3,), 1))


def test_in_place_shapes():
    check(in_place, samples("f8", (3,)), samples("f8", (2, 3)))
    check(in_place, samples("f8", (3, 1)), samples("f8", (3, 4)))


@pytest.mark.parametrize("dtype", ["i4", "f4", "f8"])
def test_select(dtype):
    a, b = samples(dtype, (3, 4)), samples(dtype, (4,), 1)
    check(select, a > 1, a, b)


def transcendental(x):
    return np.sin(x) ** 2 + np.cos(x) ** 2, np.exp(-x * x), np.log1p(np.abs(x))


@pytest.mark.parametrize("shape", [(100,), (7, 9), ()])
def test_transcendental(shape):
    check(transcendental, samples("f8", shape), ulp=4)


def mixed_levels(a, n):
    b = np.zeros(n)
    for i in range(n):
        row = a[i] * 2
        b[i] = row[0] + row[-1]
    return b + a[:, 0]


def test_mixed_levels():
    check(mixed_levels, samples("f8", (6, 4)), 6)


def hypotenuse_of_rows(a):
    return a[:, 0] * a[:, 0] + a[:, 1] * a[:, 1], a[0] - a[-1], a[::2] + a[1::2]


def test_expressions_of_views():
    check(hypotenuse_of_rows, samples("f8", (6, 4)))


def zero_dimensional(a):
    return a + 1, a * a, a[()], float(a), a > 2, -a


@pytest.mark.parametrize("dtype", ["i4", "f8"])
def test_zero_dimensional(dtype):
    check(zero_dimensional, samples(dtype, ()))


def scalars_of_arrays(a):
    return a[0] + a[1], a[0] * 2, a[0] / 3, a[0] > 1, np.sqrt(abs(a[0]))


@pytest.mark.parametrize("dtype", [d for d in NUMBERS if d.kind != "c"], ids=str)
def test_scalars_of_arrays(dtype):
    check(scalars_of_arrays, samples(dtype, (3,)))
