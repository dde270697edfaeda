"""The names of numba-dpex, dpctl and dpnp, so that programs written for them run unchanged."""

import importlib.util
import os
import sys

import numpy as np

from . import drop_in_creation, drop_in_dpnp, drop_in_environment, drop_in_tensor, errors, stand_in, types
from .device_array import DeviceArray
from .drop_in_arrays import RandomNumbers, usm_ndarray
from .drop_in_numba import install_as_numba

_KERNEL_NAMES = """
DEFAULT_LOCAL_SIZE NdRange Range atomic barrier call_kernel call_kernel_async device_func dpjit func get_global_id
get_global_size get_group_id get_local_id get_local_size get_num_groups get_work_dim kernel kernel_api local mem_fence njit
prange private sub_group_barrier
CLK_GLOBAL_MEM_FENCE CLK_LOCAL_MEM_FENCE GLOBAL_MEM_FENCE LOCAL_MEM_FENCE
"""
_LAUNCHING = "call_kernel call_kernel_async device_func kernel"
_DECORATORS = "device_func dpjit kernel"
#: The modules that numba-dpex's `kernel_api` is made of.
_KERNEL_API_PARTS = {
    "atomic_fence": "atomic_fence", "atomic_ref": "AtomicRef", "barrier": "group_barrier",
    "index_space_ids": "Group Item NdItem", "launcher": "call_kernel", "local_accessor": "LocalAccessor",
    "memory_enums": "AddressSpace MemoryOrder MemoryScope", "private_array": "PrivateArray", "ranges": "NdRange Range",
}
_ORDER_NAMES = """
SequentialOrderManager get_coerced_usm_type get_execution_queue intel_device_info onetrace_enabled validate_usm_type
"""
_DEVICE_NAMES = """
device_context get_composite_devices get_current_queue get_device_cached_queue get_devices get_num_devices get_platforms
has_accelerator_devices has_cpu_devices has_gpu_devices lsplatform select_accelerator_device select_cpu_device
select_default_device select_device_with_aspects select_gpu_device
"""
_MEMORY_NAMES = "MemoryUSMDevice MemoryUSMHost MemoryUSMShared as_usm_memory"
_ENUMS = """
backend_type device_type event_status_type fp_config global_mem_cache_type kernel_arg_type local_mem_type memory_order memory_scope
partition_property
"""
#: The releases whose names these are: the last that had them all.
_VERSIONS = {"dpctl": "0.21.1", "dpnp": "0.19.0", "numba_dpex": "0.23.0", "numba_dppy": "0.17.4"}
_COMPILER_NAMES = """
SpecializationConstant SyclKernel SyclKernelBundle create_kernel_bundle_from_source create_kernel_bundle_from_spirv
create_kernel_bundle_from_sycl_source is_sycl_source_compilation_available
"""
_PROGRAM_NAMES = "SyclKernel create_program_from_source create_program_from_spirv"
_ARGUMENT_NAMES = "LocalAccessor RawKernelArg WorkGroupMemory"


def _module(name, names="", **more):
    import metate

    if name in _VERSIONS:
        more["__version__"] = f"{_VERSIONS[name]}+metate{metate.__version__}"
    return stand_in.module(name, f"`{name}` as far as Metate offers it: see `metate.install_as_numba_dpex`.",
                           **({each: getattr(metate, each) for each in names.split()} | more))


def _is_available():
    """Whether there is a device; Metate always has one."""
    return True


def _vectorize(*args, target="cpu", **options):
    """`metate.vectorize`, whose functions run on the device of their arguments; `target` "dpex" asks for nothing else."""
    import metate

    return metate.vectorize(*args, target="cpu" if target == "dpex" else target, **options)


def _numba_dpex(name):
    import metate
    from metate import drop_in_types, kernel_api

    def part(of, **names):
        made = _module(f"{name}.{of}", **names)
        return made.__name__, made

    kernel_names = {each: getattr(metate, each) for each in _KERNEL_NAMES.split()}
    type_names = drop_in_types.named()
    yield name, _module(name, **kernel_names, **type_names, is_available=_is_available,
                        offload_to_sycl_device=metate.device_context, vectorize=_vectorize)
    yield f"{name}.kernel_api", kernel_api
    for of, names in _KERNEL_API_PARTS.items():
        yield part(f"kernel_api.{of}", **{each: getattr(kernel_api, each) for each in names.split()})
    yield part("experimental", **{each: kernel_names[each] for each in _LAUNCHING.split()})
    yield part("core")
    yield part("core.exceptions", **drop_in_types.exceptions())
    yield part("core.decorators", **{each: kernel_names[each] for each in _DECORATORS.split()})
    yield part("core.kernel_launcher", **{each: kernel_names[each] for each in ("call_kernel", "call_kernel_async")})
    yield part("core.kernel_interface")
    for of in ("indexers", "utils"):
        yield part(f"core.kernel_interface.{of}", NdRange=metate.NdRange, Range=metate.Range)
    yield part("core.types", **type_names)
    yield part("core.types.kernel_api")
    yield part("core.types.kernel_api.index_space_ids", ItemType=types.ItemType, NdItemType=types.NdItemType)
    yield part("core.types.kernel_api.local_accessor", LocalAccessorType=types.LocalAccessorType)
    yield part("core.types.kernel_api.ranges", **{each: type_names[each] for each in ("NdRangeType", "RangeType")})


def _arrays(name, functions, **more):
    """What makes arrays, and functions of them. In compiled functions they stand for NumPy's, whose arrays lie on the device."""
    module = _module(name, **{**functions, **drop_in_creation.functions(), **more})
    module.__metate_compiled_as__ = drop_in_dpnp.in_compiled_code()
    return module


