import numpy as np
from metate import njit, prange


@njit(parallel=True)
def first(x):
    for i in prange(len(x)):
        if x[i] > 0:
            return i
    return -1


first(np.ones(3))


# MT4001: 'return' cannot leave a prange loop
#   --> MT4001_return.py:9:13 in first
#     9 |             return i
#       |             ~~~~~~~~
#   note: the prange loop is here
#   --> MT4001_return.py:7:14 in first
#     7 |     for i in prange(len(x)):
#       |              ~~~~~~~~~~~~~~
