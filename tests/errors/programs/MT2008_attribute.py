import numpy as np
from metate import njit


@njit
def f(x):
    return x.length


f(np.ones(3))


# MT2008: a 1-d float64 array has no attribute 'length' that compiled code can use
#   --> MT2008_attribute.py:7:12 in f
#     7 |     return x.length
#       |            ~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
