import numpy as np
from metate import njit


@njit
def f(x):
    return np.fft.fft(x)


f(np.ones(4))


# MT2002: compiled code cannot call np.fft.fft()
#   --> MT2002_numpy_function.py:7:12 in f
#     7 |     return np.fft.fft(x)
#       |            ~~~~~~~~~~~~~
#   note: 'x' is a 1-d float64 array because of the argument
