import numpy as np
from metate import njit


@njit
def f(x):
    return np.sum(x, axes=0)


f(np.ones(3))


# MT2003: np.sum() got an unexpected keyword argument 'axes'
#   --> MT2003_unknown_keyword.py:7:12 in f
#     7 |     return np.sum(x, axes=0)
#       |            ~~~~~~~~~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
