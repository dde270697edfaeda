from metate import njit


@njit
def f(t):
    t[0] = 1


f((1, 2))


# MT2015: cannot assign to items of a tuple(int, int)
#   --> MT2015_tuple_assignment.py:6:5 in f
#     6 |     t[0] = 1
#       |     ~~~~
#   note: 't' is a tuple(int, int) because of the argument
