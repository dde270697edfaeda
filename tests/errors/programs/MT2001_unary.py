from metate import njit


@njit
def f(x):
    return -x


f(None)


# MT2001: cannot apply unary - to None
#   --> MT2001_unary.py:6:12 in f
#     6 |     return -x
#       |            ~~
#   note: 'x' is None because of the argument
