import numpy as np
from metate import get_global_id, kernel


@kernel
def f(x):
    t = np.zeros(3)
    x[get_global_id(0)] = t[0]


f[3](np.ones(3))


# MT5004: a new array cannot be used in a kernel
#   --> MT5004_allocation_in_kernel.py:7:9 in f
#     7 |     t = np.zeros(3)
#       |         ~~~~~~~~~~~
