"""Functions that kernels call."""

import functools

from ._metate import Dispatcher
from .dispatcher import make_dispatcher


class DeviceFunction:
    """A function for kernels and other device functions to call."""

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.py_func = function
        self.__metate_dispatcher__ = make_dispatcher(Dispatcher, function, {}, ())

    def __call__(self, *_, **__):
        raise TypeError(f"the device function {self.__name__} is called by kernels only; "
                        f"{self.__name__}.py_func is the Python function")


def device_func(function=None, /, *, debug=False):
    """Make a function that kernels and other device functions may call, and that may ask `get_global_id` and the like.

    Kernels also call functions under `njit`, and plain ones.

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
    if function is None:
        return lambda function: device_func(function, debug=debug)
    if not callable(function) or not hasattr(function, "__code__"):
        raise TypeError(f"device_func() is given a Python function, not {type(function).__name__}; "
                        "signatures are not taken yet")
    return DeviceFunction(function)


func = device_func
