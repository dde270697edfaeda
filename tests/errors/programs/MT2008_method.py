import numpy as np
from metate import njit


@njit
def f(x):
    return x.to_list()


f(np.ones(3))


# MT2008: a 1-d float64 array has no attribute 'to_list' that compiled code can use
#   --> MT2008_method.py:7:12 in f
#     7 |     return x.to_list()
#       |            ~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
