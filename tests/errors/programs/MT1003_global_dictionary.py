from metate import njit


settings = {"scale": 2.0}


@njit
def scaled(x):
    return settings["scale"] * x


scaled(1.0)


# MT1003: 'settings' is a dict, which compiled code cannot use
#   --> MT1003_global_dictionary.py:9:12 in scaled
#     9 |     return settings["scale"] * x
#       |            ~~~~~~~~~~~~~~~~~
