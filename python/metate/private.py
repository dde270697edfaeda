"""Private memory: small arrays of a work-item's own.

>>> import numpy as np, metate
>>> @metate.kernel
... def running_maximum(x, out):
...     i = metate.get_global_id(0)
...     seen = metate.private.array(4, np.float64)
...     for k in range(4):
...         seen[k] = x[4 * i + k]
...     out[i] = max(seen[0], seen[1], seen[2], seen[3])
>>> out = np.empty(2)
>>> running_maximum[2](np.array([3.0, 1, 4, 1, 5, 9, 2, 6]), out)
>>> out
array([4., 9.])
"""

from .kernel_language import only_in_kernels


@only_in_kernels
def array(shape, dtype):
    """An array of the work-item's own, with undefined elements at first.

    `shape` is an int or a tuple of ints that are known when the kernel is compiled.
    """
