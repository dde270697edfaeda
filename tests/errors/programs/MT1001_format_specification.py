from metate import njit


@njit
def show(x):
    print(f"x is {x:.3f}")


show(1.0)


# MT1001: a format specification in an f-string is not supported in compiled functions
#   --> MT1001_format_specification.py:6:18 in show
#     6 |     print(f"x is {x:.3f}")
#       |                  ~~~~~~~
