from metate import njit


@njit
def f(n):
    return f(n - 1)


f(3)


# MT2010: the type of the recursive function 'f' cannot be found: no path returns without recursing
#   --> MT2010_recursion_without_base.py:5 in f
#     5 | def f(n):
