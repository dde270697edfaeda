import numpy as np
from metate import njit


@njit
def f(x):
    return x["a"]


f(np.ones(4))


# MT2006: cannot index a 1-d float64 array with a str
#   --> MT2006_string_index.py:7:12 in f
#     7 |     return x["a"]
#       |            ~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
