import numpy as np
from metate import njit


@njit
def f(x):
    return x.T.reshape(6)


f(np.ones((2, 3)))


# MT3005: reshape needs an array known to be C-contiguous, which a 2-d float64 array is not; make one by .copy() or np.ascontiguousarray()
#   --> MT3005_reshape.py:7:12 in f
#     7 |     return x.T.reshape(6)
#       |            ~~~~~~~~~~~~~~
