import numpy as np
from metate import njit, prange


@njit(parallel=True)
def first(x):
    place = -1
    for i in prange(len(x)):
        if x[i] > 0:
            break
    return place


first(np.ones(3))


# MT4001: 'break' cannot leave a prange loop
#   --> MT4001_break.py:10:13 in first
#    10 |             break
#       |             ~~~~~
#   note: the prange loop is here
#   --> MT4001_break.py:8:14 in first
#     8 |     for i in prange(len(x)):
#       |              ~~~~~~~~~~~~~~
