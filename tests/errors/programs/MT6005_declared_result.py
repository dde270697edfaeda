from metate import njit


@njit("int64(float64)")
def half(x):
    return (x / 2, x)


# MT6005: half() returns a tuple(float, float), but its result is declared as an int
#   --> MT6005_declared_result.py:5 in half
#     5 | def half(x):
#   note: 'x' is a float because of the argument
