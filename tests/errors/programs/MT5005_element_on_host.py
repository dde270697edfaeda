import metate


@metate.njit(parallel=True)
def shift(x):
    first = x[0]
    for i in metate.prange(x.shape[0]):
        x[i] -= first


shift(metate.arange(3.0))


# MT5005: argument 'x' lies in device memory, which the host does not reach, and its elements are used on the host here: only prange loops and array expressions run on a device; memory of kind 'shared' is reached by both
#   --> MT5005_element_on_host.py:6:13 in shift
#     6 |     first = x[0]
#       |             ~~~~
