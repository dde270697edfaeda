from metate import njit


@njit
def f(x):
    return x(1)


f(2)


# MT2002: compiled code cannot call an int
#   --> MT2002_call_of_number.py:6:12 in f
#     6 |     return x(1)
#       |            ~~~~
#   note: 'x' is an int because of the argument
