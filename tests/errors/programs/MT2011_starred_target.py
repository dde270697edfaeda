import numpy as np
from metate import njit


@njit
def rest(x):
    first, *others = x
    return first


rest(np.ones(3))


# MT2011: the length of what a starred target takes from must be a constant known when the function is compiled
#   --> MT2011_starred_target.py:7:5 in rest
#     7 |     first, *others = x
#       |     ~~~~~~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
