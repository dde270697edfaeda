from metate import njit


@njit
def fläche(größe, name):
    return größe * 2 + name


fläche(1.0, "ä")


# MT2001: cannot apply + to a float and a str
#   --> MT2001_outside_ascii.py:6:12 in fläche
#     6 |     return größe * 2 + name
#       |            ~~~~~~~~~~~~~~~~
#   note: 'name' is a str because of the argument
