import numpy as np
from metate import njit, prange


@njit(parallel=True)
def f(x):
    for i in prange(len(x)):
        t = 2 * x[i]
        x[i] = t
    return t


f(np.ones(3))


# MT4004: 't' is assigned in the prange loop and has no defined value after it
#   --> MT4004_private_after_loop.py:10:5 in f
#    10 |     return t
#       |     ~~~~~~~~
#   note: 't' is assigned here
#   --> MT4004_private_after_loop.py:8:9 in f
#     8 |         t = 2 * x[i]
#       |         ~
