"""The names of numba-dpex, dpctl and dpnp, so that programs written for them run unchanged."""

import functools

import numpy as np

from . import drop_in_tensor, errors, stand_in, types
from .drop_in_arrays import RandomNumbers, usm_ndarray

_KERNEL_NAMES = """
DEFAULT_LOCAL_SIZE NdRange Range atomic barrier call_kernel call_kernel_async device_func dpjit func get_global_id
get_global_size get_group_id get_local_id get_local_size get_num_groups get_work_dim kernel kernel_api local mem_fence njit
prange private sub_group_barrier
CLK_GLOBAL_MEM_FENCE CLK_LOCAL_MEM_FENCE GLOBAL_MEM_FENCE LOCAL_MEM_FENCE
boolean float32 float64 int32 int64 uint32 uint64 void
"""
_TYPE_NAMES = "b1 bool_ double f4 f8 float_ i4 i8 none u4 u8"
_EXPERIMENTAL_NAMES = "call_kernel call_kernel_async device_func kernel"
_ORDER_NAMES = """
SequentialOrderManager get_coerced_usm_type get_execution_queue intel_device_info onetrace_enabled validate_usm_type
"""
_DEVICE_NAMES = """
device_context get_composite_devices get_current_queue get_device_cached_queue get_devices get_num_devices get_platforms
has_accelerator_devices has_cpu_devices has_gpu_devices lsplatform select_accelerator_device select_cpu_device
select_default_device select_device_with_aspects select_gpu_device
"""
_MEMORY_NAMES = "MemoryUSMDevice MemoryUSMHost MemoryUSMShared as_usm_memory"
_CREATION_NAMES = """
arange asarray asnumpy empty empty_like eye from_dlpack full full_like linspace ones ones_like zeros zeros_like
"""
_ENUMS = """
backend_type device_type event_status_type fp_config global_mem_cache_type local_mem_type memory_order memory_scope
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


def _array_type(*args, dtype=None, ndim=None, layout="C", **_):
    """The type of device arrays, for signatures: of a dtype and a number of axes, in whichever order they come.

    `usm_type`, `device` and `queue` are taken and make no difference: kernels take arrays of all devices.
    """
    for each in args:
        if isinstance(each, int):
            ndim = each
        elif isinstance(each, str):
            layout = each
        else:
            dtype = each
    return types.Array(dtype, ndim, layout)


def _exceptions(name):
    """numba-dpex's exceptions, as what Metate raises for the same mistakes."""
    names = {
        errors.ExecutionQueueInferenceError: "ComputeFollowsDataInferenceError ExecutionQueueInferenceError "
                                             "IndeterminateExecutionQueueError",
        errors.KernelHasReturnValueError: "KernelHasReturnValueError",
        errors.DeviceCreationError: "UnsupportedBackendError",
        TypeError: "InvalidKernelLaunchArgsError InvalidKernelSpecializationError MissingSpecializationError "
                   "SUAIProtocolError UnknownGlobalRangeError UnsupportedKernelArgumentError",
        ValueError: "IllegalRangeValueError UnmatchedNumberOfRangeDimsError UnsupportedGroupWorkItemSizeError "
                    "UnsupportedNumberOfRangeDimsError UnsupportedWorkItemSizeError",
    }
    return _module(name, **{each: error for error, those in names.items() for each in those.split()})


def _numba_dpex(name):
    import metate

    array_types = {each: _array_type for each in ("DpnpNdArray", "USMNdArray", "usm_ndarray")}
    numbers = {each: getattr(types, each) for each in _TYPE_NAMES.split()}
    yield name, _module(name, _KERNEL_NAMES, is_available=_is_available, offload_to_sycl_device=metate.device_context,
                        vectorize=_vectorize, **array_types, **numbers)
    yield f"{name}.kernel_api", metate.kernel_api
    yield f"{name}.experimental", _module(f"{name}.experimental", _EXPERIMENTAL_NAMES)
    exceptions = _exceptions(f"{name}.core.exceptions")
    yield f"{name}.core.exceptions", exceptions
    interface = f"{name}.core.kernel_interface"
    ranges = {part: _module(f"{interface}.{part}", "NdRange Range") for part in ("indexers", "utils")}
    for part, module in ranges.items():
        yield f"{interface}.{part}", module
    yield interface, _module(interface, **ranges)
    for part in ("types", "types.kernel_api"):
        yield f"{name}.core.{part}", _module(f"{name}.core.{part}")
    items = f"{name}.core.types.kernel_api.index_space_ids"
    yield items, _module(items, ItemType=types.ItemType, NdItemType=types.NdItemType)
    yield f"{name}.core", _module(f"{name}.core", exceptions=exceptions)


