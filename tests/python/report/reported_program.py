"""A program whose functions tests report; it prints, as programs do."""

import numpy as np

import metate
from metate import guvectorize, njit, prange, vectorize


@njit(parallel=True)
def smoothed(x, out):
    for i in prange(1, x.shape[0] - 1):
        out[i] = x[i - 1] + x[i + 1]
    return out


@njit
def fused(x, y):
    doubled = x * 2.0
    return doubled + np.sqrt(y)


@njit
def total(x):
    result = 0.0
    for i in range(len(x)):
        result += x[i]
    return result


@njit
def gathered(x, places):
    result = 0.0
    for i in range(len(places)):
        result += x[places[i]]  # "<b>&amp;</b>" is no markup here
    return result


@njit(boundscheck=False)
def unchecked(x, i):
    return x[i]


@njit
def calls_another(x):
    return total(x) * 2.0


@njit
def never_called(x):
    return x


@vectorize
def clipped(x, low):
    return x if x > low else low


@guvectorize("(n)->()")
def longest(x, out):
    out[0] = x.max()


@metate.kernel
def added(a, b, c):
    i = metate.get_global_id(0)
    c[i] = a[i] + b[i]


class Model:
    @staticmethod
    @njit
    def step(x):
        return x + 1.0


def main():
    x = np.arange(1000.0)
    smoothed(x, np.zeros(1000))
    fused(x, x)
    total(x)
    gathered(x, np.arange(10))
    unchecked(x, 3)
    calls_another(x)
    clipped(x, 2.0)
    longest(x, np.empty(()))
    added[1000](x, x, np.zeros(1000))
    Model.step(1.0)
    print("done")


if __name__ == "__main__":
    main()
