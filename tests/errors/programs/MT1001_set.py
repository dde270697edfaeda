from metate import njit


@njit
def unique(a, b):
    return len({a, b})


unique(1, 2)


# MT1001: a set display is not supported in compiled functions
#   --> MT1001_set.py:6:16 in unique
#     6 |     return len({a, b})
#       |                ~~~~~~
