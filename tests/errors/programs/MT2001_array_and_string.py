import numpy as np
from metate import njit


@njit
def norm(x, label):
    return x + label


norm(np.ones(3), "a")


# MT2001: cannot apply + to a 1-d float64 array and a str
#   --> MT2001_array_and_string.py:7:12 in norm
#     7 |     return x + label
#       |            ~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
#   note: 'label' is a str because of the argument
