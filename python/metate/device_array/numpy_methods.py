"""Methods that NumPy's arrays have and the array API standard has not, for device arrays."""

import numpy as np

from . import complex_parts, elementwise, indexing_functions, linear_algebra, manipulation, namespace, reductions, selection
from . import sorting
from .array import DeviceArray
from .creation import asarray


def std(a, axis=None, ddof=0, keepdims=False):
    """The standard deviation along `axis`; `ddof` is what the number of elements is lessened by."""
    return reductions.std(a, axis=axis, correction=ddof, keepdims=keepdims)


def var(a, axis=None, ddof=0, keepdims=False):
    """The variance along `axis`; `ddof` is what the number of elements is lessened by."""
    return reductions.var(a, axis=axis, correction=ddof, keepdims=keepdims)


def _running(name, function):
    def running(a, axis=None, dtype=None):
        flat = ravel(a) if axis is None else a
        return function(flat, axis=0 if axis is None else axis, dtype=dtype)

    running.__name__ = running.__qualname__ = name
    running.__doc__ = f"{function.__doc__} Of all elements in a row where there is no `axis`."
    return running


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
    if out is None:
        return result
    elementwise.assign(out, result)
    return out


cumsum = _running("cumsum", reductions.cumulative_sum)
cumprod = _running("cumprod", reductions.cumulative_prod)


def around(a, decimals=0):
    """The elements rounded to `decimals` places, to an even digit where two are equally near."""
    if decimals == 0 or a.dtype.kind in "biu":
        return complex_parts.round(a)
    return elementwise.call(np.divide, complex_parts.round(elementwise.call(np.multiply, a, 10.0**decimals)), 10.0**decimals)


def _flatten(self):
    """A copy of the elements in a row."""
    return namespace.copy(self).reshape(-1)


def _transpose(self, *axes):
    """The axes in another order, backwards if none is given; a view."""
    return transpose(self, (axes[0] if len(axes) == 1 else axes) or None)


def _fill(self, value):
    """Make all elements `value`."""
    elementwise.assign(self, value)


def _sort(self, axis=-1):
    """Sort the elements along `axis` where they are."""
    elementwise.assign(self, sorting.sort(self, axis=axis))


def _argsort(self, axis=-1):
    """The indices that sort along `axis`."""
    return sorting.argsort(self, axis=axis)


def _take(self, indices, axis=None):
    """The elements at `indices` along `axis`, of all elements in a row where it is None."""
    return indexing_functions.take(ravel(self) if axis is None else self, indices, axis=axis)


def _repeat(self, repeats, axis=None):
    """Each element `repeats` times along `axis`, of all elements in a row where it is None."""
    return manipulation.repeat(ravel(self) if axis is None else self, repeats, axis=axis)


def _clip(self, min=None, max=None):  # noqa: A002 – NumPy's names
    """The elements, but none below `min` and none above `max`."""
    return namespace.clip(self, min, max)


for _method in (cumprod, cumsum, diagonal, dot, ravel, squeeze, std, trace, var):
    setattr(DeviceArray, _method.__name__, _method)
for _method in (_argsort, _clip, _fill, _flatten, _repeat, _sort, _take, _transpose):
    setattr(DeviceArray, _method.__name__[1:], _method)
for _method in (namespace.conj, selection.nonzero, manipulation.swapaxes):
    setattr(DeviceArray, _method.__name__, _method)
DeviceArray.round = around
DeviceArray.conjugate = namespace.conj
