"""How many work-items a launch has, in how many dimensions and groups; `kernel_api` offers the classes."""

import math
import operator
import sys


def extents(sizes):
    """`sizes`, an int or a sequence of 1 to 3 ints, as a tuple of ints."""
    if type(sizes) is int and 0 <= sizes <= sys.maxsize:  # the most frequent by far
        return (sizes,)
    if type(sizes) is tuple and not sizes:
        return ()
    try:
        result = tuple(map(operator.index, sizes if isinstance(sizes, (tuple, list)) else (sizes,)))
    except TypeError:
        raise TypeError(f"a launch size is an int or a tuple of ints, not {sizes!r}") from None
    if min(result, default=0) < 0:
        raise ValueError(f"a launch size cannot be negative: {result}")
    if max(result, default=0) > sys.maxsize:
        raise ValueError(f"no device has as many work-items: {result}")
    return result


def offsets(offset, sizes):
    """`offset`, an int or a sequence of as many ints as there are `sizes`, as a tuple; None is ``()``: from 0 on."""
    result = () if offset is None else extents(offset)
    if not result:
        return ()
    if len(result) != len(sizes):
        raise ValueError(f"an offset has a number for each dimension: {result} does not fit the global size {tuple(sizes)}")
    return result


class Range(tuple):
    """The extents of a launch in 1 to 3 dimensions: ``Range(1024)``, ``Range(64, 64)``.

    Global ids begin at `offset`, an int or a tuple: those of ``Range(100, offset=20)`` are 20 to 119.
    """

    def __new__(cls, *sizes, offset=None):
        if not 1 <= len(sizes) <= 3:
            raise TypeError(f"a Range has 1 to 3 dimensions, not {len(sizes)}")
        made = super().__new__(cls, extents(sizes))
        made._offset = offsets(offset, made)
        return made

    def __getnewargs_ex__(self):
        return tuple(self), {"offset": self._offset}

    @property
    def offset(self):
        """The first global id in each dimension, a tuple."""
        return self._offset or (0,) * len(self)

    @property
    def ndim(self):
        """The number of dimensions."""
        return len(self)

    def get(self, index):
        """The extent of dimension `index`."""
        return self[index]

    def size(self):
        """How many work-items there are in all."""
        return math.prod(self)

    dim0 = property(lambda self: self[0], doc="The extent of the first dimension.")
    dim1 = property(lambda self: self[1] if len(self) > 1 else -1, doc="The extent of the second dimension, or -1.")
    dim2 = property(lambda self: self[2] if len(self) > 2 else -1, doc="The extent of the third dimension, or -1.")

    def __repr__(self):
        return f"Range({', '.join(map(str, self))}{f', offset={self._offset}' if self._offset else ''})"


def offset_of(global_size):
    """Where global ids begin in a launch over it; ``()`` is from 0 on."""
    return global_size._offset if type(global_size) is Range else ()


class NdRange:
    """A launch in work-groups: global and local extents of the same number of dimensions.

    Each global extent is a multiple of the local one, which is at least 1; all else is a ValueError. Global ids begin at
    `offset`, an int or a tuple, or at that of the `Range` `global_size`.
    """

    def __init__(self, global_size, local_size, offset=None):
        if offset is None:
            offset = getattr(global_size, "_offset", None)
        self.global_range = Range(*extents(global_size), offset=offset)
        self.local_range = Range(*extents(local_size))
        if self.global_range.ndim != self.local_range.ndim:
            raise ValueError(f"global size {tuple(self.global_range)} and local size {tuple(self.local_range)} "
                             "have different numbers of dimensions")
        if any(inner == 0 or outer % inner for outer, inner in zip(self.global_range, self.local_range)):
            raise ValueError(f"global size {tuple(self.global_range)} is not a multiple of the local size "
                             f"{tuple(self.local_range)}")

    def get_global_range(self):
        """As `global_range`."""
        return self.global_range

    def get_local_range(self):
        """As `local_range`."""
        return self.local_range

    def __eq__(self, other):
        return isinstance(other, NdRange) and self._parts() == other._parts()

    def __hash__(self):
        return hash(self._parts())

    def _parts(self):
        return self.global_range, self.local_range, self.offset

    @property
    def offset(self):
        """The first global id in each dimension, a tuple."""
        return self.global_range.offset

    def __repr__(self):
        offset = f", {self.global_range._offset}" if self.global_range._offset else ""
        return f"NdRange({tuple(self.global_range)}, {tuple(self.local_range)}{offset})"
