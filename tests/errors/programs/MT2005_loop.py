from metate import njit


@njit
def f(n):
    s = 0
    for i in range(n):
        s = (s, i)
    return s


f(3)


# MT2005: 's' is an int on one path and a tuple(int, int) on another
#   --> MT2005_loop.py:8:13 in f
#     8 |         s = (s, i)
#       |             ~~~~~~
#   note: it is an int here
#   --> MT2005_loop.py:6:9 in f
#     6 |     s = 0
#       |         ~
