import numpy as np
from metate import njit


def maker():
    table = np.zeros(3)

    @njit
    def f(i):
        table[i] += 1.0

    return f


maker()(1)


# MT3006: cannot assign to a global array, which is frozen when the function is compiled; pass it as an argument
#   --> MT3006_closed_over_array.py:10:9 in f
#    10 |         table[i] += 1.0
#       |         ~~~~~~~~
#   note: 'i' is an int because of the argument
