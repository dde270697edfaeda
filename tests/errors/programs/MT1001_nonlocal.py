from metate import njit


@njit
def counter(x):
    def step():
        nonlocal x
        x += 1

    step()
    return x


counter(1)


# MT1001: an assignment to 'x' of an enclosing function is not supported in compiled functions
#   --> MT1001_nonlocal.py:8:9 in step
#     8 |         x += 1
#       |         ~
#   note: 'step' is called with (an int) here
#   --> MT1001_nonlocal.py:10:5 in counter
#    10 |     step()
#       |     ~~~~~~
