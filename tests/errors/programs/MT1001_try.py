from metate import njit


@njit
def safe_ratio(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        return 0.0


safe_ratio(1, 2)


# MT1001: 'try' is not supported in compiled functions
#   --> MT1001_try.py:6:5 in safe_ratio
#     6 |     try:
#       |     ~~~~
