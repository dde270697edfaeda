from metate import njit


@njit
def check(x):
    if x < 0:
        raise ValueError("negative") from None
    raise ValueError("other") from x


check(1)


# MT1001: 'raise … from' is not supported in compiled functions
#   --> MT1001_raise_from.py:8:5 in check
#     8 |     raise ValueError("other") from x
#       |     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
