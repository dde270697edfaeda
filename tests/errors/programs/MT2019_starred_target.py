from metate import njit


@njit
def ends(t):
    first, *middle, last = t
    return first + last


ends((1,))


# MT2019: cannot unpack a tuple(int) into at least 2 variables
#   --> MT2019_starred_target.py:6:5 in ends
#     6 |     first, *middle, last = t
#       |     ~~~~~~~~~~~~~~~~~~~~
#   note: 't' is a tuple(int) because of the argument
