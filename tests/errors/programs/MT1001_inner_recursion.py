from metate import njit


@njit
def outer(n):
    def factorial(k):
        return 1 if k < 2 else k * factorial(k - 1)

    return factorial(n)


outer(3)


# MT1001: an inner function that uses 'factorial' before it is assigned is not supported in compiled functions
#   --> MT1001_inner_recursion.py:6:5 in outer
#     6 |     def factorial(k):
#       |     ~~~~~~~~~~~~~~~~~
