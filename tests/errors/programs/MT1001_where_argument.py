import numpy as np
from metate import njit


@njit
def masked_sum(x, mask):
    return np.sum(x, where=mask)


masked_sum(np.ones(3), np.array([True, False, True]))


# MT1001: where= of np.sum() is not supported in compiled functions
#   --> MT1001_where_argument.py:7:12 in masked_sum
#     7 |     return np.sum(x, where=mask)
#       |            ~~~~~~~~~~~~~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
#   note: 'mask' is a 1-d bool array because of the argument
