"""Functions that take elements at indices and put others there.

Indices beyond an axis are an IndexError where `mode` is "raise". dpctl's modes mend them: "wrap" takes the nearest index
from -n to n - 1, and negative ones from the end; "clip" the nearest one from 0 to n - 1.
"""

import numpy as np

from . import creation, elementwise, manipulation, selection
from .array import DeviceArray


def _within(indices, extent, mode):
    """The indices as `mode` says; what is out of range under "raise" is found by the kernel that uses them."""
    if mode not in ("raise", "wrap", "clip"):
        raise ValueError(f"mode is 'raise', 'wrap' or 'clip', not {mode!r}")
    if indices.dtype.kind not in "iu":
        raise IndexError(f"indices are integers, not of {indices.dtype}")
    if mode == "raise" or not indices.size:
        return indices
    if not extent:
        raise IndexError("cannot take elements from an axis that has none")
    indices = elementwise.astype(indices, np.int64, copy=False) if indices.dtype != np.uint64 else indices
    if indices.dtype != np.uint64:
        indices = elementwise.call(np.maximum, indices, -extent if mode == "wrap" else 0)
    return elementwise.call(np.minimum, indices, extent - 1)


def _on_axis(x, indices, axis, mode):
    """`x`, with an axis at least, and the key of what lies at `indices` along `axis`."""
    if not isinstance(x, DeviceArray):
        elementwise.refuse_host(x)
    indices = creation.beside(x, indices)
    if axis is None:
        if x.ndim > 1:
            raise ValueError("axis is needed where there is more than one")
        axis = 0
    x = x if x.ndim else x._view(x._layout.reshape(1))
    if not -x.ndim <= axis < x.ndim:
        raise np.exceptions.AxisError(axis, x.ndim)
    axis %= x.ndim
    return x, (slice(None),) * axis + (_within(indices, x.shape[axis], mode),)


def take(x, indices, /, *, axis=None, mode="raise"):
    """The elements at `indices` along `axis`, which may be left out where there is one."""
    x, key = _on_axis(x, indices, axis, mode)
    return x[key]


def put(x, indices, vals, /, *, axis=None, mode="raise"):
    """Write `vals`, which are broadcast, to the places that `take` takes elements from.

    Of a place that is there several times it is open which of its values it gets.
    """
    x, key = _on_axis(x, indices, axis, mode)
    if isinstance(vals, DeviceArray) and not vals.size:
        raise ValueError("there are no values to put")
    x[key] = vals


def _along(x, indices, axis, mode):
    """The key of the elements that stand at `indices` along `axis`, each in its own row of the axis."""
    axis, indices = _axis_of(x, axis), creation.beside(x, indices)
    if indices.ndim != x.ndim:
        raise ValueError(f"indices of {indices.ndim} axes do not fit an array of {x.ndim}")
    indices = _within(indices, x.shape[axis], mode)
    shape = np.broadcast_shapes(*(array.shape[:axis] + (1,) + array.shape[axis + 1:] for array in (x, indices)))
    if x.shape[:axis] + x.shape[axis + 1:] != shape[:axis] + shape[axis + 1:]:
        x = manipulation.broadcast_to(x, shape[:axis] + (x.shape[axis],) + shape[axis + 1:])
    indices = manipulation.broadcast_to(indices, shape[:axis] + (indices.shape[axis],) + shape[axis + 1:])
    places = [indices if i == axis else
              manipulation.reshape(creation.arange(extent, queue=x.queue), (-1,) + (1,) * (x.ndim - 1 - i))
              for i, extent in enumerate(x.shape)]
    return x, tuple(places)


def _axis_of(x, axis):
    if not -x.ndim <= axis < x.ndim:
        raise np.exceptions.AxisError(axis, x.ndim)
    return axis % x.ndim


def take_along_axis(x, indices, /, *, axis=-1, mode="raise"):
    """For each place of `indices` the element of `x` which stands at that index along `axis` there."""
    x, places = _along(x, indices, axis, mode)
    return x[places]


def put_along_axis(x, indices, vals, /, *, axis=-1, mode="raise"):
    """Write `vals`, which are broadcast, to the places that `take_along_axis` takes elements from."""
    whole, places = _along(x, indices, axis, mode)
    if whole is not x:
        raise ValueError(f"indices of shape {indices.shape} are broadcast to more rows than an array of shape {x.shape} has")
    x[places] = vals


def _mask(condition, x):
    for each in (condition, x):
        if not isinstance(each, DeviceArray):
            elementwise.refuse_host(each)
    if condition.shape != x.shape:
        raise ValueError(f"a condition of shape {condition.shape} does not fit an array of shape {x.shape}")
    return condition if condition.dtype == bool else elementwise.call(np.not_equal, condition, 0)


def extract(condition, arr, /):
    """The elements of `arr` where the condition, of the same shape, is not zero; in C's order."""
    return arr[_mask(condition, arr)]


def place(arr, mask, vals, /):
    """Write `vals`, which has one axis, to the elements of `arr` where `mask` is not zero, in C's order.

    As many are taken as there are such elements; fewer are taken again from the beginning.
    """
    mask = _mask(mask, arr)
    vals = creation.beside(arr, vals)
    if vals.ndim != 1:
        raise ValueError(f"the values have one axis, not a shape of {vals.shape}")
    flat = selection.flat_places(mask)
    count = flat.size
    if not count:
        return
    if not vals.size:
        raise ValueError("cannot insert from an empty array")
    if vals.size < count:
        vals = vals[elementwise.call(np.remainder, creation.arange(count, queue=arr.queue), vals.size)]
    arr = arr if arr.ndim else arr._view(arr._layout.reshape(1))
    arr[selection.unravelled(flat, arr.shape)] = vals[:count]
