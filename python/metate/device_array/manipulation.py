"""Device arrays in other shapes and orders, joined and taken apart: views wherever NumPy has views."""

import operator

import numpy as np

from . import creation, elementwise, layout
from .array import DeviceArray, empty_on


def reshape(x, /, shape, *, order="C", copy=None):
    """The elements in another shape: a view where the layout allows it and `copy` is not True.

    With `copy` False, ValueError is raised where the layout does not allow it.
    """
    if not copy:
        try:
            return x._view(np.reshape(x._layout, shape, order=order, copy=False))
        except ValueError:
            if copy is False or not _fits(x, shape):
                raise
    if order == "F":
        turned = elementwise.astype(x._view(x._layout.T), x.dtype)
        return turned._view(np.reshape(turned._layout.T, shape, order="F", copy=False))
    copied = elementwise.astype(x, x.dtype)
    return copied._view(np.reshape(copied._layout, shape, copy=False))


def _fits(x, shape):
    """Whether there are as many elements in `shape`, so that a copy has it."""
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    known = layout.count(extent for extent in shape if extent != -1)
    if -1 not in shape:
        return known == x.size
    return shape.count(-1) == 1 and known > 0 and x.size % known == 0


def _layout_of(x):
    if not isinstance(x, DeviceArray):
        elementwise.refuse_host(x)
    return x._layout


def copy(x, /):
    """A copy, in C's order."""
    return elementwise.astype(x, _layout_of(x).dtype)


def broadcast_to(x, /, shape):
    """A view in which axes of extent 1, and new ones in front, have the extents of `shape`."""
    return x._view(np.broadcast_to(_layout_of(x), shape))


def expand_dims(x, /, axis=0):
    """A view with a new axis of extent 1 at `axis`."""
    return x._view(np.expand_dims(_layout_of(x), axis))


def flip(x, /, *, axis=None):
    """A view with the order of the elements along `axis` reversed; along all axes if it is None."""
    layout = _layout_of(x)
    return x._view(np.flip(layout, axis)) if x.ndim else x._view(layout[...])  # np.flip makes a number of no axes


def matrix_transpose(x, /):
    """A view with the last two axes swapped."""
    return x._view(np.matrix_transpose(_layout_of(x)))


def moveaxis(x, source, destination, /):
    """A view with axes moved to other places."""
    return x._view(np.moveaxis(_layout_of(x), source, destination))


def swapaxes(x, axis1, axis2, /):
    """A view with two axes swapped."""
    return x._view(np.swapaxes(_layout_of(x), axis1, axis2))


def permute_dims(x, /, axes):
    """A view with the axes in the order `axes`."""
    return x._view(np.transpose(_layout_of(x), axes))


def squeeze(x, /, axis):
    """A view without the axes `axis`, whose extents are 1."""
    return x._view(np.squeeze(_layout_of(x), axis))


def broadcast_arrays(*arrays):
    """Views of the arrays in the shape that all of them have when broadcast against each other."""
    shape = np.broadcast_shapes(*(x.shape for x in arrays))
    return tuple(broadcast_to(x, shape) for x in arrays)


def concat(arrays, /, *, axis=0):
    """A new array of the elements of all `arrays` along `axis`; of the elements in C's order if it is None."""
    arrays = [reshape(x, (-1,)) for x in arrays] if axis is None else list(arrays)
    axis = 0 if axis is None else operator.index(axis)
    if not arrays:
        raise ValueError("need at least one array to concatenate")
    queue = elementwise.common_queue(arrays)
    first = arrays[0]
    if not -first.ndim <= axis < first.ndim:
        raise np.exceptions.AxisError(axis, first.ndim)
    axis %= first.ndim
    for x in arrays[1:]:
        if x.ndim != first.ndim or any(i != axis and x.shape[i] != first.shape[i] for i in range(x.ndim)):
            raise ValueError(f"arrays of shapes {first.shape} and {x.shape} cannot be joined along axis {axis}")
    shape = list(first.shape)
    shape[axis] = sum(x.shape[axis] for x in arrays)
    made = empty_on(queue, shape, np.result_type(*(x.dtype for x in arrays)), elementwise.usm_type_of(arrays))
    start = 0
    for x in arrays:
        part = np.moveaxis(made._layout, axis, 0)[start:start + x.shape[axis], ...]
        elementwise.assign(made._view(np.moveaxis(part, 0, axis)), x)
        start += x.shape[axis]
    return made


