import numpy as np
from metate import njit


@njit
def middle(x):
    return x[len(x) / 2]


middle(np.ones(4))


# MT2006: cannot index a 1-d float64 array with a float
#   --> MT2006_float_index.py:7:12 in middle
#     7 |     return x[len(x) / 2]
#       |            ~~~~~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
