from metate import njit


count = 0


@njit
def increment(x):
    global count
    count += 1
    return x


increment(1)


# MT1001: an assignment to a global variable is not supported in compiled functions
#   --> MT1001_global.py:10:5 in increment
#    10 |     count += 1
#       |     ~~~~~
