import numpy as np
from metate import njit


@njit
def f(x):
    return np.add(x, 1, 2.0)


f(np.ones(3))


# MT2009: argument 'out' of add cannot be a float
#   --> MT2009_out.py:7:12 in f
#     7 |     return np.add(x, 1, 2.0)
#       |            ~~~~~~~~~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
