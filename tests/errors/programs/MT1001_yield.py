from metate import njit


@njit
def numbers(n):
    for i in range(n):
        yield i


numbers(3)


# MT1001: a generator is not supported in compiled functions
#   --> MT1001_yield.py:5 in numbers
#     5 | def numbers(n):
