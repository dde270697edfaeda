from metate import njit


@njit
def f(t):
    a, b = t
    return a + b


f((1, 2, 3))


# MT2019: cannot unpack a tuple(int, int, int) into 2 variables
#   --> MT2019_unpack.py:6:5 in f
#     6 |     a, b = t
#       |     ~~~~
#   note: 't' is a tuple(int, int, int) because of the argument
