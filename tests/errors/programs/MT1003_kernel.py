import numpy as np

from metate import Range, call_kernel, kernel, njit


@kernel
def double(item, x):
    x[item.get_id(0)] *= 2


@njit
def f(x):
    call_kernel(double, Range(3), x)


f(np.ones(3))


# MT1003: 'double' is a kernel, to be launched in a function with @dpjit or in plain Python, which compiled code cannot use
#   --> MT1003_kernel.py:13:5 in f
#    13 |     call_kernel(double, Range(3), x)
#       |     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
