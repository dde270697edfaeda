from metate import njit


@njit
def squares(n):
    return [i * i for i in range(n)]


squares(4)


# MT1001: a list comprehension is not supported in compiled functions
#   --> MT1001_list_comprehension.py:6:12 in squares
#     6 |     return [i * i for i in range(n)]
#       |            ~~~~~~~~~~~~~~~~~~~~~~~~~
