import numpy as np
from metate import njit


@njit
def f(x):
    x[0] = 1.0


x = np.ones(3)
x.flags.writeable = False
f(x)


# MT3001: cannot assign to a read-only array
#   --> MT3001_read_only.py:7:5 in f
#     7 |     x[0] = 1.0
#       |     ~~~~
#   note: 'x' is a read-only 1-d float64 array because of the argument
