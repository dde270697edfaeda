from metate import njit


@njit
def f(x):
    return x + 123456789012345678901234567890


f(1)


# MT1008: integer constant 123456789012345678901234567890 does not fit 64 bits
#   --> MT1008_large_integer.py:6:16 in f
#     6 |     return x + 123456789012345678901234567890
#       |                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
