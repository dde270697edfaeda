import numpy as np
from metate import njit


@njit
def f(x):
    return x[0, 0]


f(np.ones(3))


# MT3002: too many indices for a 1-d array: 2
#   --> MT3002_too_many_indices.py:7:12 in f
#     7 |     return x[0, 0]
#       |            ~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
