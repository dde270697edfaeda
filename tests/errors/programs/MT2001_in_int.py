from metate import njit


@njit
def f(x):
    return x in 3


f(1)


# MT2001: cannot apply in to an int and an int
#   --> MT2001_in_int.py:6:12 in f
#     6 |     return x in 3
#       |            ~~~~~~
#   note: 'x' is an int because of the argument
