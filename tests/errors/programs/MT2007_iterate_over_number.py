from metate import njit


@njit
def f(n):
    s = 0
    for i in n:
        s += i
    return s


f(10)


# MT2007: cannot iterate over an int
#   --> MT2007_iterate_over_number.py:7:14 in f
#     7 |     for i in n:
#       |              ~
#   note: 'n' is an int because of the argument
