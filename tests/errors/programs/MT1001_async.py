from metate import njit


@njit
async def wait(x):
    return x


wait(1)


# MT1001: 'async def' is not supported in compiled functions
#   --> MT1001_async.py:5 in wait
#     5 | async def wait(x):
