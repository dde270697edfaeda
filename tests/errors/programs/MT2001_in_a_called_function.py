import numpy as np
from metate import njit


@njit
def shifted(x, by):
    return x >> by


@njit
def f(x):
    return shifted(x, 2)


f(np.ones(3))


# MT2001: cannot apply right_shift to a 1-d float64 array and an int
#   --> MT2001_in_a_called_function.py:7:12 in shifted
#     7 |     return x >> by
#       |            ~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
#   note: 'by' is an int because of the argument
#   note: 'shifted' is called with (a 1-d float64 array, an int) here
#   --> MT2001_in_a_called_function.py:12:12 in f
#    12 |     return shifted(x, 2)
#       |            ~~~~~~~~~~~~~
