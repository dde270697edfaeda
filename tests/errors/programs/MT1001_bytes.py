from metate import njit


@njit
def tag(x):
    return b"tag"


tag(1)


# MT1001: a bytes literal is not supported in compiled functions
#   --> MT1001_bytes.py:6:12 in tag
#     6 |     return b"tag"
#       |            ~~~~~~
