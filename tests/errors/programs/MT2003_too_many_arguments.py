import math

from metate import njit


@njit
def f(x):
    return math.sqrt(x, 2)


f(1.0)


# MT2003: math.sqrt() takes 1 positional argument but 2 were given
#   --> MT2003_too_many_arguments.py:8:12 in f
#     8 |     return math.sqrt(x, 2)
#       |            ~~~~~~~~~~~~~~~
#   note: 'x' is a float because of the argument
