import numpy as np
from metate import njit


@njit
def f(x):
    return np.sum(x, axis=2)


f(np.ones((3, 3)))


# MT3003: axis 2 is out of range for a 2-d array
#   --> MT3003_axis.py:7:12 in f
#     7 |     return np.sum(x, axis=2)
#       |            ~~~~~~~~~~~~~~~~~
#   note: 'x' is a 2-d float64 array because of the argument
