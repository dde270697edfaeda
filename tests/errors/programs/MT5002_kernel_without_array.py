from metate import kernel


@kernel
def nothing(n):
    n + 1


nothing[3](3)


# MT5002: kernel 'nothing' takes no array argument, so it has nowhere to write its results
#   --> MT5002_kernel_without_array.py:5 in nothing
#     5 | def nothing(n):
