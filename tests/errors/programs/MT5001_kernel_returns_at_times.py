import numpy as np
from metate import get_global_id, kernel


@kernel
def double(x):
    i = get_global_id(0)
    if i > 1:
        return 2 * x[i]
    x[i] = 0


double[3](np.ones(3))


# MT5001: kernel 'double' returns a value; a kernel writes its results into array arguments
#   --> MT5001_kernel_returns_at_times.py:9:9 in double
#     9 |         return 2 * x[i]
#       |         ~~~~~~~~~~~~~~~
