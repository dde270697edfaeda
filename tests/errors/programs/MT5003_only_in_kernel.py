import numpy as np
from metate import get_global_id, njit


@njit
def f(x):
    return x[get_global_id(0)]


f(np.ones(3))


# MT5003: get_global_id() can be used in kernels only
#   --> MT5003_only_in_kernel.py:7:14 in f
#     7 |     return x[get_global_id(0)]
#       |              ~~~~~~~~~~~~~~~~
