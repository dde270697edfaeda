import numpy as np
from metate import njit


@njit
def f(x):
    return x[..., ...]


f(np.ones((2, 2)))


# MT2006: cannot index a 2-d float64 array with more than one ellipsis ('...')
#   --> MT2006_array_index_twice_ellipsis.py:7:12 in f
#     7 |     return x[..., ...]
#       |            ~~~~~~~~~~~
#   note: 'x' is a 2-d float64 array because of the argument
