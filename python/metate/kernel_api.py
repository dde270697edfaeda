"""The index space of a kernel as objects: `Range` and `NdRange` launch it, `Item` and `NdItem` say where a work-item stands.

A kernel launched by `metate.call_kernel` over a `Range` gets an `Item` as its first argument, over an `NdRange` an `NdItem`:

>>> import numpy as np, metate
>>> from metate import kernel_api as kapi
>>> @metate.kernel
... def add(item: kapi.Item, a, b, c):
...     i = item.get_id(0)
...     c[i] = a[i] + b[i]
>>> a = np.arange(4.0); c = np.empty(4)
>>> metate.call_kernel(add, kapi.Range(4), a, a, c)
>>> c
array([0., 2., 4., 6.])

Dimension 0 is the outermost, as in SYCL. The classes also work in plain Python, so a kernel's `py_func` can be called for
one work-item: ``add.py_func(kapi.Item((4,), (2,)), a, a, c)``.
"""

import enum
import math
import operator

import numpy as np

from .counter_random import (  # noqa: F401 – they are part of this module
    philox4x32,
    philox_normal_float32,
    philox_normal_float64,
    philox_uniform_float32,
    philox_uniform_float64,
    random_normal,
    random_uniform,
)
from .kernel_language import only_in_kernels
from .launch_ranges import NdRange, Range, extents, offsets  # noqa: F401 – the classes are part of this module


def _linear(index, extent):
    number = 0
    for place, size in zip(index, extent):
        number = number * size + place
    return number


class Item:
    """A work-item in a launch over a `Range`: its place `index` among `extent`, which begins at `offset`."""

    def __init__(self, extent, index, offset=None):
        self._extent, self._index = extents(extent), extents(index)
        self._offset = offsets(offset, self._extent) or (0,) * len(self._extent)

    @property
    def dimensions(self):
        """The number of dimensions."""
        return len(self._extent)

    def get_id(self, idx):
        """The number of the work-item in dimension `idx`."""
        return self._index[idx]

    def get_linear_id(self):
        """The number of the work-item among all, the last dimension running fastest; that of the first is 0."""
        return _linear(map(operator.sub, self._index, self._offset), self._extent)

    def get_offset(self, idx):
        """The first of the ids in dimension `idx`."""
        return self._offset[idx]

    def get_range(self, idx):
        """How many work-items there are in dimension `idx`."""
        return self._extent[idx]

    def get_linear_range(self):
        """How many work-items there are in all."""
        return math.prod(self._extent)


class Group:
    """A work-group: its place `index` among `group_range` groups of `local_range` work-items each."""

    def __init__(self, global_range, local_range, group_range, index):
        self._global_range, self._local_range = extents(global_range), extents(local_range)
        self._group_range, self._index = extents(group_range), extents(index)

    @property
    def dimensions(self):
        """The number of dimensions."""
        return len(self._group_range)

    leader = False  # of a group that plain Python made: nobody knows its work-items

    def get_local_id(self, dim):
        """The number of this work-item in the group, in dimension `dim`. Inside kernels only."""
        raise RuntimeError("Group.get_local_id() has a meaning inside kernels only")

    def get_local_linear_id(self):
        """The number of this work-item in the group, the last dimension running fastest. Inside kernels only."""
        raise RuntimeError("Group.get_local_linear_id() has a meaning inside kernels only")

    def get_group_id(self, dim):
        """The number of the group in dimension `dim`."""
        return self._index[dim]

    def get_group_linear_id(self):
        """The number of the group among all, the last dimension running fastest."""
        return _linear(self._index, self._group_range)

    def get_group_range(self, dim):
        """How many groups there are in dimension `dim`."""
        return self._group_range[dim]

    def get_group_linear_range(self):
        """How many groups there are in all."""
        return math.prod(self._group_range)

    def get_local_range(self, dim):
        """How many work-items a group has in dimension `dim`."""
        return self._local_range[dim]

    def get_local_linear_range(self):
        """How many work-items a group has in all."""
        return math.prod(self._local_range)


