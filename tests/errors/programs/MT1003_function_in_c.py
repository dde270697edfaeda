from bisect import bisect_left

import numpy as np
from metate import njit


@njit
def place(x, value):
    return bisect_left(x, value)


place(np.ones(3), 1.0)


# MT1003: 'bisect_left' is the function _bisect.bisect_left(), which compiled code cannot use
#   --> MT1003_function_in_c.py:9:12 in place
#     9 |     return bisect_left(x, value)
#       |            ~~~~~~~~~~~~~~~~~~~~~
