import numpy as np
from metate import njit


@njit
def f(flag, x):
    if flag:
        y = x
    else:
        y = "nothing"
    return len(y)


f(True, np.ones(3))


# MT2005: 'y' is a 1-d float64 array on one path and a str on another
#   --> MT2005_two_types.py:10:13 in f
#    10 |         y = "nothing"
#       |             ~~~~~~~~~
#   note: it is a 1-d float64 array because of the argument
