from metate import njit


@njit(error_model="c")
def f(x):
    return x


f(1)


# MT6003: option 'error_model' is "python" (division by zero raises) or "numpy" (it gives inf, nan or 0)
