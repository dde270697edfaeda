"""Elements in order: sorting, and the different values.

Batcher's odd-even merge sort, which works for any length (Knuth, The Art of Computer Programming, vol. 3, 5.3.4, algorithm
M): a launch for each of the steps, in which all pairs can be put in order at the same time. Places go along and decide
between equal elements, so that the order is stable.
"""

import functools

import numpy as np

from ..decorators import njit
from ..kernel_language import get_global_id
from ..kernels import kernel
from . import creation, elementwise, reductions
from .array import empty_on
from .elementwise import launch


@njit
def _before(x, y):
    """NaN comes last."""
    return x < y or (y != y and x == x)


@functools.cache
def _step():
    @kernel(boundscheck=False)
    def step(values, places, width, distance):
        row, low = get_global_id(0), get_global_id(1)
        offset = distance % width
        high = low + distance
        if high < values.shape[1] and low >= offset and (low - offset) // distance % 2 == 0 \
                and low // (2 * width) == high // (2 * width):
            x, y, i, j = values[row, low], values[row, high], places[row, low], places[row, high]
            if _before(y, x) or (not _before(x, y) and j < i):
                values[row, low], values[row, high], places[row, low], places[row, high] = y, x, j, i

    return step


def _sorted(x, axis, descending):
    """Values and places in order, with the axis last; copies."""
    if x.dtype.kind == "c":
        raise TypeError("complex numbers have no order")
    moved = x._view(np.moveaxis(x._layout, axis, -1))
    values = elementwise.astype(moved, x.dtype)
    extent = values.shape[-1] if values.ndim else 1
    places = empty_on(x.queue, values.shape, np.int64, x.usm_type)
    rows = [np.reshape(each._layout, (-1, extent), copy=False) if x.size else each._layout for each in (values, places)]
    if x.size:
        elementwise.assign(places, creation.arange(extent, queue=x.queue))
        if descending:  # backwards, so that equal elements stand in their order after all is turned round
            elementwise.assign(values, moved._view(moved._layout[..., ::-1]))
        width = 1
        while width < extent:
            distance = width
            while distance:
                launch(x.queue, _step(), (rows[0].shape[0], extent), (*rows, width, distance))
                distance //= 2
            width *= 2
        if descending:
            places = elementwise.call(np.subtract, extent - 1, places)
            values, places = (each._view(each._layout[..., ::-1]) for each in (values, places))
    return tuple(each._view(np.moveaxis(each._layout, -1, axis)) for each in (values, places))


def sort(x, /, *, axis=-1, descending=False, stable=True):
    """A copy with the elements along `axis` in order, NaN last; equal ones stay in their order."""
    return _sorted(x, axis, descending)[0]


def argsort(x, /, *, axis=-1, descending=False, stable=True):
    """The indices along `axis` that put the elements in order."""
    return _sorted(x, axis, descending)[1]


def unique_values(x, /):
    """The different values, in order. Each NaN is different."""
    row = reductions.reshaped(x, (-1,))
    if row.size < 2:
        return elementwise.astype(row, row.dtype)
    ordered = sort(row)
    new = creation.ones(row.size, bool, queue=x.queue)
    new[1:] = elementwise.call(np.not_equal, ordered[1:], ordered[:-1])
    return ordered[new]
