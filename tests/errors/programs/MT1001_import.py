import math

from metate import njit


@njit
def root(x):
    import math

    return math.sqrt(x)


root(2.0)


# MT1001: 'import' is not supported in compiled functions
#   --> MT1001_import.py:8:5 in root
#     8 |     import math
#       |     ~~~~~~~~~~~
