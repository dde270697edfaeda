"""Atomic operations: changes of one element that no other work-item can come between.

Elements are int32, int64, uint32, uint64, float32 or float64, in an argument or in local memory; `idx` is an index or a
tuple of indices. Each function gives the element as it was before.

>>> import numpy as np, metate
>>> @metate.kernel
... def histogram(x, counts):
...     metate.atomic.add(counts, x[metate.get_global_id(0)], 1)
>>> counts = np.zeros(3, np.int32)
>>> histogram[6](np.array([0, 1, 1, 2, 2, 2]), counts)
>>> counts
array([1, 2, 3], dtype=int32)
"""

from .kernel_language import only_in_kernels


@only_in_kernels
def add(ary, idx, val):
    """``ary[idx] += val``; gives the element before."""


@only_in_kernels
def sub(ary, idx, val):
    """``ary[idx] -= val``; gives the element before."""


@only_in_kernels
def min(ary, idx, val):  # noqa: A001
    """The smaller of ``ary[idx]`` and `val`; of nan and a number, the number. Gives the element before."""


@only_in_kernels
def max(ary, idx, val):  # noqa: A001
    """The greater of ``ary[idx]`` and `val`; of nan and a number, the number. Gives the element before."""


@only_in_kernels
def and_(ary, idx, val):
    """``ary[idx] &= val`` of integers; gives the element before."""


@only_in_kernels
def or_(ary, idx, val):
    """``ary[idx] |= val`` of integers; gives the element before."""


@only_in_kernels
def xor(ary, idx, val):
    """``ary[idx] ^= val`` of integers; gives the element before."""


@only_in_kernels
def exchange(ary, idx, val):
    """``ary[idx] = val``; gives the element before."""


@only_in_kernels
def compare_exchange(ary, idx, expected, desired):
    """``ary[idx] = desired`` where it is `expected`, bit for bit; gives the element before."""
