from metate import njit


@njit
def fail(x):
    raise ValueError("bad value", x)


fail(1)


# MT1001: an exception with more than one argument is not supported in compiled functions
#   --> MT1001_exception_arguments.py:6:11 in fail
#     6 |     raise ValueError("bad value", x)
#       |           ~~~~~~~~~~~~~~~~~~~~~~~~~~
