import numpy as np
from metate import njit, prange


@njit(parallel=True)
def f(x):
    s = 0.0
    for i in prange(len(x)):
        s = x[i] - s
    return s


f(np.ones(3))


# MT4002: 's' carries a value from one prange iteration to the next and is not a reduction
#   --> MT4002_augmented_minus_reversed.py:9:13 in f
#     9 |         s = x[i] - s
#       |             ~~~~~~~~
#   note: 's' is assigned here
#   --> MT4002_augmented_minus_reversed.py:9:9 in f
#     9 |         s = x[i] - s
#       |         ~
