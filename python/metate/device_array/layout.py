"""Where the elements of a device array lie: NumPy arrays that know shape, strides and addresses and are never read.

NumPy works out what a slice, a transposition or a broadcast of such an array is from these alone, so that views of device
arrays mean exactly what views of NumPy arrays mean. The memory may be out of the host's reach: nothing here may look at an
element. An index that ends in `...` gives a view also where it would give a number.
"""

import math

import numpy as np

MOST_DIMENSIONS = 3  # of a launch


class _Place:
    def __init__(self, address, shape, dtype, strides=None, readonly=False):
        self.__array_interface__ = {"data": (address, readonly), "shape": shape, "typestr": dtype.str,
                                    "strides": strides, "version": 3}


def at_address(address, shape, dtype, strides=None, readonly=False):
    """A layout; `strides` in bytes, C's order if it is None."""
    return np.asarray(_Place(address, shape, dtype, strides, readonly))


def address_of(layout):
    """The address of the first element."""
    return layout.__array_interface__["data"][0]


def extent_of(layout):
    """The layout of the elements from the lowest to the highest one, in one row, and the first one's place there."""
    low = sum(min(0, (extent - 1) * stride) for extent, stride in zip(layout.shape, layout.strides))
    high = sum(max(0, (extent - 1) * stride) for extent, stride in zip(layout.shape, layout.strides))
    item = layout.itemsize
    row = at_address(address_of(layout) + low, ((high - low) // item + 1,), layout.dtype,
                     readonly=not layout.flags.writeable)
    return row, -low // item


def merged(layouts):
    """`layouts`, all of one shape, with axes reordered and joined to as few as possible, at least one.

    The order is that of the last one's memory, which is the one that is written.
    """
    if all([layout.flags.c_contiguous for layout in layouts]):
        return layouts if layouts[0].ndim == 1 else [layout.reshape(-1) for layout in layouts]
    shape, last = layouts[-1].shape, layouts[-1].strides
    axes = sorted((axis for axis in range(len(shape)) if shape[axis] != 1), key=lambda axis: -abs(last[axis]))
    extents, strides = [], []  # strides: of all layouts, an axis at a time
    for axis in axes:
        steps = tuple(layout.strides[axis] for layout in layouts)
        if extents and strides[-1] == tuple(step * shape[axis] for step in steps):
            extents[-1] *= shape[axis]
            strides[-1] = steps
        else:
            extents.append(shape[axis])
            strides.append(steps)
    if not extents:
        extents, strides = [1], [(0,) * len(layouts)]
    return [
        at_address(address_of(layout), tuple(extents), layout.dtype, tuple(steps[k] for steps in strides),
                   not layout.flags.writeable)
        for k, layout in enumerate(layouts)
    ]


def launches(layouts):
    """The `layouts` of one shape, for each launch of at most three dimensions: the shortest axes are gone through."""
    rank = layouts[0].ndim
    if rank <= MOST_DIMENSIONS:
        yield layouts
        return
    shortest = sorted(range(rank), key=layouts[0].shape.__getitem__)[:rank - MOST_DIMENSIONS]
    moved = [np.moveaxis(layout, shortest, range(len(shortest))) for layout in layouts]
    for place in np.ndindex(moved[0].shape[:len(shortest)]):
        yield [layout[(*place, ...)] for layout in moved]


def overlap(written, read):
    """Whether writing the one while reading the other may change what is read."""
    same = (address_of(written) == address_of(read) and written.strides == read.strides
            and written.itemsize == read.itemsize and written.shape == read.shape)
    return not same and np.may_share_memory(written, read)


def count(shape):
    """How many elements there are."""
    return math.prod(shape)
