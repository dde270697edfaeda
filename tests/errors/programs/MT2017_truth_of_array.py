import numpy as np
from metate import njit


@njit
def f(x):
    if x > 0:
        return 1
    return 0


f(np.ones(3))


# MT2017: the truth of a 1-d bool array is ambiguous; use .any() or .all()
#   --> MT2017_truth_of_array.py:7:8 in f
#     7 |     if x > 0:
#       |        ~~~~~
