import numpy as np
from metate import kernel, prange


@kernel
def f(x):
    for i in prange(len(x)):
        x[i] = 0


f[3](np.ones(3))


# MT5004: prange cannot be used in a kernel
#   --> MT5004_prange.py:7:14 in f
#     7 |     for i in prange(len(x)):
#       |              ~~~~~~~~~~~~~~
