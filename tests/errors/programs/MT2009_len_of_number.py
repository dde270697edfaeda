from metate import njit


@njit
def f(x):
    return len(x)


f(3)


# MT2009: argument 'obj' of len() cannot be an int
#   --> MT2009_len_of_number.py:6:12 in f
#     6 |     return len(x)
#       |            ~~~~~~
#   note: 'x' is an int because of the argument
