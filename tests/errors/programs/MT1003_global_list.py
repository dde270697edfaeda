import numpy as np
from metate import njit


weights = [0.25, 0.5, 0.25]


@njit
def smooth(x, i):
    return weights[0] * x[i]


smooth(np.ones(3), 1)


# MT1003: 'weights' is a list, which compiled code cannot use
#   --> MT1003_global_list.py:10:12 in smooth
#    10 |     return weights[0] * x[i]
#       |            ~~~~~~~~~~
