import math

import numpy as np
from metate import njit


@njit
def f(x):
    return math.sqrt(x)


f(np.ones(3))


# MT2001: cannot apply math.sqrt() to a 1-d float64 array
#   --> MT2001_math_of_array.py:9:12 in f
#     9 |     return math.sqrt(x)
#       |            ~~~~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
