import numpy as np
from metate import float32, float64, get_global_id, int64, kernel, void


@kernel([void(float32[::1], int64), void(float64[::1], int64)])
def fill(x, value):
    x[get_global_id(0)] = value


fill[3](np.zeros(3, np.int8), 1)


# MT6004: fill() is not declared for (a 1-d int8 array, an int); it is declared for (a 1-d float32 array, an int) and (a 1-d float64 array, an int)
#   --> MT6004_undeclared_kernel_types.py:6 in fill
#     6 | def fill(x, value):
#   note: 'x' is a 1-d int8 array because of the argument
#   note: 'value' is an int because of the argument
