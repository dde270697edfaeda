from metate import njit


@njit
def configure(x, **options):
    return x


configure(1)


# MT1001: a '**' parameter is not supported in compiled functions
#   --> MT1001_double_star_parameter.py:5 in configure
#     5 | def configure(x, **options):
