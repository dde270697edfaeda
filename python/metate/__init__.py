"""Metate compiles decorated Python functions to machine code for CPUs and Level Zero devices."""

import importlib as _importlib
import os as _os

from . import cache, errors, types
from ._metate import build_info, get_num_threads, set_num_threads
from .decorators import dpjit, jit, jit_module, njit, prange

# A program pays for what it uses: each of these modules is imported for the first of its names.
_HOMES = {
    "_metate": "memory_pool_limit pooled_bytes set_memory_pool_limit",
    "ahead_of_time": "compile_ahead export",
    "callbacks": "carray cfunc farray",
    "device_functions": "device_func func",
    "device_array": """
        DeviceArray arange asarray asnumpy empty empty_like eye from_dlpack full full_like linspace ones ones_like zeros
        zeros_like
    """,
    "devices": """
        Device get_devices get_num_devices has_accelerator_devices has_cpu_devices has_gpu_devices
        select_accelerator_device select_cpu_device select_default_device select_device_with_aspects select_gpu_device
    """,
    "drop_in": "install_as_numba_dpex",
    "drop_in_numba": "install_as_numba",
    "gufunc": "guvectorize",
    "kernel_api": """
        AddressSpace AtomicRef LocalAccessor MemoryOrder MemoryScope NdRange PrivateArray Range atomic_fence
        group_barrier
    """,
    "kernel_language": """
        CLK_GLOBAL_MEM_FENCE CLK_LOCAL_MEM_FENCE GLOBAL_MEM_FENCE LOCAL_MEM_FENCE barrier get_global_id
        get_global_offset get_global_size get_group_id get_local_id get_local_size get_max_sub_group_size get_num_groups get_num_sub_groups
        get_sub_group_id get_sub_group_local_id get_sub_group_size get_work_dim mem_fence sub_group_barrier
    """,
    "kernels": "DEFAULT_LOCAL_SIZE call_kernel call_kernel_async kernel",
    "platforms": "Platform get_composite_devices get_platforms lsplatform",
    "queues": "Context Event Queue device_context get_current_device get_current_queue get_device_cached_queue",
    "threads": "threading_layer",
    "timer": "Timer",
    "types": """
        Signature as_dtype boolean complex64 complex128 float16 float32 float64 from_dtype int8 int16 int32 int64 intc
        intp typeof uint8 uint16 uint32 uint64 uintc uintp void
    """,
    "ufunc": "vectorize",
    "usm_memory": "MemoryUSMDevice MemoryUSMHost MemoryUSMShared as_usm_memory",
}
_SUBMODULES = "atomic enums kernel_api local private programs"
_home_of = {name: home for home, names in _HOMES.items() for name in names.split()}
if _os.environ.get("METATE_TRACE") or _os.environ.get("METATE_TIMES"):
    from .tracing import write_in_children as _write_in_children

    _write_in_children()
__version__ = build_info()["version"]


def __getattr__(name):
    if name == "__all__":
        value = _public_names()
    elif name in _home_of:
        value = getattr(_importlib.import_module("." + _home_of[name], __name__), name)
    elif name.startswith("_"):
        raise AttributeError(f"module 'metate' has no attribute {name!r}")
    else:
        value = _group_function(name) or _submodule(name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__getattr__("__all__")})


def _group_function(name):
    """OpenCL's functions by which work-items compute together."""
    if not name.startswith(("sub_group_", "work_group_")):
        return None
    from .kernel_language import GROUP_FUNCTIONS

    return GROUP_FUNCTIONS.get(name)


def _submodule(name):
    try:
        return _importlib.import_module("." + name, __name__)
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"module 'metate' has no attribute {name!r}") from None


def _public_names():
    from .kernel_language import GROUP_FUNCTIONS

    here = ("build_info", "cache", "dpjit", "errors", "get_num_threads", "jit", "jit_module", "njit", "prange", "set_num_threads",
            "types")
    return sorted({*here, *_home_of, *_SUBMODULES.split(), *GROUP_FUNCTIONS} - {"enums"})
