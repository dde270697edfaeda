from metate import kernel


@kernel("void(float32[:])", cachesize=3)
def f(x):
    x[0] = 1


# MT6001: unknown option 'cachesize' (known: access_types, boundscheck, cache, cache_size, check, debug, enable_cache, error_model, fastmath, inline_threshold, sub_group_size)
