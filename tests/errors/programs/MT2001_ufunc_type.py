import numpy as np
from metate import njit


@njit
def f(x):
    return np.bitwise_and(x, 1)


f(np.ones(3))


# MT2001: cannot apply bitwise_and to a 1-d float64 array and an int
#   --> MT2001_ufunc_type.py:7:12 in f
#     7 |     return np.bitwise_and(x, 1)
#       |            ~~~~~~~~~~~~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