class SubGroup:
    """Some work-items of a group that can exchange values without memory. `NdItem.get_sub_group` gives it, inside kernels.

    They are neighbours: the linear local ids of a sub-group follow each other. How many a sub-group has at most is the
    device's choice, unless `kernel` was given a `sub_group_size`; the last one of a group has what is left.
    """

    dimensions = 1

    def __init__(self):
        raise RuntimeError("SubGroup has a meaning inside kernels only: NdItem.get_sub_group() gives it")

    def get_local_linear_id(self):
        """The number of this work-item in the sub-group; `get_local_id(0)` is the same."""

    def get_local_linear_range(self):
        """How many work-items the sub-group has; `get_local_range(0)` is the same."""

    def get_max_local_range(self):
        """How many work-items a sub-group of this kernel can have."""

    def get_group_linear_id(self):
        """The number of the sub-group in its work-group; `get_group_id(0)` is the same."""

    def get_group_linear_range(self):
        """How many sub-groups the work-group has; `get_group_range(0)` is the same."""


class NdItem:
    """A work-item in a launch over an `NdRange`: `global_item` in the whole launch, `local_item` in its `group`."""

    def __init__(self, global_item, local_item, group):
        self._global_item, self._local_item, self._group = global_item, local_item, group

    @property
    def dimensions(self):
        """The number of dimensions."""
        return self._global_item.dimensions

    def get_global_id(self, idx):
        """The number of the work-item in the whole launch, in dimension `idx`."""
        return self._global_item.get_id(idx)

    def get_global_linear_id(self):
        """The number of the work-item in the whole launch, the last dimension running fastest; that of the first is 0."""
        return self._global_item.get_linear_id()

    def get_offset(self, idx):
        """The first of the global ids in dimension `idx`."""
        return self._global_item.get_offset(idx)

    def get_global_range(self, idx):
        """How many work-items the launch has in dimension `idx`."""
        return self._global_item.get_range(idx)

    def get_global_linear_range(self):
        """How many work-items the launch has in all."""
        return self._global_item.get_linear_range()

    def get_local_id(self, idx):
        """The number of the work-item in its group, in dimension `idx`."""
        return self._local_item.get_id(idx)

    def get_local_linear_id(self):
        """The number of the work-item in its group, the last dimension running fastest."""
        return self._local_item.get_linear_id()

    def get_local_range(self, idx):
        """How many work-items the group has in dimension `idx`."""
        return self._local_item.get_range(idx)

    def get_local_linear_range(self):
        """How many work-items the group has in all."""
        return self._local_item.get_linear_range()

    def get_group(self):
        """The `Group` of the work-item."""
        return self._group

    def get_sub_group(self):
        """The `SubGroup` of the work-item. Inside kernels only."""
        raise RuntimeError("NdItem.get_sub_group() has a meaning inside kernels only")


class MemoryOrder(enum.IntEnum):
    """How an atomic operation or fence orders the memory accesses around it."""

    RELAXED = 0
    ACQUIRE = 1
    CONSUME_UNSUPPORTED = 2  # has its name of SYCL, and nothing takes it
    RELEASE = 3
    ACQ_REL = 4
    SEQ_CST = 5


class MemoryScope(enum.IntEnum):
    """Whom an ordering holds for."""

    WORK_ITEM = 0
    SUB_GROUP = 1
    WORK_GROUP = 2
    DEVICE = 3
    SYSTEM = 4


class AddressSpace(enum.IntEnum):
    """Where memory lies. `AtomicRef` takes it and needs it not: the array says where it lies."""

    PRIVATE = 0
    GLOBAL = 1
    CONSTANT = 2
    LOCAL = 3
    GENERIC = 4


