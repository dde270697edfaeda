from metate import njit


@njit
def add(a, b):
    return a + b


@njit
def call(x):
    return add(**{"a": x, "b": x})


call(1)


# MT1001: '**' in a call is not supported in compiled functions
#   --> MT1001_double_star_call.py:11:12 in call
#    11 |     return add(**{"a": x, "b": x})
#       |            ~~~~~~~~~~~~~~~~~~~~~~~
