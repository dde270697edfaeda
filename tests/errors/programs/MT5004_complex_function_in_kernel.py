import numpy as np
from metate import get_global_id, kernel


@kernel
def roots(x):
    i = get_global_id(0)
    x[i] = np.sqrt(x[i])


roots[3](np.ones(3, np.complex128))


# MT5004: sqrt of complex numbers cannot be used in a kernel
#   --> MT5004_complex_function_in_kernel.py:8:12 in roots
#     8 |     x[i] = np.sqrt(x[i])
#       |            ~~~~~~~~~~~~~
