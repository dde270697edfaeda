from metate import njit


@njit
def area(radius):
    return math_pi * radius**2


area(1.0)


# MT1002: name 'math_pi' is not defined
#   --> MT1002_misspelt_name.py:6:12 in area
#     6 |     return math_pi * radius**2
#       |            ~~~~~~~
