"""Methods that NumPy's arrays have and the array API standard has not, for device arrays."""

import numpy as np

from . import complex_parts, elementwise, indexing_functions, linear_algebra, manipulation, namespace, numpy_reductions
from . import reductions, selection, sorting
from .array import DeviceArray
from .creation import asarray


def ravel(a):
    """The elements in a row; a view where the layout allows it."""
    return manipulation.reshape(a, (-1,))


def transpose(a, axes=None):
    """The axes in another order, backwards if none is given; a view."""
    return a._view(a._layout.transpose(axes))


def squeeze(a, axis=None):
    """Without axes of extent 1: all of them, or those that `axis` names."""
    return a._view(np.squeeze(a._layout, axis))


def diagonal(a, offset=0):
    """The diagonal that begins in column `offset`."""
    return a[diagonal_of(a.shape, offset, a.queue)]


def diagonal_of(shape, offset, queue):
    """The rows and columns of a diagonal's elements."""
    rows = np.arange(max(0, -offset), max(0, -offset) + len(np.diagonal(np.empty(shape, bool), offset)))
    return asarray(rows, queue=queue), asarray(rows + offset, queue=queue)


def trace(a, offset=0):
    """The sum of the diagonal."""
    return reductions.sum(diagonal(a, offset))


def dot(a, b, out=None):
    """The product of matrices, of vectors, or with a number, as `numpy.dot` defines it."""
    if not isinstance(a, DeviceArray) or not isinstance(b, DeviceArray) or 0 in (a.ndim, b.ndim):
        result = elementwise.call(np.multiply, a, b)
    elif a.ndim <= 2 and b.ndim <= 2:
        result = linear_algebra.matmul(a, b)
    else:
        result = linear_algebra.tensordot(a, b, axes=((-1,), (max(b.ndim - 2, 0),)))
    return elementwise.into(out, result, "dot")


def around(a, decimals=0, out=None):
    """The elements rounded to `decimals` places, to an even digit where two are equally near."""
    if decimals == 0 or a.dtype.kind in "biu":
        return elementwise.into(out, complex_parts.round(a), "round")
    scaled = complex_parts.round(elementwise.call(np.multiply, a, 10.0**decimals))
    return elementwise.into(out, elementwise.call(np.divide, scaled, 10.0**decimals), "round")


def _flatten(self):
    """A copy of the elements in a row."""
    return namespace.copy(self).reshape(-1)


def _transpose(self, *axes):
    """The axes in another order, backwards if none is given; a view."""
    return transpose(self, (axes[0] if len(axes) == 1 else axes) or None)


def _fill(self, value):
    """Make all elements `value`."""
    elementwise.assign(self, value)


def _sort(self, axis=-1, kind=None, order=None, *, stable=None):
    """Sort the elements along `axis` where they are; equal ones stay in their order, whichever `kind` is asked for."""
    _refuse_fields(order)
    elementwise.assign(self, sorting.sort(self, axis=axis))


def _argsort(self, axis=-1, kind=None, order=None, *, stable=None):
    """The indices that sort along `axis`, all elements in a row where it is None; `kind` as for `sort`."""
    _refuse_fields(order)
    return sorting.argsort(ravel(self)) if axis is None else sorting.argsort(self, axis=axis)


def _refuse_fields(order):
    if order is not None:
        raise ValueError("the elements of device arrays have no fields to order by")


def _take(self, indices, axis=None, out=None, mode="raise"):
    """The elements at `indices` along `axis`, of all elements in a row where it is None; `mode` is "raise" or "clip"."""
    if mode not in ("raise", "clip"):
        raise ValueError(f"take: mode is 'raise' or 'clip', not {mode!r}")
    taken = indexing_functions.take(ravel(self) if axis is None else self, indices, axis=axis, mode=mode)
    return elementwise.into(out, taken, "take")


def _repeat(self, repeats, axis=None):
    """Each element `repeats` times along `axis`, of all elements in a row where it is None."""
    return manipulation.repeat(ravel(self) if axis is None else self, repeats, axis=axis)


def _clip(self, min=None, max=None, out=None):  # noqa: A002 – NumPy's names
    """The elements, but none below `min` and none above `max`."""
    return elementwise.into(out, namespace.clip(self, min, max), "clip")


for _method in (diagonal, dot, ravel, squeeze, trace, *numpy_reductions.METHODS):
    setattr(DeviceArray, _method.__name__, _method)
for _method in (_argsort, _clip, _fill, _flatten, _repeat, _sort, _take, _transpose):
    setattr(DeviceArray, _method.__name__[1:], _method)
for _method in (namespace.conj, selection.nonzero, manipulation.swapaxes):
    setattr(DeviceArray, _method.__name__, _method)
DeviceArray.round = around
DeviceArray.conjugate = namespace.conj
