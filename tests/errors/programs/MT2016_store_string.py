import numpy as np
from metate import njit


@njit
def f(x):
    x[0] = "a"


f(np.ones(3))


# MT2016: cannot store a str in an array of dtype float64
#   --> MT2016_store_string.py:7:5 in f
#     7 |     x[0] = "a"
#       |     ~~~~
#   note: 'x' is a 1-d float64 array because of the argument
