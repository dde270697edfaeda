from metate import njit


@njit
def scale(x):
    times = lambda a, factor=x: a * factor
    return times(3)


scale(2.0)


# MT1001: a default value of an inner function's parameter is not supported in compiled functions
#   --> MT1001_lambda_default.py:6:13 in scale
#     6 |     times = lambda a, factor=x: a * factor
#       |             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
