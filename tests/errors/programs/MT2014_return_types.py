from metate import njit


@njit
def f(x):
    if x > 0:
        return x
    return "negative"


f(1.0)


# MT2014: the function returns a str here and a float elsewhere
#   --> MT2014_return_types.py:8:12 in f
#     8 |     return "negative"
#       |            ~~~~~~~~~~
#   note: it returns a float here
#   --> MT2014_return_types.py:7:9 in f
#     7 |         return x
#       |         ~~~~~~~~