def stack(arrays, /, *, axis=0):
    """A new array with the `arrays`, all of one shape, along a new axis."""
    arrays = list(arrays)
    if any(x.shape != arrays[0].shape for x in arrays):
        raise ValueError("all arrays to stack must have the same shape")
    return concat([expand_dims(x, axis=axis) for x in arrays], axis=axis)


def unstack(x, /, *, axis=0):
    """The parts of an array along an axis, as a tuple of views."""
    moved = np.moveaxis(x._layout, axis, 0)
    return tuple(x._view(moved[i, ...]) for i in range(len(moved)))


def roll(x, /, shift, *, axis=None):
    """The elements moved on by `shift` along `axis`, from the end to the beginning; in C's order if it is None."""
    if axis is None:
        return reshape(roll(reshape(x, (-1,)), shift, axis=0), x.shape)
    shifts, axes = np.broadcast_arrays(shift, axis)
    for by, along in zip(shifts.ravel().tolist(), axes.ravel().tolist()):
        if not -x.ndim <= along < x.ndim:
            raise np.exceptions.AxisError(along, x.ndim)
        extent = x.shape[along]
        by = by % extent if extent else 0
        if by:
            moved = np.moveaxis(x._layout, along, 0)
            parts = [x._view(np.moveaxis(part, 0, along)) for part in (moved[extent - by:, ...], moved[:extent - by, ...])]
            x = concat(parts, axis=along)
    return x


def tile(x, repetitions, /):
    """The array repeated along each axis as often as `repetitions` says."""
    repetitions = tuple(repetitions)
    rank = max(len(repetitions), x.ndim)
    repetitions = (1,) * (rank - len(repetitions)) + repetitions
    shape = (1,) * (rank - x.ndim) + x.shape
    spread = x._layout.reshape([n for extent in shape for n in (1, extent)])
    wide = np.broadcast_to(spread, [n for pair in zip(repetitions, shape) for n in pair])
    copied = elementwise.astype(x._view(wide), x.dtype)
    return copied._view(copied._layout.reshape([times * extent for times, extent in zip(repetitions, shape)]))


def repeat(x, repeats, /, *, axis=None):
    """Each element along `axis` as often in a row as `repeats` says: a number, or an array of one for each element."""
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    extent = x.shape[axis]
    if isinstance(repeats, DeviceArray):
        elementwise.common_queue([x, repeats])
        repeats = creation.asnumpy(repeats)  # asked for: the shape of the result depends on it
        repeats = repeats.astype(np.int64) if repeats.dtype == np.uint64 else repeats
    places = np.repeat(np.arange(extent), repeats)
    moved = x._view(np.moveaxis(x._layout, axis, 0))
    taken = moved[creation.asarray(places, queue=x.queue)]
    return taken._view(np.moveaxis(taken._layout, 0, axis))


def meshgrid(*arrays, indexing="xy"):
    """For arrays with one axis, arrays of all their combinations: the value of each."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"indexing is 'xy' or 'ij', not {indexing!r}")
    rank = len(arrays)
    grids = []
    for i, x in enumerate(arrays):
        shape = [1] * rank
        shape[i] = -1
        grids.append(reshape(x, tuple(shape)))
    grids = [elementwise.astype(grid, grid.dtype) for grid in broadcast_arrays(*grids)]
    if indexing == "xy" and rank > 1:
        grids = [grid._view(np.swapaxes(grid._layout, 0, 1)) for grid in grids]
    return grids
