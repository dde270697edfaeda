"""Arrays in memory of devices, and computations with them on their queues."""

from .array import DeviceArray
from .creation import (
    arange,
    asarray,
    asnumpy,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    linspace,
    ones,
    ones_like,
    zeros,
    zeros_like,
)
from .interchange import from_dlpack
from . import methods as _methods, numpy_methods as _numpy_methods  # which add them to the class

__all__ = [
    "DeviceArray", "arange", "asarray", "asnumpy", "empty", "empty_like", "eye", "from_dlpack", "full", "full_like", "linspace", "ones",
    "ones_like", "zeros", "zeros_like",
]
