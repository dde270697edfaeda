"""Random numbers without state: each is a function of a seed, an index and a stream.

They are those of Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011). Any
work-item, thread or iteration can ask for any of them, so results depend neither on the launch nor on the threads:

>>> import numpy as np, metate
>>> from metate import kernel_api as kapi
>>> @metate.kernel
... def fill(x):
...     i = metate.get_global_id(0)
...     x[i] = kapi.random_uniform(42, i)
>>> x = np.empty(3)
>>> fill[3](x)
>>> x[2] == kapi.random_uniform(42, 2)
np.True_

The functions run inside kernels, under `njit` and in plain Python. A `seed` and a `stream` are any ints, an `index` is one
below 2**64; another stream gives other numbers for the same indices (one for each use of random numbers in a program).
"""

import math

import numpy as np

from .decorators import njit

_WORD = 0xFFFFFFFF  # 32 bits


@njit
def _philox(c0, c1, c2, c3, k0, k1):
    # Words are uint64 below 2**32: the product of two fits.
    word, half = np.uint64(_WORD), np.uint64(32)
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> half) ^ c1 ^ k0, p1 & word, (p0 >> half) ^ c3 ^ k1, p0 & word
        k0 = (k0 + np.uint64(0x9E3779B9)) & word
        k1 = (k1 + np.uint64(0xBB67AE85)) & word
    return c0, c1, c2, c3


@njit
def _low(x):
    return np.uint64(np.int64(x) & _WORD)


@njit
def _high(x):
    return np.uint64(np.int64(x) >> 32 & _WORD)


@njit
def _words(seed, index, stream):
    return _philox(_low(index), _high(index), _low(stream), _high(stream), _low(seed), _high(seed))


@njit
def _unit(low, high):
    """A float64 in [0, 1) of 53 bits, as NumPy makes it of 64."""
    return float((high << np.uint64(32) | low) >> np.uint64(11)) * 2.0**-53


@njit
def philox4x32(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10 itself: the four uint32 words for a counter of four words and a key of two."""
    w0, w1, w2, w3 = _philox(_low(c0), _low(c1), _low(c2), _low(c3), _low(k0), _low(k1))
    return np.uint32(w0), np.uint32(w1), np.uint32(w2), np.uint32(w3)


@njit
def philox_uniform_float64(seed, index, stream=0):
    """A float64, equally distributed in [0, 1): one of 2**53."""
    w0, w1, _, _ = _words(seed, index, stream)
    return np.float64(_unit(w0, w1))


@njit
def philox_uniform_float32(seed, index, stream=0):
    """A float32, equally distributed in [0, 1): one of 2**24."""
    w0, _, _, _ = _words(seed, index, stream)
    return np.float32(w0 >> np.uint64(8)) * np.float32(2.0**-24)


@njit
def philox_normal_float64(seed, index, stream=0):
    """A float64, normally distributed with mean 0 and standard deviation 1 (by Box and Muller's method)."""
    w0, w1, w2, w3 = _words(seed, index, stream)
    radius = math.sqrt(-2.0 * math.log(1.0 - _unit(w0, w1)))
    return np.float64(radius * math.cos(2.0 * math.pi * _unit(w2, w3)))


@njit
def philox_normal_float32(seed, index, stream=0):
    """A float32, normally distributed with mean 0 and standard deviation 1 (by Box and Muller's method)."""
    w0, w1, _, _ = _words(seed, index, stream)
    scale, one = np.float32(2.0**-24), np.float32(1.0)
    radius = np.sqrt(np.float32(-2.0) * np.log(one - np.float32(w0 >> np.uint64(8)) * scale))
    return radius * np.cos(np.float32(2.0 * math.pi) * (np.float32(w1 >> np.uint64(8)) * scale))


random_uniform = philox_uniform_float64
random_normal = philox_normal_float64