@only_in_kernels
def group_barrier(group, fence_scope=None):
    """Wait until all work-items of `group`, a `Group` or `SubGroup`, have come here, and see what they have written.

    `fence_scope` says for whom memory is in order then: without it, for the work-items of `group`.
    """


@only_in_kernels
def atomic_fence(memory_order, memory_scope):
    """Put the memory accesses of this work-item before and after it in order, without waiting."""


# What work-items compute together. All work-items of `g`, a Group or SubGroup, must come to the same call.


def _operation(name, meaning, apply):
    def function(x, y, /):
        return apply(x, y)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{meaning}, as an operation for `reduce_over_group` and the scans."
    function.__module__ = "metate"
    return function


plus = _operation("plus", "``x + y``", operator.add)
multiplies = _operation("multiplies", "``x * y``", operator.mul)
minimum = _operation("minimum", "The smaller of two numbers; of nan and a number, the number", np.fmin)
maximum = _operation("maximum", "The greater of two numbers; of nan and a number, the number", np.fmax)
bit_and = _operation("bit_and", "``x & y``", operator.and_)
bit_or = _operation("bit_or", "``x | y``", operator.or_)
bit_xor = _operation("bit_xor", "``x ^ y``", operator.xor)


@only_in_kernels
def reduce_over_group(g, x, binary_op, init=None):
    """The numbers `x` of all work-items of `g`, and `init` if there is one, combined by `binary_op`.

    The result has the type of `x`; bools count as ints. Operations are `plus`, `multiplies`, `minimum`, `maximum`, and for
    integers `bit_and`, `bit_or`, `bit_xor`; complex numbers have `plus` alone. SYCL's order of arguments, with `init` before
    `binary_op`, is taken too. In which order floats are added is the device's choice; the software device adds them by
    their work-items' numbers.

    >>> import numpy as np, metate
    >>> from metate import kernel_api as kapi
    >>> @metate.kernel
    ... def total(item: kapi.NdItem, x, sums):
    ...     group = item.get_group()
    ...     sum = kapi.reduce_over_group(group, x[item.get_global_id(0)], kapi.plus)
    ...     if group.leader:
    ...         sums[group.get_group_id(0)] = sum
    >>> sums = np.zeros(2)
    >>> metate.call_kernel(total, metate.NdRange(8, 4), np.arange(8.0), sums)
    >>> sums
    array([ 6., 22.])
    """


@only_in_kernels
def inclusive_scan_over_group(g, x, binary_op, init=None):
    """The numbers `x` of the work-items of `g` up to this one, combined by `binary_op`. See `reduce_over_group`."""


@only_in_kernels
def exclusive_scan_over_group(g, x, binary_op, init=None):
    """The numbers `x` of the work-items of `g` before this one, combined by `binary_op`. See `reduce_over_group`.

    The first work-item gets what combines without effect: 0, 1, or the greatest or least number of the type.
    """


@only_in_kernels
def any_of_group(g, pred):
    """Whether `pred` is true for a work-item of `g`."""


@only_in_kernels
def all_of_group(g, pred):
    """Whether `pred` is true for all work-items of `g`."""


@only_in_kernels
def none_of_group(g, pred):
    """Whether `pred` is true for no work-item of `g`."""


@only_in_kernels
def group_ballot(g, pred=True):
    """An int with bit i set where `pred` is true for work-item number i of the `SubGroup` `g`."""


@only_in_kernels
def group_broadcast(g, x, local_id=0):
    """`x` of the work-item with that number in `g` (of a Group also a tuple of local ids), which all of them name alike."""


@only_in_kernels
def select_from_group(g, x, remote_local_id):
    """`x` of the work-item with that number in the `SubGroup` `g`; of this one where there is no such."""


@only_in_kernels
def shift_group_left(g, x, delta=1):
    """`x` of the work-item `delta` above this one in the `SubGroup` `g`; of this one where there is no such."""


@only_in_kernels
def shift_group_right(g, x, delta=1):
    """`x` of the work-item `delta` below this one in the `SubGroup` `g`; of this one where there is no such."""


