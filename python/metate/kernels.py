"""Kernels: functions that run once for every work-item of a launch, on a Level Zero device."""

import functools

from ._metate import KernelDispatcher
from .device_selector import kernel_check_wanted
from .kernel_api import NdRange, Range, extents
from .queues import checking_queue, context_queue

#: As local size: the device chooses.
DEFAULT_LOCAL_SIZE = ()


class Kernel:
    """A compiled kernel. Launch it with ``k[global_size, local_size](*args)`` or ``k[global_size](*args)``."""

    def __init__(self, function, options, check=None):
        self._check = kernel_check_wanted() if check is None else check
        self._dispatcher = KernelDispatcher(function, options, self._check)
        self._parameters = function.__code__.co_argcount
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
        return functools.partial(self._launch, "", extents(sizes[0]), extents(sizes[1]))

    def __call__(self, *_):
        raise TypeError(f"kernel {self.__name__} is launched with {self.__name__}[global_size, local_size](...)")

    def _launch(self, item, global_size, local_size, *arguments):
        self._dispatcher.launch(None, self._default_queue(), item, global_size, local_size, arguments, None, True)

    def _default_queue(self):
        """Where it runs unless its arguments or its caller say so; None is the default device's."""
        return context_queue() or (checking_queue() if self._check else None)

    def _submit(self, queue, arguments, global_size, local_size, after, wait):
        """`Queue.submit` and, without `wait`, `Queue.submit_async`."""
        item = "item" if local_size is None else "nd_item"
        local_size = DEFAULT_LOCAL_SIZE if local_size is None else local_size
        return self._dispatcher.launch(queue, None, self._item_for(item, arguments), extents(global_size),
                                       extents(local_size), tuple(arguments), after, wait)

    def _item_for(self, item, arguments):
        """`item`, unless the kernel has just as many parameters as there are `arguments`."""
        return "" if self._parameters == len(arguments) else item

    def inspect_spirv(self, *arguments, launch=None):
        """The SPIR-V for such arguments, as assembly text. `launch`: a `Range` or `NdRange`, for kernels that take an item."""
        return self._inspect(launch, arguments, True)

    def inspect_ir(self, *arguments, launch=None):
        """Metate's own IR for such arguments, as code generation takes it; `launch` as in `inspect_spirv`."""
        return self._inspect(launch, arguments, False)

    def _inspect(self, launch, arguments, spirv):
        item, global_size, _ = _item_and_sizes(Range(1) if launch is None else launch)
        return self._dispatcher.inspect(len(global_size), item if launch is not None else "", arguments, spirv)


def _item_and_sizes(launch):
    if isinstance(launch, NdRange):
        return "nd_item", launch.global_range, launch.local_range
    if isinstance(launch, Range):
        return "item", launch, DEFAULT_LOCAL_SIZE
    raise TypeError(f"a launch is a Range or NdRange, not {type(launch).__name__}")


def kernel(function=None, /, *, check=None, **options):
    """Make a kernel out of a Python function that writes its results into array arguments.

    With ``check=True``, or ``METATE_KERNEL_CHECK=1`` in the environment, it runs slowly on the software device, and what
    devices leave to chance is an error, `metate.errors.KernelCheckError`: going out of the bounds of an array (with
    ``boundscheck=False`` too), data races between work-items, reading local memory that nobody has written, and work-items
    of a group that wait at different barriers.

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
        return lambda function: kernel(function, check=check, **options)
    if check not in (None, True, False):
        raise TypeError(f"MT6003: option 'check' takes a bool, not {check!r}")
    return Kernel(function, options, check)


def call_kernel(kernel, launch, *arguments):
    """Run `kernel` over a `Range` or `NdRange` and wait for it.

    Its first parameter becomes an `Item` or `NdItem` (see `metate.kernel_api`); a kernel that has just as many parameters
    as there are `arguments` asks `get_global_id` and friends instead.
    """
    _call("call_kernel", kernel, launch, arguments, None, True)


def call_kernel_async(kernel, launch, dependent_events, *arguments):
    """As `call_kernel`, behind the `dependent_events` (an `Event`, or a sequence of them) and without waiting.

    Gives a pair of events: when the arguments may go, and when the kernel is done. Both are the same moment here, and the
    arguments live until then in any case. NumPy arrays of which the device works on copies have to come back, so that
    such a call is done when it returns.

    >>> import numpy as np, metate
    >>> @metate.kernel
    ... def double(item, x):
    ...     x[item.get_id(0)] *= 2
    >>> x = np.arange(4.0)
    >>> _, first = metate.call_kernel_async(double, metate.Range(4), (), x)
    >>> _, second = metate.call_kernel_async(double, metate.Range(4), (first,), x)
    >>> second.wait()
    >>> x
    array([ 0.,  4.,  8., 12.])
    """
    event = _call("call_kernel_async", kernel, launch, arguments, dependent_events, False)
    return event, event


def _call(name, kernel, launch, arguments, after, wait):
    if not isinstance(kernel, Kernel):
        raise TypeError(f"{name}() needs a function decorated with @kernel, not {type(kernel).__name__}")
    item, *sizes = _item_and_sizes(launch)
    return kernel._dispatcher.launch(None, kernel._default_queue(), kernel._item_for(item, arguments), *sizes, arguments, after,
                                     wait)
