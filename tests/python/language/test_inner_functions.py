"""Functions inside of functions: what they capture, their defaults, those that call themselves."""

import numpy as np
import pytest

import metate
from metate import njit


def constant_default(n):
    def h(x, y=2):
        return x * y

    return h(n) + h(n, 3) + h(y=4, x=1)


def defaults_of_variables(n):
    m = n * 2.5

    def h(x, y=n, *, z=m, w=3):
        return x * y + z - w

    n = 100  # the default is what n was
    return h(n) + h(n, 3) + h(1, z=4) + h(1, 2, w=n)


def default_beside_a_captured_variable(n):
    k = n + 1

    def h(x, y=n):
        return x * y + k

    return h(n) + h(n, 3)


def default_of_a_lambda(n):
    f = lambda x, y=n: x + y
    return f(n) + f(1, 2)


def keyword_only(n):
    def h(*, a, b=2):
        return a - b

    return h(a=n) + h(b=1, a=n)


def array_as_default(a):
    def h(i, x=a):
        return x[i]

    a[1] = 5.0
    return h(1)


def factorial(n):
    def fact(k):
        if k <= 1:
            return 1
        return k * fact(k - 1)

    return fact(n)


def recursion_with_captured_variables(n):
    step = n / 3
    scale = 2.5

    def down(k):
        if k <= 0:
            return scale
        return k * down(k - step)

    return down(n)


def recursion_with_a_default(n):
    def f(k, product=1):
        if k <= 1:
            return product
        return f(k - 1, product * k)

    return f(n)


def recursion_by_way_of_an_inner_function(n):
    def f(k):
        def g(j):
            return f(j - 1) if j > 0 else 1

        return g(k) + 1

    return f(n)


def captured_in_the_order_of_their_names(n):
    b, a, c = n, n * 10, n * 100

    def h(x):
        return x + a * 2 + b * 3 + c * 4

    return h(1)


FUNCTIONS = [constant_default, defaults_of_variables, default_beside_a_captured_variable, default_of_a_lambda,
             keyword_only, factorial, recursion_with_captured_variables, recursion_with_a_default,
             recursion_by_way_of_an_inner_function, captured_in_the_order_of_their_names]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("n", [6, 9, 2.5], ids=str)
def test_like_python(function, n):
    expected, result = function(n), njit(function)(n)
    assert (result, type(result)) == (expected, type(expected))


def test_array_as_default():
    assert njit(array_as_default)(np.zeros(3)) == 5.0


def _refusal(function, *arguments):
    try:
        njit(function)(*arguments)
    except metate.errors.TypingError as error:
        return str(error)
    return ""


def test_a_missing_argument_is_named():
    def missing(n):
        def h(x, y, z=1):
            return x + y + z

        return h(n)

    assert "h() missing a required argument: 'y'" in _refusal(missing, 1)
