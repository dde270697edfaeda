"""a, *b = t: what the other targets leave is a list, of which compiled code knows the length."""

import numpy as np
import pytest

from metate import njit


def first(t):
    a, *b = t
    return a, len(b), b[0], b[-1]


def last(t):
    *a, b = t
    return b, tuple(a)


def middle(t):
    a, *b, c = t
    return a, c, len(b), sum(b)


def none_left(t):
    a, b, *c, d = t
    return a + b + d, len(c)


def nested(t):
    (a, *b), *c = t, 1.5
    return a, tuple(b), c[0]


def display():
    a, *b = 1, 2.5, 3
    return a, b[0], b[1]


def text_and_numbers(t):
    *a, b = t
    total = 0
    for x in a:
        total += x
    return total, b


def in_a_loop(pairs):
    total = 0
    for a, *b in pairs:
        total += a * len(b) + b[1]
    return total


@pytest.mark.parametrize("function, arguments", [
    (first, ((1, 2.5, 3),)), (last, ((1, 2.5, 3),)), (last, ((1,),)), (middle, ((1, 2, 3, 4.5),)), (middle, ((1, 2),)),
    (none_left, ((1, 2, 3),)), (nested, ((1, 2, 3),)), (display, ()), (text_and_numbers, ((1, 2, "x"),)),
    (in_a_loop, (((1, 2, 3), (4, 5, 6)),)),
])
def test_as_python_does(function, arguments):
    result, expected = njit(function)(*arguments), function(*arguments)
    assert result == expected and repr(result) == repr(expected)


def test_of_arrays():
    @njit
    def f(x):
        a, *b = x[0], x[1:], x
        b[0][0] = a
        return b[1]

    x = np.array([1.0, 2.0, 3.0])
    assert f(x) is x and x.tolist() == [1.0, 1.0, 3.0]


def test_lists_as_results():
    @njit
    def rest(t):
        a, *b = t
        return b

    @njit
    def pair(x):
        return [x, x + 1], [x[:1]]

    assert rest((1, 2, 3.5)) == [2, 3.5] and rest((1,)) == []
    x = np.array([1.0, 2.0])
    (same, more), (part,) = pair(x)
    assert same is x and more.tolist() == [2.0, 3.0] and part.tolist() == [1.0] and np.shares_memory(part, x)
