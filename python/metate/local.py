"""Local memory: arrays that the work-items of a group share.

>>> import numpy as np, metate
>>> @metate.kernel
... def reverse_groups(x):
...     shared = metate.local.array(64, np.float64)
...     i = metate.get_local_id(0)
...     shared[i] = x[metate.get_global_id(0)]
...     metate.barrier(metate.LOCAL_MEM_FENCE)
...     x[metate.get_global_id(0)] = shared[metate.get_local_size(0) - 1 - i]
>>> x = np.arange(128.0)
>>> reverse_groups[128, 64](x)
>>> x[:3]
array([63., 62., 61.])
"""

from .kernel_language import only_in_kernels


@only_in_kernels
def array(shape, dtype):
    """An array that all work-items of a group share, with undefined elements at first.

    `shape` is an int or a tuple of ints that are known when the kernel is compiled. What one work-item writes the others
    see after a `barrier`.
    """
