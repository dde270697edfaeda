import numpy as np
from metate import get_global_id, kernel


@kernel
def double(x):
    i = get_global_id(0)
    x[i] = 2 * x[i]


double[3](np.ones(3, np.float16))


# MT5004: float16 cannot be used in a kernel
#   --> MT5004_float16_in_kernel.py:8:12 in double
#     8 |     x[i] = 2 * x[i]
#       |            ~~~~~~~~
