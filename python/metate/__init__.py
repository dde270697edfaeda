"""Metate compiles decorated Python functions to machine code for CPUs and Level Zero devices."""

from . import errors, kernel_api
from ._metate import Device, build_info
from .decorators import jit, njit, prange
from .devices import device_context, get_current_device, get_devices, get_num_devices, select_default_device
from .kernel_api import NdRange, Range
from .kernels import (
    DEFAULT_LOCAL_SIZE,
    call_kernel,
    get_global_id,
    get_global_size,
    get_group_id,
    get_local_id,
    get_local_size,
    get_num_groups,
    kernel,
)

__version__ = build_info()["version"]
__all__ = [
    "DEFAULT_LOCAL_SIZE", "Device", "NdRange", "Range", "build_info", "call_kernel", "device_context", "errors",
    "get_current_device", "get_devices", "get_global_id", "get_global_size", "get_group_id", "get_local_id",
    "get_local_size", "get_num_devices", "get_num_groups", "jit", "kernel", "kernel_api", "njit", "prange", "select_default_device",
]
