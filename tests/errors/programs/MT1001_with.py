from metate import njit


@njit
def locked(lock, x):
    with lock:
        return x + 1


locked(None, 1)


# MT1001: 'with' is not supported in compiled functions
#   --> MT1001_with.py:6:10 in locked
#     6 |     with lock:
#       |          ~~~~
