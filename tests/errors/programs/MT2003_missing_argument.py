import math

from metate import njit


@njit
def distance(x, y):
    return math.hypot(x, y)


@njit
def f(x):
    return distance(x)


f(1.0)


# MT2003: distance() missing a required argument: 'y'
#   --> MT2003_missing_argument.py:13:12 in f
#    13 |     return distance(x)
#       |            ~~~~~~~~~~~
#   note: 'x' is a float because of the argument
