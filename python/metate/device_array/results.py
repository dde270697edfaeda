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
    """`result` with device arrays on `queue` for the NumPy arrays in it, which lie where the function put them.

    An array that is one of the `arguments`, or lies in one, becomes that argument or a view of it.
    """
    if type(result) in (tuple, list):
        return type(result)(on_queue(each, arguments, queue) for each in result)
    if type(result) is not np.ndarray:
        return result
    if result.size == 0:
        return empty_on(queue, result.shape, result.dtype, "shared")
    for argument in arguments:
        if not hasattr(argument, "__sycl_usm_array_interface__"):
            continue
        lender = asarray(argument)
        if lender.size and _lies_in(result, lender._memory):
            return argument if _is_same(result, lender._layout) else lender._view(result)
    try:
        memory = MemoryUSMShared(_Block(result, queue))
    except ValueError:  # a global array, which is the host's
        return asarray(result, queue=queue)
    return DeviceArray(result, memory, queue)


def of_kind(result, arguments, kind="device"):
    """`result`, its new arrays in memory of the kind that follows from the `arguments`: device before shared before host.

    `kind` is that of results where no argument lies on a device.
    """
    lenders = [asarray(each) for each in arguments if hasattr(each, "__sycl_usm_array_interface__")]
    return _in_memory(result, lenders, usm_type_of(lenders) if lenders else kind)


def _in_memory(result, lenders, kind):
    if type(result) in (tuple, list):
        return type(result)(_in_memory(each, lenders, kind) for each in result)
    if not isinstance(result, DeviceArray) or any(_lies_in(result._layout, each._memory) for each in lenders if result.size):
        return result
    return asarray(result, usm_type=kind)


def _lies_in(layout, memory):
    row, _ = _layout.extent_of(layout)
    start = _layout.address_of(row)
    return memory._pointer <= start and start + row.nbytes <= memory._pointer + memory.nbytes


def _is_same(one, other):
    return (one.dtype == other.dtype and one.shape == other.shape
            and _layout.address_of(one) == _layout.address_of(other)
            and all(a == b or extent == 1 for a, b, extent in zip(one.strides, other.strides, one.shape)))
