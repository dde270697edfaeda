import numpy as np
from metate import get_global_id, kernel


def factorial(n):
    return 1 if n <= 1 else n * factorial(n - 1)


@kernel
def f(x):
    x[get_global_id(0)] = factorial(5)


f[3](np.ones(3))


# MT5004: a function that calls itself cannot be used in a kernel
#   --> MT5004_recursion_in_kernel.py:5 in factorial
#     5 | def factorial(n):
