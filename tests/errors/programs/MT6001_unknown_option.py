from metate import njit


@njit(paralel=True)
def f(x):
    return x


f(1)


# MT6001: unknown option 'paralel' (known: boundscheck, cache, error_model, fastmath, inline, nogil, parallel)
