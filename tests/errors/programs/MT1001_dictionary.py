from metate import njit


@njit
def options(x):
    known = {"x": x}
    return known["x"]


options(1.0)


# MT1001: a dictionary is not supported in compiled functions
#   --> MT1001_dictionary.py:6:13 in options
#     6 |     known = {"x": x}
#       |             ~~~~~~~~
