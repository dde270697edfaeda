"""Kernels: functions that run once for every work-item of a launch, on a Level Zero device."""

import functools

from ._metate import KernelDispatcher
from .devices import get_current_device

#: As local size: the device chooses.
DEFAULT_LOCAL_SIZE = ()


class Range(tuple):
    """The extents of a launch in 1 to 3 dimensions: ``Range(1024)``, ``Range(64, 64)``."""

    def __new__(cls, *extents):
        return super().__new__(cls, _extents(extents))


class NdRange:
    """A launch in work-groups: global and local extents, which must divide."""

    def __init__(self, global_size, local_size):
        self.global_range = Range(*_extents(global_size))
        self.local_range = Range(*_extents(local_size))


def _extents(sizes):
    sizes = (sizes,) if not isinstance(sizes, (tuple, list)) else tuple(sizes)
    for size in sizes:
        if not isinstance(size, int) and not hasattr(size, "__index__"):
            raise TypeError(f"a launch size is an int or a tuple of ints, not {size!r}")
    return tuple(int(size) for size in sizes)


class Kernel:
    """A compiled kernel. Launch it with ``k[global_size, local_size](*args)`` or ``k[global_size](*args)``."""

    def __init__(self, function, options):
        self._dispatcher = KernelDispatcher(function, options)
        functools.update_wrapper(self, function)

    @property
    def py_func(self):
        """The Python function."""
        return self._dispatcher.py_func

    def __getitem__(self, sizes):
        if isinstance(sizes, NdRange):
            sizes = (sizes.global_range, sizes.local_range)
        elif not isinstance(sizes, tuple) or isinstance(sizes, Range):
            sizes = (sizes, DEFAULT_LOCAL_SIZE)
        if len(sizes) != 2:
            raise TypeError(f"{self.__name__}[global_size, local_size] takes two sizes, not {len(sizes)}; "
                            "sizes in several dimensions are tuples: k[(64, 64), (8, 8)]")
        global_size, local_size = (_extents(size) for size in sizes)
        return functools.partial(self._launch, global_size, local_size)

    def __call__(self, *_):
        raise TypeError(f"kernel {self.__name__} is launched with {self.__name__}[global_size, local_size](...)")

    def _launch(self, global_size, local_size, *arguments):
        self._dispatcher.launch(get_current_device(), list(global_size), list(local_size), arguments)

    def inspect_spirv(self, *arguments):
        """The SPIR-V for such arguments, as assembly text."""
        return self._dispatcher.inspect(arguments, True)

    def inspect_ir(self, *arguments):
        """Metate's own IR for such arguments, as code generation takes it."""
        return self._dispatcher.inspect(arguments, False)


def kernel(function=None, /, **options):
    """Make a kernel out of a Python function that writes its results into array arguments.

    >>> import numpy as np, metate
    >>> @metate.kernel
    ... def add(a, b, c):
    ...     i = metate.get_global_id(0)
    ...     c[i] = a[i] + b[i]
    >>> a = np.arange(4.0); c = np.empty(4)
    >>> add[4](a, a, c)
    >>> c
    array([0., 2., 4., 6.])
    """
    if function is None:
        return lambda function: kernel(function, **options)
    return Kernel(function, options)


def call_kernel(kernel, launch, *arguments):
    """Run `kernel` over a `Range` or `NdRange` and wait for it."""
    kernel[launch](*arguments)


def _only_in_kernels(name, meaning):
    def function(dim, /):
        raise RuntimeError(f"{name}() has a value inside kernels only")

    function.__name__ = function.__qualname__ = name
    function.__module__ = "metate"
    function.__doc__ = f"{meaning} in dimension `dim` (0, 1 or 2). Inside kernels only."
    return function


get_global_id = _only_in_kernels("get_global_id", "The number of the work-item in the whole launch,")
get_local_id = _only_in_kernels("get_local_id", "The number of the work-item in its work-group,")
get_group_id = _only_in_kernels("get_group_id", "The number of the work-group,")
get_global_size = _only_in_kernels("get_global_size", "How many work-items there are")
get_local_size = _only_in_kernels("get_local_size", "How many work-items a work-group has")
get_num_groups = _only_in_kernels("get_num_groups", "How many work-groups there are")
