"""Metate compiles decorated Python functions to machine code for CPUs and Level Zero devices."""

from . import atomic, cache, enums, errors, kernel_api, local, private, programs, types
from ._metate import (
    Device,
    Event,
    build_info,
    get_num_threads,
    memory_pool_limit,
    pooled_bytes,
    set_memory_pool_limit,
    set_num_threads,
)
from .callbacks import carray, cfunc, farray
from .decorators import dpjit, jit, jit_module, njit, prange
from .device_functions import device_func, func
from .device_array import (
    DeviceArray,
    arange,
    asarray,
    asnumpy,
    empty,
    empty_like,
    eye,
    from_dlpack,
    full,
    full_like,
    linspace,
    ones,
    ones_like,
    zeros,
    zeros_like,
)
from .devices import (
    get_devices,
    get_num_devices,
    has_accelerator_devices,
    has_cpu_devices,
    has_gpu_devices,
    lsplatform,
    select_accelerator_device,
    select_cpu_device,
    select_default_device,
    select_device_with_aspects,
    select_gpu_device,
)
from .drop_in import install_as_numba_dpex
from .drop_in_numba import install_as_numba
from .gufunc import guvectorize
from .kernel_api import (
    AddressSpace,
    AtomicRef,
    LocalAccessor,
    MemoryOrder,
    MemoryScope,
    NdRange,
    PrivateArray,
    Range,
    atomic_fence,
    group_barrier,
)
from .kernel_language import (
    CLK_GLOBAL_MEM_FENCE,
    CLK_LOCAL_MEM_FENCE,
    GLOBAL_MEM_FENCE,
    GROUP_FUNCTIONS,
    LOCAL_MEM_FENCE,
    barrier,
    get_global_id,
    get_global_offset,
    get_global_size,
    get_group_id,
    get_local_id,
    get_local_size,
    get_max_sub_group_size,
    get_num_groups,
    get_num_sub_groups,
    get_sub_group_id,
    get_sub_group_local_id,
    get_sub_group_size,
    get_work_dim,
    mem_fence,
    sub_group_barrier,
)
from .kernels import DEFAULT_LOCAL_SIZE, call_kernel, call_kernel_async, kernel
from .platforms import Platform, get_composite_devices, get_platforms
from .queues import (
    Context,
    Queue,
    device_context,
    get_current_device,
    get_current_queue,
    get_device_cached_queue,
)
from .threads import threading_layer
from .timer import Timer
from .types import (
    Signature,
    as_dtype,
    boolean,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    from_dtype,
    int8,
    int16,
    int32,
    int64,
    intc,
    intp,
    typeof,
    uint8,
    uint16,
    uint32,
    uint64,
    uintc,
    uintp,
    void,
)
from .ufunc import vectorize
from .usm_memory import MemoryUSMDevice, MemoryUSMHost, MemoryUSMShared, as_usm_memory

globals().update(GROUP_FUNCTIONS)
__version__ = build_info()["version"]
__all__ = [
    "AddressSpace", "AtomicRef", "CLK_GLOBAL_MEM_FENCE", "CLK_LOCAL_MEM_FENCE", "Context", "DEFAULT_LOCAL_SIZE",
    "Device", "DeviceArray", "Event", "GLOBAL_MEM_FENCE", "LOCAL_MEM_FENCE", "LocalAccessor", "MemoryOrder",
    "MemoryScope", "MemoryUSMDevice", "MemoryUSMHost", "MemoryUSMShared", "NdRange", "Platform", "PrivateArray",
    "Queue", "Range", "Signature", "Timer", "arange", "as_dtype", "as_usm_memory", "asarray", "asnumpy", "atomic",
    "atomic_fence", "barrier", "boolean", "build_info", "cache", "call_kernel", "call_kernel_async", "carray", "cfunc",
    "complex128", "complex64", "device_context", "device_func", "dpjit", "empty", "empty_like", "errors", "eye", "farray",
    "float16", "float32", "float64", "from_dlpack", "from_dtype", "full", "full_like", "func", "get_composite_devices",
    "get_current_device", "get_current_queue", "get_device_cached_queue", "get_devices", "get_global_id",
    "get_global_offset", "get_global_size", "get_group_id", "get_local_id", "get_local_size", "get_max_sub_group_size", "get_num_devices",
    "get_num_groups", "get_num_sub_groups", "get_num_threads", "get_platforms", "get_sub_group_id",
    "get_sub_group_local_id", "get_sub_group_size", "get_work_dim", "group_barrier", "guvectorize",
    "has_accelerator_devices", "has_cpu_devices", "has_gpu_devices", "install_as_numba", "install_as_numba_dpex", "int16", "int32", "int64",
    "int8", "intc", "intp", "jit", "jit_module", "kernel", "kernel_api", "linspace", "local", "lsplatform", "mem_fence",
    "memory_pool_limit", "njit", "ones", "ones_like", "pooled_bytes", "prange", "private", "programs", "select_accelerator_device",
    "select_cpu_device", "select_default_device", "select_device_with_aspects", "select_gpu_device",
    "set_memory_pool_limit", "set_num_threads", "sub_group_barrier", "threading_layer", "typeof", "types", "uint16", "uint32", "uint64",
    "uint8", "uintc", "uintp", "vectorize", "void", "zeros", "zeros_like", *GROUP_FUNCTIONS,
]
