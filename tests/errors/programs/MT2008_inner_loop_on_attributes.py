from metate import njit


@njit
def lines(file):
    while file.more:
        while file.rest:
            file.skip
    return 1


lines(3)


# MT2008: an int has no attribute 'more' that compiled code can use
#   --> MT2008_inner_loop_on_attributes.py:6:11 in lines
#     6 |     while file.more:
#       |           ~~~~~~~~~
#   note: 'file' is an int because of the argument
