import numpy as np
from metate import get_global_id, kernel

WEIGHTS = np.array([1.0, 2.0, 1.0])


@kernel
def weigh(x):
    i = get_global_id(0)
    x[i] *= WEIGHTS[i]


weigh[3](np.ones(3))


# MT5004: an array that is no argument cannot be used in a kernel
#   --> MT5004_global_array_in_kernel.py:10:13 in weigh
#    10 |     x[i] *= WEIGHTS[i]
#       |             ~~~~~~~
