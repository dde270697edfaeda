"""Which elements: one of two by a condition, and the places where a mask is true."""

import functools
import math

import numpy as np

from ..device_functions import device_func
from ..kernel_language import get_global_id
from ..kernels import kernel
from . import elementwise
from .array import DeviceArray, empty_on
from .element_kernels import launch


@device_func
def choose(condition, x, y):
    """x where the condition is true, else y; both of one dtype."""
    return x if condition else y


@functools.cache
def _kernels():
    @kernel(boundscheck=False)
    def count(mask, length, counts):
        chunk = get_global_id(0)
        total = 0
        for i in range(chunk * length, min((chunk + 1) * length, mask.size)):
            if mask[i]:
                total += 1
        counts[chunk] = total

    @kernel(boundscheck=False)
    def add_up(counts, starts):
        total = 0
        for chunk in range(counts.size):
            starts[chunk] = total
            total += counts[chunk]
        starts[counts.size + get_global_id(0)] = total

    @kernel(boundscheck=False)
    def write(mask, length, starts, places):
        chunk = get_global_id(0)
        at = starts[chunk]
        for i in range(chunk * length, min((chunk + 1) * length, mask.size)):
            if mask[i]:
                places[at] = i
                at += 1

    return count, add_up, write


def flat_places(mask):
    """The places of the true elements of a mask, of its elements in C's order, as an array of int64.

    Their number is read from the device: the shape of the result depends on it.
    """
    queue = mask.queue
    row = mask if mask._layout.flags.c_contiguous else elementwise.astype(mask, bool)
    row = row._view(row._layout.reshape(-1))
    length = max(256, math.isqrt(row.size))
    chunks = -(-row.size // length)
    count, add_up, write = _kernels()
    counts, starts = (empty_on(queue, (n,), np.int64, "device") for n in (chunks, chunks + 1))
    if chunks == 0:
        return empty_on(queue, (0,), np.int64, mask.usm_type)
    launch(queue, count, (chunks,), (row._layout, length, counts._layout))
    launch(queue, add_up, (1,), (counts._layout, starts._layout))
    places = empty_on(queue, (int(starts[-1]),), np.int64, mask.usm_type)
    if places.size:
        launch(queue, write, (chunks,), (row._layout, length, starts._layout, places._layout))
    return places


def nonzero(x, /):
    """The indices of the elements that are not zero: an array of int64 for each axis."""
    if x.ndim == 0:
        raise ValueError("an array without axes has no indices")
    mask = x if x.dtype == bool else elementwise.call(np.not_equal, x, 0)
    return unravelled(flat_places(mask), x.shape)


def unravelled(places, shape):
    """The indices along each axis of elements at these places of an array of `shape` in C's order."""
    made = []
    for extent in reversed(shape[1:]):
        made.append(elementwise.call(np.remainder, places, extent))
        places = elementwise.call(np.floor_divide, places, extent)
    return (places, *reversed(made))


def where(condition, x1, x2, /):
    """The elements of `x1` where the condition is true, of `x2` elsewhere; numbers are taken too, as operators take them."""
    given = [x1, x2]
    for each in (condition, *given):
        if not isinstance(each, (DeviceArray, np.generic, bool, int, float, complex)):
            elementwise.refuse_host(each)
    dtype = np.result_type(*(each.dtype if isinstance(each, DeviceArray) else each for each in given))
    made = [elementwise.astype(each, dtype, copy=False) if isinstance(each, DeviceArray) else dtype.type(each) for each in given]
    if isinstance(condition, DeviceArray) and condition.dtype != bool:
        condition = elementwise.call(np.not_equal, condition, 0)
    return elementwise.apply(choose, [condition, *made], dtype)
