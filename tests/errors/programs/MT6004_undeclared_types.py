from metate import njit


@njit("float64(float64)")
def half(x):
    return x / 2


@njit
def f(z):
    return half(z)


f(1j)


# MT6004: half() is not declared for (a complex); it is declared for (a float)
#   --> MT6004_undeclared_types.py:11:12 in f
#    11 |     return half(z)
#       |            ~~~~~~~
#   note: 'z' is a complex because of the argument