def _with_sycl_queue(function):
    """A creation function that calls its queue `sycl_queue`, and takes the `order` of the elements."""

    @functools.wraps(function)
    def create(*args, sycl_queue=None, order=None, **options):
        if sycl_queue is not None:
            options["queue"] = sycl_queue
        if "sh" in options:  # what dpctl.tensor called `shape` for long
            options["shape"] = options.pop("sh")
        return drop_in_tensor.in_order(function.__name__, order, function(*args, **options))

    return create


def _arrays(name, **more):
    """What `dpctl.tensor` and `dpnp` have in common: creation, and the functions of the array API standard.

    In compiled functions they stand for NumPy, whose arrays lie on the device there.
    """
    import metate

    functions = drop_in_tensor.functions()
    functions |= {each: _with_sycl_queue(getattr(metate, each)) for each in _CREATION_NAMES.split()}
    functions |= {"asnumpy": metate.asnumpy, "from_dlpack": metate.from_dlpack}
    module = _module(name, **{**functions, **more})
    module.__metate_compiled_as__ = np
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


def _dpctl():
    import metate
    from metate import enums, order_manager, programs, queues

    memory = _module("dpctl.memory", _MEMORY_NAMES, USMAllocationError=errors.USMAllocationError)
    enumerations = {name: getattr(enums, name) for name in _ENUMS.split()}
    tensor = _arrays("dpctl.tensor", usm_ndarray=usm_ndarray, from_numpy=_with_sycl_queue(metate.asarray),
                     to_numpy=metate.asnumpy)
    yield "dpctl.tensor", tensor
    numbers = RandomNumbers()
    random = _module("dpnp.random", **{each: getattr(numbers, each) for each in dir(numbers) if not each.startswith("_")})
    yield "dpnp.random", random
    yield "dpnp", _arrays("dpnp", ndarray=metate.DeviceArray, array=_with_sycl_queue(metate.asarray), random=random,
                          get_usm_ndarray=_device_array)
    utils = _module("dpctl.utils", **{each: getattr(order_manager, each) for each in _ORDER_NAMES.split()},
                    ExecutionPlacementError=errors.ExecutionQueueInferenceError)
    yield "dpctl.utils", utils
    yield "dpctl.memory", memory
    yield "dpctl.enum_types", _module("dpctl.enum_types", **enumerations)
    compiler, program = _programs()
    yield "dpctl.compiler", compiler
    yield "dpctl.program", program
    arguments = {name: getattr(programs, name) for name in _ARGUMENT_NAMES.split()}
    yield "dpctl", _module(
        "dpctl", _DEVICE_NAMES, compiler=compiler, memory=memory, program=program, tensor=tensor, utils=utils,
        keep_args_alive=_keep_args_alive, **enumerations, **arguments,
        SyclContext=metate.Context, SyclDevice=metate.Device,
        SyclEvent=metate.Event, SyclPlatform=metate.Platform, SyclQueue=metate.Queue, SyclTimer=metate.Timer,
        SyclDeviceCreationError=errors.DeviceCreationError, SyclQueueCreationError=errors.DeviceCreationError,
        SyclKernelInvalidRangeError=ValueError, SyclKernelSubmitError=RuntimeError,
        SyclContextCreationError=errors.DeviceCreationError, SyclSubDeviceCreationError=errors.SubDeviceCreationError,
        get_current_backend=queues.get_current_backend, get_current_device_type=queues.get_current_device_type,
        get_num_activated_queues=queues.get_num_activated_queues, is_in_device_context=queues.is_in_device_context,
        set_global_queue=queues.set_global_queue)


def install_as_numba_dpex():
    """Make `import numba_dppy`, `numba_dpex`, `dpctl` and `dpnp` give Metate, for programs written for those packages.

    What they have and Metate does not raises AttributeError by name. ImportError if one of them was imported before.

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
    stand_in.install(dict([*_numba_dpex("numba_dppy"), *_numba_dpex("numba_dpex"), *_dpctl()]), "install_as_numba_dpex")
