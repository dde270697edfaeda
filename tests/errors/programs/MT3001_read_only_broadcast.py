import numpy as np
from metate import njit


@njit
def f(x):
    x += 1.0


f(np.broadcast_to(1.0, (3, 3)))


# MT3001: cannot assign to a read-only array
#   --> MT3001_read_only_broadcast.py:7:5 in f
#     7 |     x += 1.0
#       |     ~~~~~~~~
#   note: 'x' is a read-only 2-d float64 array because of the argument
