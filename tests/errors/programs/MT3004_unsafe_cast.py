import numpy as np
from metate import njit


@njit
def f(counts):
    counts /= 2


f(np.array([1, 2, 3]))


# MT3004: cannot store a result of dtype float64 in an array of dtype int64 (casting rule 'same_kind')
#   --> MT3004_unsafe_cast.py:7:5 in f
#     7 |     counts /= 2
#       |     ~~~~~~~~~~~
#   note: 'counts' is a 1-d int64 array because of the argument
