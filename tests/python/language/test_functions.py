"""Ordinary Python functions: the compiled one gives what the undecorated one gives, types included."""

import math

import numpy as np
import pytest

from metate import njit, prange


def mandelbrot(width, height, iterations):
    inside = 0
    for y in range(height):
        for x in range(width):
            c = complex(-2 + 3 * x / width, -1 + 2 * y / height)
            z = 0j
            for _ in range(iterations):
                z = z * z + c
                if abs(z) > 2:
                    break
            else:
                inside += 1
    return inside


def fibonacci(n):
    if n < 2:
        return n
    a, b = 0, 1
    while n > 1:
        a, b = b, a + b
        n -= 1
    return b


def laplacian_sum(a):
    s = 0.0
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            s += a[i - 1, j] + a[i + 1, j] - 2 * a[i, j]
    return s


def elementary(x):
    return math.sqrt(x) + math.sin(x) * math.exp(-x) + math.floor(x)


def quotients(a, b):
    q, r = divmod(a, b)
    return q, r, (a, b), a // b, a % b, -a // b, a**2, a << 2, a & b, a / b


def pairs(a):
    s = 0
    for i, (x, y) in enumerate(zip(a, a[::-1])):
        s += i * x - y
    return s


def builtins(a, b):
    return min(a, b), max(a, b, 3), abs(a - b), round(2.5), int(3.7), float(2), bool(a)


def conditional(a):
    return 1 if 3 < a <= 10 and not a == 5 else 2


def numpy_scalars(x):
    return np.sqrt(x) + np.sin(x)


CASES = [
    (mandelbrot, (30, 20, 50)), (fibonacci, (40,)), (laplacian_sum, (np.arange(42.0).reshape(6, 7) ** 2,)),
    (elementary, (2.3,)), (quotients, (17, 5)), (quotients, (-17, 5)), (quotients, (17, -5)), (pairs, (np.arange(5),)),
    (builtins, (2, 5)), (conditional, (4,)), (conditional, (5,)), (conditional, (11,)), (numpy_scalars, (2.0,)),
    (numpy_scalars, (np.float32(2),)),
]


@pytest.mark.parametrize("function, arguments", CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_same_as_python(function, arguments):
    got, expected = njit(function)(*arguments), function(*arguments)
    assert type(got) is type(expected)
    for mine, theirs in zip(got, expected) if isinstance(got, tuple) else [(got, expected)]:
        assert type(mine) is type(theirs)
        np.testing.assert_allclose(mine, theirs, rtol=1e-6 if isinstance(theirs, np.float32) else 1e-15)


def test_calls_between_compiled_functions():
    @njit
    def double(x):
        return x * 2

    @njit
    def use(x):
        return double(x) + 1

    assert use(3) == 7 and use(2.5) == 6.0


@njit
def recursive(n):
    if n < 2:
        return n
    return recursive(n - 1) + recursive(n - 2)


def test_recursion():
    assert recursive(20) == 6765


def test_print_writes_through_sys_stdout(capsys):
    @njit
    def show(x):
        print("x =", x, x * 2.5)

    show(3)
    assert capsys.readouterr().out == "x = 3 7.5\n"


def test_zero_division_as_python_and_as_numpy():
    divide = njit(lambda a, b: a / b)
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)
    assert divide(np.float64(1), np.float64(0)) == np.inf


def test_prange_sum():
    @njit(parallel=True)
    def total(a):
        s = 0.0
        for i in prange(a.size):
            s += a[i]
        return s

    assert total(np.arange(1000.0)) == 499500.0
