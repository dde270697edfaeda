"""Elements in order: sorting, searching in what is sorted, and the different values.

Batcher's odd-even merge sort, which works for any length (Knuth, The Art of Computer Programming, vol. 3, 5.3.4, algorithm
M): a launch for each of the steps, in which all pairs can be put in order at the same time. Places go along and decide
between equal elements, so that the order is stable.
"""

import collections
import functools
import operator

import numpy as np

from ..decorators import njit
from ..kernel_language import get_global_id
from ..kernels import kernel
from . import creation, elementwise, manipulation, reductions, selection
from .array import DeviceArray, empty_on
from .element_kernels import launch


@njit
def _before(x, y):
    """NaN comes last."""
    return x < y or (y != y and x == x)


@njit
def _complex_before(x, y):
    """The real parts decide, and the imaginary parts where these are alike, as NumPy puts them."""
    return _before(x.real, y.real) or (not _before(y.real, x.real) and _before(x.imag, y.imag))


@functools.cache
def _step(before):
    @kernel(boundscheck=False)
    def step(values, places, width, distance):
        row, low = get_global_id(0), get_global_id(1)
        offset = distance % width
        high = low + distance
        if high < values.shape[1] and low >= offset and (low - offset) // distance % 2 == 0 \
                and low // (2 * width) == high // (2 * width):
            x, y, i, j = values[row, low], values[row, high], places[row, low], places[row, high]
            if before(y, x) or (not before(x, y) and j < i):
                values[row, low], values[row, high], places[row, low], places[row, high] = y, x, j, i

    return step


def _sorted(x, axis, descending):
    """Values and places in order; copies."""
    if x.dtype.kind == "c":
        raise TypeError("complex numbers have no order")
    return _in_order(x, axis, descending, _before)


def _in_order(x, axis, descending, before):
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
                launch(x.queue, _step(before), (rows[0].shape[0], extent), (*rows, width, distance))
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


TopK = collections.namedtuple("TopK", "values indices")


def top_k(x, k, /, *, axis=None, mode="largest"):
    """The `k` largest or smallest elements along `axis`, the first of them first, and their indices there.

    Of all elements in C's order if `axis` is None. NaN counts as larger than all numbers; equal ones stand in their order.
    """
    if mode not in ("largest", "smallest"):
        raise ValueError(f"mode is 'largest' or 'smallest', not {mode!r}")
    if axis is None:
        x, axis = reductions.reshaped(x, (-1,)), 0
    if not -x.ndim <= axis < x.ndim:
        raise np.exceptions.AxisError(axis, x.ndim)
    if not 0 < operator.index(k) <= x.shape[axis]:
        raise ValueError(f"k is from 1 to the {x.shape[axis]} elements along the axis, not {k}")
    firsts = []
    for each in _sorted(x, axis, mode == "largest"):
        part = np.moveaxis(np.moveaxis(each._layout, axis, 0)[:k], 0, axis)
        firsts.append(elementwise.astype(each._view(part), each.dtype))
    return TopK(*firsts)


@functools.cache
def _search(of_right):
    """Where an element would be put into a sorted row: before those that are equal, or behind them if `of_right`."""
    @kernel(boundscheck=False)
    def search(row, values, places):
        i = get_global_id(0)
        value, low, high = values[i], 0, row.size
        while low < high:
            middle = (low + high) // 2
            if (not _before(value, row[middle])) if of_right else _before(row[middle], value):
                low = middle + 1
            else:
                high = middle
        places[i] = low

    return search


def searchsorted(x1, x2, /, *, side="left", sorter=None):
    """The places where the elements of `x2` are to be put into `x1`, which has one axis and is sorted, or is by `sorter`.

    Before elements that are equal if `side` is "left", behind them if it is "right".
    """
    if side not in ("left", "right"):
        raise ValueError(f"side is 'left' or 'right', not {side!r}")
    if x1.ndim != 1:
        raise ValueError(f"only an array with one axis is searched, not one of shape {x1.shape}")
    x1 = x1 if sorter is None else x1[sorter]
    if not isinstance(x2, DeviceArray):
        x2 = creation.beside(x1, x2, np.result_type(x1.dtype, x2))
    queue, dtype = elementwise.common_queue([x1, x2]), np.result_type(x1.dtype, x2.dtype)
    if dtype.kind == "c":
        raise TypeError("complex numbers have no order")
    row, values = (elementwise.astype(x, dtype, copy=False) for x in (x1, x2))
    places = empty_on(queue, x2.shape, np.int64, elementwise.usm_type_of([x1, x2]))
    if places.size:
        launch(queue, _search(side == "right"), (places.size,),
               (row._layout, *(reductions.reshaped(x, (-1,))._layout for x in (values, places))))
    return places


def isin(x1, x2, /, *, invert=False):
    """Whether each element of `x1` is one of `x2`, or is none of them if `invert`; one of the two may be a number."""
    queue = elementwise.common_queue([x1, x2])
    dtype = np.result_type(*(x.dtype if isinstance(x, DeviceArray) else x for x in (x1, x2)))
    wanted, among = (elementwise.astype(x, dtype, copy=False) if isinstance(x, DeviceArray) else
                     creation.asarray(x, dtype=dtype, queue=queue) for x in (x1, x2))
    if among.size == 0:
        return creation.full(wanted.shape, invert, bool, queue=queue)
    row = sort(reductions.reshaped(among, (-1,)))
    places = elementwise.call(np.minimum, searchsorted(row, wanted), row.size - 1)
    return elementwise.call(np.not_equal if invert else np.equal, row[places], wanted)


Different = collections.namedtuple("Different", "values indices inverse_indices counts")
Counted = collections.namedtuple("Counted", "values counts")
Inverse = collections.namedtuple("Inverse", "values inverse_indices")


def unique_all(x, /):
    """The different values, in order; of each the first place in C's order; for each element its value's; and how often.

    Complex values are in the order of their real parts, then of their imaginary parts. Each NaN is different.
    """
    row = reductions.reshaped(x, (-1,))
    ordered, order = _in_order(row, 0, False, _complex_before if x.dtype.kind == "c" else _before)
    new = creation.ones(row.size, bool, queue=x.queue)  # whether a value is another than the one before
    new[1:] = elementwise.call(np.not_equal, ordered[1:], ordered[:-1])
    starts = selection.flat_places(new)
    inverse = empty_on(x.queue, row.shape, np.int64, x.usm_type)
    inverse[order] = elementwise.call(np.subtract, reductions.cumulative_sum(new), 1)
    counts = elementwise.call(np.subtract, manipulation.concat([starts[1:], creation.full(1, row.size, np.int64, queue=x.queue)]),
                              starts) if row.size else starts
    return Different(ordered[starts], order[starts], reductions.reshaped(inverse, x.shape), counts)


def unique_counts(x, /):
    """The different values, in order, and how often each is there."""
    found = unique_all(x)
    return Counted(found.values, found.counts)


def unique_inverse(x, /):
    """The different values, in order, and for each element the place of its value among them."""
    found = unique_all(x)
    return Inverse(found.values, found.inverse_indices)


def unique_values(x, /):
    """The different values, in order. Each NaN is different."""
    return unique_all(x).values
