from metate import njit


@njit
def point(x):
    class Point:
        pass

    return x


point(1)


# MT1001: a class definition is not supported in compiled functions
#   --> MT1001_class.py:6:5 in point
#     6 |     class Point:
#       |     ~~~~~~~~~~~~
