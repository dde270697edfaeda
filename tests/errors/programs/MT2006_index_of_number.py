from metate import njit


@njit
def f(x):
    return x[0]


f(1.0)


# MT2006: cannot index a float with an int
#   --> MT2006_index_of_number.py:6:12 in f
#     6 |     return x[0]
#       |            ~~~~
#   note: 'x' is a float because of the argument
