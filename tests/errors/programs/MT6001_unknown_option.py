from metate import njit


@njit(paralel=True)
def f(x):
    return x


f(1)


# MT6001: unknown option 'paralel' (known: boundscheck, cache, debug, error_model, fastmath, forceinline, forceobj, inline, locals, looplift, nogil, nopython, parallel, target)
