"""Kernels in plain Python, to be looked at with a debugger: one work-item after the other."""

import itertools

from .device_functions import simulating
from .kernel_api import Group, Item, NdItem, NdRange, Range


def call_kernel(kernel, launch, *arguments):
    """Run the Python function behind `kernel` over a `Range` or `NdRange` in the interpreter, on NumPy arrays.

    For debugging kernels that take an `Item` or `NdItem` first. The work-items run one after the other, so that barriers,
    local memory and what groups compute together are not there; device functions run in the interpreter
    too. `metate.call_kernel` runs kernels on a device.

    >>> import numpy as np
    >>> from metate import kernel_api as kapi
    >>> def double(item, x):
    ...     x[item.get_id(0)] *= 2
    >>> x = np.arange(4.0)
    >>> kapi.call_kernel(double, kapi.Range(4), x)
    >>> x
    array([0., 2., 4., 6.])
    """
    function = getattr(kernel, "py_func", kernel)
    if not callable(function):
        raise TypeError(f"a kernel is a function, not a {type(kernel).__name__}")
    if isinstance(launch, NdRange):
        items = _nd_items(launch)
    elif isinstance(launch, Range):
        items = (Item(launch, index, launch.offset) for index in _indices(launch, launch.offset))
    else:
        raise TypeError(f"a launch is a Range or NdRange, not {type(launch).__name__}")
    token = simulating.set(True)
    try:
        for item in items:
            function(item, *arguments)
    finally:
        simulating.reset(token)


def _indices(extents, offset=None):
    first = offset or (0,) * len(extents)
    return itertools.product(*(range(begin, begin + extent) for begin, extent in zip(first, extents)))


def _nd_items(launch):
    whole, local = launch.global_range, launch.local_range
    groups = Range(*(outer // inner for outer, inner in zip(whole, local)))
    for group in _indices(groups):
        for place in _indices(local):
            index = tuple(first + number * size + inner
                          for first, number, size, inner in zip(launch.offset, group, local, place))
            yield NdItem(Item(whole, index, launch.offset), Item(local, place), Group(whole, local, groups, group))
