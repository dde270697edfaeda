import numpy as np
from metate import njit


@njit
def f(x, y):
    x[0] = y


f(np.ones(3), np.ones(2))


# MT2016: cannot store a 1-d float64 array in an element of a 1-d float64 array
#   --> MT2016_store_array_in_element.py:7:5 in f
#     7 |     x[0] = y
#       |     ~~~~
#   note: 'x' is a 1-d float64 array because of the argument
#   note: 'y' is a 1-d float64 array because of the argument