def _device_array(a):
    """The array itself: dpnp's arrays are dpctl's here."""
    import metate

    if not isinstance(a, metate.DeviceArray):
        raise TypeError(f"a device array is needed, not a {type(a).__name__}")
    return a


def _programs():
    """`dpctl.compiler`, and `dpctl.program` with the older names too."""
    from metate import programs

    def named(names):
        return {name: getattr(programs, name) for name in names.split()}

    error = errors.ProgramCompilationError
    yield _module("dpctl.compiler", **named(_COMPILER_NAMES), SyclKernelBundleCompilationError=error)
    yield _module("dpctl.program", **named(f"{_COMPILER_NAMES} {_PROGRAM_NAMES}"), SyclProgram=programs.SyclKernelBundle,
                  SyclKernelBundleCompilationError=error, SyclProgramCompilationError=error)


def _keep_args_alive(args, events):
    """Nothing to do: commands keep what they work on until they are done."""


def _dpnp(tensor):
    import metate

    numbers = RandomNumbers()
    parts = {"random": {each: getattr(numbers, each) for each in dir(numbers) if not each.startswith("_")},
             "linalg": drop_in_dpnp.host_functions(np.linalg), "fft": drop_in_dpnp.host_functions(np.fft)}
    modules = {part: _module(f"dpnp.{part}", **names) for part, names in parts.items()}
    for module in modules.values():
        yield module.__name__, module
    functions = drop_in_tensor.functions() | drop_in_dpnp.functions()
    yield "dpnp", _arrays("dpnp", functions, ndarray=metate.DeviceArray, get_usm_ndarray=_device_array, tensor=tensor,
                          array=drop_in_creation.with_sycl_queue(metate.asarray), **modules)


def _dpctl():
    import metate
    from metate import enums, order_manager, programs, queues

    memory = _module("dpctl.memory", _MEMORY_NAMES, USMAllocationError=errors.USMAllocationError)
    enumerations = {name: getattr(enums, name) for name in _ENUMS.split()}
    tensor = _arrays("dpctl.tensor", drop_in_tensor.functions(), usm_ndarray=usm_ndarray, to_numpy=metate.asnumpy,
                     from_numpy=drop_in_creation.with_sycl_queue(metate.asarray))
    yield "dpctl.tensor", tensor
    yield from _dpnp(tensor)
    utils = _module("dpctl.utils", **{each: getattr(order_manager, each) for each in _ORDER_NAMES.split()},
                    ExecutionPlacementError=errors.ExecutionQueueInferenceError)
    yield "dpctl.utils", utils
    yield "dpctl.memory", memory
    yield "dpctl.enum_types", _module("dpctl.enum_types", **enumerations)
    compiler, program = _programs()
    yield "dpctl.compiler", compiler
    yield "dpctl.program", program
    arguments = {name: getattr(programs, name) for name in _ARGUMENT_NAMES.split()}
    dpctl = _module(
        "dpctl", _DEVICE_NAMES, compiler=compiler, memory=memory, program=program, tensor=tensor, utils=utils,
        keep_args_alive=_keep_args_alive, **enumerations, **arguments,
        SyclContext=metate.Context, SyclDevice=metate.Device,
        SyclEvent=metate.Event, SyclPlatform=metate.Platform, SyclQueue=metate.Queue, SyclTimer=metate.Timer,
        SyclDeviceCreationError=errors.DeviceCreationError, SyclQueueCreationError=errors.DeviceCreationError,
        SyclKernelInvalidRangeError=ValueError, SyclKernelSubmitError=RuntimeError,
        SyclContextCreationError=errors.DeviceCreationError, SyclSubDeviceCreationError=errors.SubDeviceCreationError,
        get_current_backend=queues.get_current_backend, get_current_device_type=queues.get_current_device_type,
        get_num_activated_queues=queues.get_num_activated_queues, is_in_device_context=queues.is_in_device_context,
        nested_context_factories=queues.nested_context_factories, set_global_queue=queues.set_global_queue)
    dpctl.__path__ = [os.path.join(os.path.dirname(__file__), "drop_in_command")]  # of `python -m dpctl`
    yield "dpctl", dpctl


def install_as_numba_dpex():
    """Make `import numba_dppy`, `numba_dpex`, `dpctl` and `dpnp` give Metate, for programs written for those packages.

    So does `import numba`, which such programs have beside, where Numba is not installed. What they have and Metate does not
    raises AttributeError by name. Of the variables that set numba-dpex and dpctl ``NUMBA_DPEX_SAVE_IR_FILES`` and
    ``NUMBA_DPEX_DUMP_KERNEL_LLVM`` are heeded; a MetateWarning names the others that are set. ImportError if one of the packages
    was imported before.

    >>> import metate
    >>> metate.install_as_numba_dpex()
    >>> import dpctl, numba_dppy as dppy
    >>> dpctl.select_default_device().is_cpu or dpctl.has_gpu_devices()
    True
    >>> dpctl.SyclQueue(property="in_order").is_in_order
    True
    >>> dppy.kernel is metate.kernel
    True
    """
    drop_in_environment.heed_numba_dpex()
    if "numba" not in sys.modules and importlib.util.find_spec("numba") is None:
        install_as_numba()
    DeviceArray.get_array = lambda self: self
    DeviceArray._array_obj = property(DeviceArray.get_array)
    stand_in.install(dict([*_numba_dpex("numba_dppy"), *_numba_dpex("numba_dpex"), *_dpctl()]), "install_as_numba_dpex")
