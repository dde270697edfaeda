import numpy as np
from metate import get_global_id, kernel


@kernel
def double(x):
    i = get_global_id(0)
    return 2 * x[i]


double[3](np.ones(3))


# MT5001: kernel 'double' returns a value; a kernel writes its results into array arguments
#   --> MT5001_kernel_returns.py:8:5 in double
#     8 |     return 2 * x[i]
#       |     ~~~~~~~~~~~~~~~
