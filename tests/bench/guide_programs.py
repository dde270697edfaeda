"""What the figures of the performance guide measure: plain Python functions, which each compiler takes as they are."""

import numpy as np
from metate import prange


def distance_loop(a, b):
    total = 0.0
    for i in range(a.size):
        total += (a[i] - b[i]) ** 2
    return total


def distance_arrays(a, b):
    return ((a - b) ** 2).sum()


def chain_1(x, y):
    return x * y


def chain_2(x, y):
    return x * y + x


def chain_4(x, y):
    return (x * y + x) * y - x


def chain_8(x, y):
    return (((x * y + x) * y - x) * y + x) * y - x


def sum_loop(x):
    total = x.dtype.type(0)
    for i in range(x.size):
        total += x[i]
    return total


def sum_function(x):
    return np.sum(x)


def escape_times(limits, most):
    """How long points stay in the Mandelbrot set: much arithmetic, little memory."""
    out = np.empty(limits.size, np.int64)
    for i in prange(limits.size):
        c = complex(-0.74, limits[i])
        z = 0j
        n = 0
        while n < most and z.real * z.real + z.imag * z.imag < 4.0:
            z = z * z + c
            n += 1
        out[i] = n
    return out


def added(a, b):
    """Little arithmetic, much memory."""
    return a + b


#: What a process of its own runs for the times of a first call.
FIRST_CALL = """
import sys, time
import numpy as np
sys.path.insert(0, {folder!r})
from guide_programs import distance_loop
from {package} import njit
a, b = np.linspace(0, 1, 1000), np.linspace(1, 0, 1000)
compiled = njit(cache={cache})(distance_loop)
began = time.perf_counter()
compiled(a, b)
print(time.perf_counter() - began)
"""
