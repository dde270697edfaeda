from metate import njit


@njit
def f(x):
    return hash(x)


f(1)


# MT2002: compiled code cannot call hash()
#   --> MT2002_builtin.py:6:12 in f
#     6 |     return hash(x)
#       |            ~~~~~~~
#   note: 'x' is an int because of the argument
