import numpy as np
from metate import njit


@njit
def f(t, i):
    return t[i]


f((1, np.ones(3)), 0)


# MT2011: the index of a tuple whose elements differ in type must be a constant known when the function is compiled
#   --> MT2011_tuple_index.py:7:12 in f
#     7 |     return t[i]
#       |            ~~~~
#   note: 't' is a tuple(int, 1-d float64 array) because of the argument
#   note: 'i' is an int because of the argument