@only_in_kernels
def permute_group_by_xor(g, x, mask):
    """`x` of the work-item in the `SubGroup` `g` whose number is that of this one ``^ mask``."""


class AtomicRef:
    """One element, for operations that no other work-item can come between.

    `ref` is an array of int32, int64, uint32, uint64, float32 or float64 in an argument or in local memory, `index` an
    index or a tuple of indices. Each operation but `store` gives the element as it was before.

    >>> import numpy as np, metate
    >>> from metate import kernel_api as kapi
    >>> @metate.kernel
    ... def total(item: kapi.Item, x, result):
    ...     kapi.AtomicRef(result, index=0).fetch_add(x[item.get_id(0)])
    >>> result = np.zeros(1)
    >>> metate.call_kernel(total, kapi.Range(4), np.arange(4.0), result)
    >>> result
    array([6.])
    """

    def __init__(self, ref, index, memory_order=MemoryOrder.RELAXED, memory_scope=MemoryScope.DEVICE, address_space=None):
        self._array, self._index = ref, index

    def _change(self, change):
        before = self._array[self._index]
        self._array[self._index] = change(before)
        return before

    def load(self):
        """The element."""
        return self._array[self._index]

    def store(self, val):
        """Make the element `val`."""
        self._array[self._index] = val

    def exchange(self, val):
        """Make the element `val`."""
        return self._change(lambda _: val)

    def fetch_add(self, val):
        """Add `val`."""
        return self._change(lambda element: element + val)

    def fetch_sub(self, val):
        """Subtract `val`."""
        return self._change(lambda element: element - val)

    def fetch_min(self, val):
        """Make the element the smaller of it and `val`; of nan and a number, the number."""
        return self._change(lambda element: np.fmin(element, val))

    def fetch_max(self, val):
        """Make the element the greater of it and `val`; of nan and a number, the number."""
        return self._change(lambda element: np.fmax(element, val))

    def fetch_and(self, val):
        """``&= val``, of integers."""
        return self._change(lambda element: element & val)

    def fetch_or(self, val):
        """``|= val``, of integers."""
        return self._change(lambda element: element | val)

    def fetch_xor(self, val):
        """``^= val``, of integers."""
        return self._change(lambda element: element ^ val)

    def compare_exchange(self, expected, desired, expected_idx=0):
        """Make the element `desired` if it is ``expected[expected_idx]``, which becomes what the element was.

        Gives whether it was.
        """
        before = self.load()
        same = bool(before == expected[expected_idx])
        if same:
            self.store(desired)
        expected[expected_idx] = before
        return same


AtomicRef.__module__ = "metate"


def PrivateArray(shape, dtype, fill_zeros=False):  # noqa: N802 – SYCL's and numba-dpex's name
    """An array of the work-item's own; its elements are undefined at first, or zeros with `fill_zeros`.

    `shape` is an int or a tuple of ints that are known when the kernel is compiled.
    """
    return np.zeros(shape, dtype) if fill_zeros else np.empty(shape, dtype)


PrivateArray.__module__ = "metate"


class LocalAccessor:
    """An array that the work-items of a group share: made by the caller of a kernel, and passed to it as an argument.

    Its elements are undefined at first. Kernels that take one are launched over an `NdRange`.
    """

    def __init__(self, shape, dtype):
        self.shape, self.dtype = extents(shape), np.dtype(dtype)
        if not self.shape or 0 in self.shape:
            raise ValueError(f"the shape of a LocalAccessor has 1 to 3 extents of at least 1, not {self.shape}")
        if len(self.shape) > 3:
            raise ValueError(f"a LocalAccessor has 1 to 3 dimensions, not {len(self.shape)}")

    def __repr__(self):
        return f"LocalAccessor({self.shape}, {self.dtype})"


from .kernel_simulator import call_kernel  # noqa: E402, F401 – part of this module, and made of its classes
