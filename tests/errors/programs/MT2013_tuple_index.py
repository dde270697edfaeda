from metate import njit


@njit
def f(t):
    return t[3]


f((1, 2))


# MT2013: index 3 is out of range for a tuple of length 2
#   --> MT2013_tuple_index.py:6:12 in f
#     6 |     return t[3]
#       |            ~~~~
#   note: 't' is a tuple(int, int) because of the argument
