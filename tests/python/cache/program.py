"""A program to be started again and again: prints what it calculated and how the cache did, as JSON."""

import json
import sys
import warnings

import numpy as np

import metate
from metate import njit, prange

FACTOR = 3.0
SMALL = np.arange(5.0)
LARGE = np.arange(10_000.0)  # more than compiled code embeds: it links to it


class Refused(ValueError):
    pass


class Car:
    wheels = 4


CAR = Car()


def scaled(x):
    return x * FACTOR


@njit
def helper(x):
    return scaled(x) + 1.0


@njit
def through_calls(x):
    return helper(x) + SMALL[1]


@njit
def from_large(i):
    return LARGE[i]


@njit
def raises(x):
    if x > 1.0:
        raise Refused("too large")
    return x


@njit
def out_of_range(x):
    return x[7]


def make_adder(step):
    @njit
    def add(x):
        return x + step

    return add


@njit
def with_inner(x):
    def inner(y):
        return y * x

    return inner(x + 1.0)


@njit
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@njit(parallel=True)
def total(x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
    return s


@njit
def several(x):
    return x.sum(), len(x), x * 2


@njit
def of_object(x):
    return x * CAR.wheels


@metate.vectorize
def hypotenuse(a, b):
    return (a * a + b * b) ** 0.5


def message_of(function, *arguments):
    try:
        function(*arguments)
    except Exception as error:
        lines, at = [], error.__traceback__.tb_next
        while at:
            lines.append(at.tb_lineno)
            at = at.tb_next
        return [type(error).__name__, isinstance(error, Refused), str(error), lines]
    return None


def run():
    x = np.arange(1000.0)
    values = {
        "through_calls": through_calls(2.0), "integer": through_calls(2), "from_large": from_large(1234),
        "raises": message_of(raises, 2.0), "out_of_range": message_of(out_of_range, x[:3]),
        "adders": [make_adder(1)(5), make_adder(2)(5)], "with_inner": with_inner(3.0), "fibonacci": fibonacci(15),
        "total": total(x), "several": [np.asarray(part).tolist() for part in several(x[:4])],
        "hypotenuse": hypotenuse(np.array([3.0]), np.array([4.0])).tolist(),
    }
    return values


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    result = run()
    counts = metate.cache.counts()
    if "object" in sys.argv:
        result["of_object"] = of_object(2.0)
        counts = metate.cache.counts()
print(json.dumps({"values": result, "counts": counts, "warnings": [str(w.message) for w in caught]}))
