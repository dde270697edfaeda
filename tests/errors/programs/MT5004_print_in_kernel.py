import numpy as np
from metate import get_global_id, kernel


@kernel
def f(x):
    print(x[get_global_id(0)])


f[3](np.ones(3))


# MT5004: print() cannot be used in a kernel
#   --> MT5004_print_in_kernel.py:7:5 in f
#     7 |     print(x[get_global_id(0)])
#       |     ~~~~~~~~~~~~~~~~~~~~~~~~~~
