import numpy as np
from metate import njit


@njit
def drop(x):
    del x[0]


drop(np.ones(3))


# MT1001: 'del' of an item is not supported in compiled functions
#   --> MT1001_delete_item.py:7:9 in drop
#     7 |     del x[0]
#       |         ~~~~
