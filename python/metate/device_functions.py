"""Functions that kernels call."""

import contextvars
import functools

from ._metate import Dispatcher
from .dispatcher import adapt, make_dispatcher
from .travel import reduced
from .types import is_signature, parse_signatures


#: Whether kernels run in plain Python here: then so do the functions that they call.
simulating = contextvars.ContextVar("metate_simulating", default=False)


class DeviceFunction:
    """A function for kernels and other device functions to call."""

    def __init__(self, function, signatures=()):
        functools.update_wrapper(self, function)
        self.py_func = function
        self._signatures = list(signatures)
        self.__metate_dispatcher__ = make_dispatcher(Dispatcher, function, {}, ())
        if signatures:
            adapt(self.__metate_dispatcher__, signatures)  # compiled with the kernels that call it

    def __reduce__(self):
        return reduced(self, DeviceFunction, self.py_func, self._signatures)

    def __call__(self, *arguments, **named):
        if simulating.get():
            return self.py_func(*arguments, **named)
        raise TypeError(f"the device function {self.__name__} is called by kernels only; "
                        f"{self.__name__}.py_func is the Python function")


def device_func(function=None, /, *, debug=False, inline_threshold=None):
    """Make a function that kernels and other device functions may call, and that may ask `get_global_id` and the like.

    Kernels also call functions under `njit`, and plain ones. With signatures, as ``device_func("float32(float32)")`` or a
    list of them, arguments and result are converted as `njit` does. `debug` and `inline_threshold` change nothing.

    >>> import numpy as np, metate
    >>> @metate.device_func
    ... def clamp(x):
    ...     return min(max(x, 0.0), 1.0)
    >>> @metate.kernel
    ... def clamp_all(x):
    ...     i = metate.get_global_id(0)
    ...     x[i] = clamp(x[i])
    >>> x = np.array([-1.0, 0.5, 2.0])
    >>> clamp_all[3](x)
    >>> x
    array([0. , 0.5, 1. ])
    """
    if is_signature(function):
        signatures = parse_signatures(function)
        return lambda function: DeviceFunction(function, signatures)
    if function is None:
        return device_func
    if not callable(function) or not hasattr(function, "__code__"):
        raise TypeError(f"device_func() is given a Python function or signatures, not {type(function).__name__}")
    return DeviceFunction(function)


func = device_func
