import numpy as np
from metate import njit, prange


@njit(parallel=True)
def differences(x, y):
    last = 0.0
    for i in prange(len(x)):
        y[i] = x[i] - last
        last = x[i]


differences(np.ones(3), np.ones(3))


# MT4002: 'last' carries a value from one prange iteration to the next and is not a reduction
#   --> MT4002_carried.py:9:16 in differences
#     9 |         y[i] = x[i] - last
#       |                ~~~~~~~~~~~
#   note: 'last' is assigned here
#   --> MT4002_carried.py:10:9 in differences
#    10 |         last = x[i]
#       |         ~~~~
