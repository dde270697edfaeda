"""numpy_names – what names of modules become; these functions are not run."""

import math

import numpy as np


def attributes(x):
    return np.sqrt(x) * np.pi + math.e, np.float32(x), np.random.rand(), np.add.reduce(x), x[np.newaxis].T


def local_name(x):
    sqrt = np.sqrt
    m = math
    return sqrt(x) + m.sin(x)


def extremes(x, n):
    lo = np.inf
    hi = -np.inf
    for i in prange(n):
        lo = np.minimum(lo, x[i])
        hi = np.maximum(x[i], hi)
    return lo, hi


def wrong(x):
    return missing(x)


def kernel(a, b):
    i = metate.get_global_id(0)
    b[i] = 2 * a[i]
