import numpy as np
from metate import njit


@njit
def root(x):
    return np.sqroot(x)


root(2.0)


# MT1004: module 'numpy' has no attribute 'sqroot' that compiled code can use
#   --> MT1004_misspelt_function.py:7:12 in root
#     7 |     return np.sqroot(x)
#       |            ~~~~~~~~~
