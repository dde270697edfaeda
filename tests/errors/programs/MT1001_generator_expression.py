from metate import njit


@njit
def total(n):
    return sum(i * i for i in range(n))


total(4)


# MT1001: a generator expression is not supported in compiled functions
#   --> MT1001_generator_expression.py:6:15 in total
#     6 |     return sum(i * i for i in range(n))
#       |               ~~~~~~~~~~~~~~~~~~~~~~~~~
