from metate import njit


@njit
def rest(t):
    first, *others = t
    return others


rest((1, 2, 3))


# MT1001: a starred target of an assignment is not supported in compiled functions
#   --> MT1001_starred_target.py:6:5 in rest
#     6 |     first, *others = t
#       |     ~~~~~~~~~~~~~~
