from metate import njit


@njit
def table(n):
    return {i: i * i for i in range(n)}


table(4)


# MT1001: a dictionary comprehension is not supported in compiled functions
#   --> MT1001_dictionary_comprehension.py:6:12 in table
#     6 |     return {i: i * i for i in range(n)}
#       |            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~
