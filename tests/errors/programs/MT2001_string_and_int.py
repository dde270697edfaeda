from metate import njit


@njit
def label(i):
    return "item " + i


label(3)


# MT2001: cannot apply + to a str and an int
#   --> MT2001_string_and_int.py:6:12 in label
#     6 |     return "item " + i
#       |            ~~~~~~~~~~~
#   note: 'i' is an int because of the argument
