import numpy as np
from metate import njit


@njit
def f(x, axis):
    return np.sum(x, axis=axis)


f(np.ones((2, 2)), 0)


# MT2011: axis must be a constant known when the function is compiled
#   --> MT2011_axis_must_be_constant.py:7:12 in f
#     7 |     return np.sum(x, axis=axis)
#       |            ~~~~~~~~~~~~~~~~~~~~
#   note: 'x' is a 2-d float64 array because of the argument
#   note: 'axis' is an int because of the argument
