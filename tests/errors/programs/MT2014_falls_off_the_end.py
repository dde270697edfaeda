from metate import njit


@njit
def sign(x):
    if x > 0:
        return 1
    if x < 0:
        return -1


sign(1.0)


# MT2014: the function returns None here and an int elsewhere
#   --> MT2014_falls_off_the_end.py:8:8 in sign
#     8 |     if x < 0:
#       |        ~~~~~
#   note: it returns an int here
#   --> MT2014_falls_off_the_end.py:7:16 in sign
#     7 |         return 1
#       |                ~
