"""How many work-items a launch has, in how many dimensions and groups; `kernel_api` offers the classes."""

import math
import operator
import sys


def extents(sizes):
    """`sizes`, an int or a sequence of 1 to 3 ints, as a tuple of ints."""
    if type(sizes) is int and 0 <= sizes <= sys.maxsize:  # the most frequent by far
        return (sizes,)
    if sizes == ():
        return ()
    sizes = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
    try:
        result = tuple(map(operator.index, sizes))
    except TypeError:
        raise TypeError(f"a launch size is an int or a tuple of ints, not {sizes!r}") from None
    if min(result, default=0) < 0:
        raise ValueError(f"a launch size cannot be negative: {result}")
    if max(result, default=0) > sys.maxsize:
        raise ValueError(f"no device has as many work-items: {result}")
    return result


class Range(tuple):
    """The extents of a launch in 1 to 3 dimensions: ``Range(1024)``, ``Range(64, 64)``."""

    def __new__(cls, *sizes):
        if not 1 <= len(sizes) <= 3:
            raise TypeError(f"a Range has 1 to 3 dimensions, not {len(sizes)}")
        return super().__new__(cls, extents(sizes))

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
        return f"Range({', '.join(map(str, self))})"


class NdRange:
    """A launch in work-groups: global and local extents of the same number of dimensions, which must divide."""

    def __init__(self, global_size, local_size):
        self.global_range = Range(*extents(global_size))
        self.local_range = Range(*extents(local_size))
        if self.global_range.ndim != self.local_range.ndim:
            raise ValueError(f"global size {tuple(self.global_range)} and local size {tuple(self.local_range)} "
                             "have different numbers of dimensions")

    def get_global_range(self):
        """As `global_range`."""
        return self.global_range

    def get_local_range(self):
        """As `local_range`."""
        return self.local_range

    def __eq__(self, other):
        return isinstance(other, NdRange) and (self.global_range, self.local_range) == (other.global_range, other.local_range)

    def __hash__(self):
        return hash((self.global_range, self.local_range))

    def __repr__(self):
        return f"NdRange({tuple(self.global_range)}, {tuple(self.local_range)})"
