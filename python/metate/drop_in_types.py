"""numba-dpex's types and exceptions, under its names: for signatures, `isinstance` and `except`."""

import numpy as np

from . import errors, types
from .kernels import Kernel
from .queues import Queue

_TYPE_NAMES = "b1 bool_ boolean double f4 f8 float32 float64 float_ i4 i8 int32 int64 none u4 u8 uint32 uint64 void"
_EXCEPTIONS = {
    errors.ExecutionQueueInferenceError: "ComputeFollowsDataInferenceError ExecutionQueueInferenceError "
                                         "IndeterminateExecutionQueueError",
    errors.KernelHasReturnValueError: "KernelHasReturnValueError",
    errors.DeviceCreationError: "UnsupportedBackendError",
    errors.TypingError: "UnreachableError UnsupportedParforError",
    errors.MetateError: "InternalError UncompiledKernelError",
    TypeError: "InvalidKernelLaunchArgsError InvalidKernelSpecializationError MissingSpecializationError "
               "SUAIProtocolError UnknownGlobalRangeError UnsupportedCompilationModeError UnsupportedKernelArgumentError",
    ValueError: "IllegalIntEnumLiteralValueError IllegalRangeValueError UnmatchedNumberOfRangeDimsError "
                "UnsupportedAccessQualifierError UnsupportedGroupWorkItemSizeError UnsupportedNumberOfRangeDimsError "
                "UnsupportedWorkItemSizeError",
}


class _ArrayTypeClass(type):
    def __call__(cls, *args, dtype=None, ndim=None, layout="C", readonly=False, **_):
        """The type of device arrays of a dtype and a number of axes, in whichever order they come."""
        for each in args:
            if isinstance(each, int):
                ndim = each
            elif isinstance(each, str):
                layout = each
            else:
                dtype = each
        if dtype is not None and not isinstance(dtype, types.Type):
            dtype = types.from_dtype(np.dtype(str(dtype)))
        return types.Array(types.float64 if dtype is None else dtype, ndim, layout, readonly)

    def __instancecheck__(cls, instance):
        return isinstance(instance, types.Array)


class USMNdArray(metaclass=_ArrayTypeClass):
    """The type of device arrays, for signatures: ``USMNdArray(1, "C", dtype=float32)``, ``usm_ndarray(float32, 1, "C")``.

    `usm_type`, `device` and `queue` are taken and make no difference: kernels take arrays of all devices.
    """


class _HostType(types.Type):
    """The type of what compiled code cannot be given; `dpjit` functions that get such are run by Python."""

    def __init__(self, *parts):
        self.name = f"{type(self).__name__}({', '.join(map(str, parts))})"

    @property
    def ir(self):
        """TypeError: no code is compiled for it."""
        raise TypeError(f"{self.name} cannot stand in a signature: dpjit functions without signatures take such arguments")


class RangeType(_HostType):
    """The type of a `Range` of `ndim` dimensions."""

    def __init__(self, ndim):
        super().__init__(ndim)
        self.ndim = ndim


class NdRangeType(RangeType):
    """The type of an `NdRange` of `ndim` dimensions."""


class DpctlSyclQueue(_HostType):
    """The type of a queue: of this one alone."""

    def __init__(self, sycl_queue):
        if not isinstance(sycl_queue, Queue):
            raise TypeError(f"the type of a queue is made of one, not of a {type(sycl_queue).__name__}")
        super().__init__(sycl_queue)
        self.sycl_queue = sycl_queue
        self.sycl_device = sycl_queue.sycl_device._label


class DpctlSyclEvent(_HostType):
    """The type of events."""


class KernelDispatcherType(_HostType):
    """The type of a kernel: of this one alone."""

    def __init__(self, dispatcher):
        if not isinstance(dispatcher, Kernel):
            raise TypeError(f"the type of a kernel is made of one, not of a {type(dispatcher).__name__}")
        super().__init__(f"{dispatcher.__module__}.{dispatcher.__qualname__} at {id(dispatcher):#x}")
        self.dispatcher = dispatcher


class IntEnumLiteral(_HostType):
    """The type of one member of an enumeration of integers, `MemoryOrder.RELAXED` for example."""

    def __init__(self, value):
        if not isinstance(value, int) or not hasattr(value, "name"):
            raise ValueError(f"the literal of an enumeration is one of its members, not {value!r}")
        super().__init__(f"{type(value).__name__}.{value.name}")
        self.literal_value = value


def named():
    """The types, by name."""
    own = (DpctlSyclEvent, DpctlSyclQueue, IntEnumLiteral, KernelDispatcherType, NdRangeType, RangeType, USMNdArray)
    arrays = {name: USMNdArray for name in ("Array", "DpnpNdArray", "usm_ndarray")}
    return {each.__name__: each for each in own} | arrays | {name: getattr(types, name) for name in _TYPE_NAMES.split()}


def exceptions():
    """What Metate raises for the mistakes that numba-dpex's exceptions are of, by their names."""
    return {each: error for error, names in _EXCEPTIONS.items() for each in names.split()}
