from metate import njit


@njit
def kind(x):
    match x:
        case (a, b):
            return a
    return 0


kind((1, 2))


# MT1001: 'match' with such a pattern is not supported in compiled functions
#   --> MT1001_match.py:7:14 in kind
#     7 |         case (a, b):
#       |              ~~~~~~
