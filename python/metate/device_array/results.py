"""What a compiled function returns whose arguments lie on a device."""

import numpy as np

from ..usm_memory import MemoryUSMShared
from . import layout as _layout
from .array import DeviceArray, Operand, empty_on
from .creation import asarray
from .elementwise import usm_type_of


class _Block(Operand):
    """The bytes that a layout spans, and the layout, whose base owns them."""

    __slots__ = ("_layout",)

    def __init__(self, layout, queue):
        row, _ = _layout.extent_of(layout)
        super().__init__(_layout.at_address(_layout.address_of(row), (row.nbytes,), np.dtype(np.uint8)), queue)
        self._layout = layout


def on_queue(result, arguments, queue):
    """`result` with device arrays on `queue` for the NumPy arrays in it, which lie in shared memory or where the function put them.

    An array that is one of the `arguments`, or lies in one, becomes that argument or a view of it. New ones are of the kind of
    memory that follows from the arguments: device before shared before host, and "device" where none lies on a device.
    """
    if not isinstance(result, (tuple, list, np.ndarray)):
        return result
    lenders = [(each, asarray(each)) for each in _parts(arguments) if hasattr(each, "__sycl_usm_array_interface__")]
    return _placed(result, lenders, queue, usm_type_of(lender for _, lender in lenders) if lenders else "device")


def _parts(arguments):
    """The arguments, and what tuples among them hold."""
    for each in arguments:
        if isinstance(each, tuple):
            yield from _parts(each)
        else:
            yield each


def _placed(result, lenders, queue, kind):
    if isinstance(result, (tuple, list)):
        make = getattr(type(result), "_make", type(result))  # named tuples take their fields one by one
        return make(_placed(each, lenders, queue, kind) for each in result)
    if type(result) is not np.ndarray:
        return result
    if result.size == 0:
        return empty_on(queue, result.shape, result.dtype, kind)
    for argument, lender in lenders:
        if lender.size and _lies_in(result, lender._memory):
            return argument if _is_same(result, lender._layout) else lender._view(result)
    try:
        memory = MemoryUSMShared(_Block(result, queue))
    except ValueError:  # a global array, which is the host's
        return asarray(result, queue=queue, usm_type=kind)
    return asarray(DeviceArray(result, memory, queue), usm_type=kind)


def _lies_in(layout, memory):
    row, _ = _layout.extent_of(layout)
    start = _layout.address_of(row)
    return memory._pointer <= start and start + row.nbytes <= memory._pointer + memory.nbytes


def _is_same(one, other):
    return (one.dtype == other.dtype and one.shape == other.shape
            and _layout.address_of(one) == _layout.address_of(other)
            and all(a == b or extent == 1 for a, b, extent in zip(one.strides, other.strides, one.shape)))
