from metate import njit


@njit
def half(x):
    return x >> 1


half(3.0)


# MT2001: cannot apply >> to a float and an int
#   --> MT2001_shift_of_floats.py:6:12 in half
#     6 |     return x >> 1
#       |            ~~~~~~
#   note: 'x' is a float because of the argument
