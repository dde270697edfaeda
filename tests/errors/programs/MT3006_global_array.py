import numpy as np
from metate import njit

TABLE = np.arange(6.0).reshape(2, 3)


@njit
def f(x):
    row = TABLE[1]
    row[0] = x


f(1.0)


# MT3006: cannot assign to a global array, which is frozen when the function is compiled; pass it as an argument
#   --> MT3006_global_array.py:10:5 in f
#    10 |     row[0] = x
#       |     ~~~~~~
#   note: 'row' is a read-only 1-d float64 array because of this
#   --> MT3006_global_array.py:9:11 in f
#     9 |     row = TABLE[1]
#       |           ~~~~~~~~
#   note: 'x' is a float because of the argument
