"""Kernels of SPIR-V that other compilers made: built for a queue's device, run by `Queue.submit`.

The names are those of `dpctl.compiler` and the older `dpctl.program`. OpenCL C and SYCL C++ are not compiled here: their
compilers (``clang --target=spirv64``, for one) make SPIR-V of them.
"""

import ctypes
import operator

import numpy as np

from . import _metate
from .errors import ProgramCompilationError


class LocalAccessor:
    """An argument of a launch: an array in the memory of each work-group, of `dtype` and `shape`."""

    def __init__(self, dtype, shape):
        self.dtype = np.dtype(dtype)
        self.shape = (shape,) if isinstance(shape, int) else tuple(shape)
        if not 1 <= len(self.shape) <= 3 or any(extent < 1 for extent in self.shape):
            raise ValueError(f"an array of a work-group has 1 to 3 extents of at least 1, not {self.shape}")

    @property
    def nbytes(self):
        """How many bytes it takes."""
        return int(np.prod(self.shape)) * self.dtype.itemsize


class WorkGroupMemory:
    """An argument of a launch: so many bytes of each work-group's memory, or ``WorkGroupMemory(dtype, count)``."""

    def __init__(self, *args):
        if len(args) not in (1, 2):
            raise TypeError("WorkGroupMemory is made of a number of bytes, or of a dtype and a number of elements")
        self.nbytes = args[0] if len(args) == 1 else np.dtype(args[0]).itemsize * args[1]
        if not isinstance(self.nbytes, int) or self.nbytes < 1:
            raise ValueError(f"a work-group has some bytes of memory, not {self.nbytes!r}")

    @staticmethod
    def is_available():
        """True."""
        return True


class RawKernelArg:
    """An argument of a launch: the bytes of a buffer as they are, of a ctypes structure for example."""

    def __init__(self, buffer):
        self.bytes = bytes(memoryview(buffer))
        if not self.bytes:
            raise ValueError("an argument has some bytes")

    @staticmethod
    def is_available():
        """True."""
        return True


class SpecializationConstant:
    """The value that a specialization constant of SPIR-V gets, by its SpecId.

    ``SpecializationConstant(id, value)`` of a NumPy or ctypes number, or another buffer; ``SpecializationConstant(id, dtype,
    number)``; ``SpecializationConstant(id, nbytes, address)``. The bytes are copied here.
    """

    def __init__(self, spec_id, *args):
        self.id = operator.index(spec_id)
        if not 0 <= self.id < 2**32:
            raise ValueError(f"specialization constants have ids of 32 bits, not {spec_id}")
        if len(args) == 1:
            value = args[0] if isinstance(args[0], ctypes._SimpleCData) else np.asarray(args[0])
            if isinstance(value, np.ndarray) and value.dtype.kind not in "biuf" and not isinstance(args[0], bytes):
                raise TypeError(f"a specialization constant is a bool, an integer or a float, not {args[0]!r}")
            self.value = args[0] if isinstance(args[0], bytes) else bytes(memoryview(value))
        elif len(args) == 2 and isinstance(args[0], int):
            self.value = ctypes.string_at(args[1], args[0])
        elif len(args) == 2:
            self.value = np.asarray(args[1]).astype(args[0]).tobytes()
        else:
            raise TypeError("a SpecializationConstant is made of an id and a value, or of an id, a dtype and a number")

    @property
    def size(self):
        """How many bytes the value has."""
        return len(self.value)

    def __repr__(self):
        return f"SpecializationConstant({self.id}, {self.value!r})"


def _argument(value):
    """What `ProgramKernel.submit` takes."""
    if isinstance(value, (LocalAccessor, WorkGroupMemory)):
        return value.nbytes
    if isinstance(value, RawKernelArg):
        return value.bytes
    if isinstance(value, (ctypes._SimpleCData, ctypes.Structure, np.generic)):
        return bytes(memoryview(value))
    if hasattr(value, "__sycl_usm_array_interface__"):
        return value
    raise TypeError("arguments of a kernel of SPIR-V are numbers of ctypes or NumPy, which have a size, memory that the device "
                    f"reaches, LocalAccessor, WorkGroupMemory and RawKernelArg, not a {type(value).__name__}")


def _properties(name, doc):
    return property(lambda self: self._kernel.properties[name], doc=doc)


class SyclKernel:
    """A kernel of a `SyclKernelBundle`, which `Queue.submit` runs."""

    def __init__(self, program, name):
        self._device = program._device
        self._kernel = program._program.kernel(name)

    @property
    def num_args(self):
        """How many arguments it takes."""
        return self._kernel.argument_count

    def get_num_args(self):
        """As `num_args`."""
        return self.num_args

    def get_function_name(self):
        """Its name."""
        return self._kernel.name

    def addressof_ref(self):
        """A number that no other kernel has while this one lives."""
        return id(self._kernel)

    @property
    def work_group_size(self):
        """How many work-items a group has at most."""
        return self._device.max_work_group_size

    preferred_work_group_size_multiple = _properties("preferred_work_group_size_multiple", "Groups are best multiples of this.")
    private_mem_size = _properties("private_mem_size", "How many bytes a work-item has for itself.")
    local_mem_size = _properties("local_mem_size", "How many bytes a work-group has, those of arguments not counted.")
    max_num_sub_groups = _properties("max_num_sub_groups", "How many sub-groups a group has at most.")
    max_sub_group_size = _properties("max_sub_group_size", "How many work-items a sub-group has at most.")
    compile_num_sub_groups = _properties("compile_num_sub_groups", "How many sub-groups the kernel asks for; 0 if it does not.")
    compile_sub_group_size = _properties("compile_sub_group_size", "The size of sub-groups that it asks for; 0 if it does not.")
    uuid = _properties("uuid", "16 bytes that kernels of the same code and name share, where the driver has such.")

    def _launch_on(self, queue, context, item, global_size, local_size, offset, arguments, after, wait):
        return self._kernel.submit(queue, tuple(map(_argument, arguments)), global_size, local_size, offset, after, wait)

    def __repr__(self):
        return f"<metate kernel {self._kernel.name} of SPIR-V on {self._device._label}>"


class SyclKernelBundle:
    """SPIR-V that is built for a device, see `create_kernel_bundle_from_spirv`."""

    def __init__(self, queue, spirv, options="", specializations=()):
        constants = {each.id: each.value for each in specializations}
        self._device = queue.device
        try:
            self._program = _metate.Program(queue, bytes(spirv), options, constants)
            self._names = self._program.kernel_names
        except (RuntimeError, ValueError, NotImplementedError) as error:
            raise ProgramCompilationError(str(error)) from None

    def has_sycl_kernel(self, kernel_name):
        """Whether there is a kernel of that name."""
        return kernel_name in self._names

    def get_sycl_kernel(self, kernel_name):
        """The kernel of that name. ValueError if there is none."""
        if kernel_name not in self._names:
            message = f"there is no kernel {kernel_name!r} in the program; there are {', '.join(self._names) or 'none'}"
            # One that the device cannot run is not there either, and the log says why.
            raise ValueError(f"{message}; build log:\n{self.log}" if self.log else message)
        return SyclKernel(self, kernel_name)

    @property
    def log(self):
        """Notes and warnings of the device's compiler."""
        return self._program.log

    def addressof_ref(self):
        """A number that no other program has while this one lives."""
        return id(self._program)


def create_kernel_bundle_from_spirv(q, IL, copts="", specializations=None):  # noqa: N803 – dpctl's names
    """Build SPIR-V for the device of the queue `q`.

    Parameters
    ----------
    q : Queue
    IL : bytes
        A module of the kernel flavour, as compilers of OpenCL C and SYCL write it.
    copts : str
        Options for the device's compiler.
    specializations : list of SpecializationConstant
        Values of specialization constants; others keep those that the module gives them.

    Raises
    ------
    metate.errors.ProgramCompilationError
        Where it cannot be built; the message has the build log.
    """
    if not isinstance(q, _metate.Queue):
        raise TypeError(f"a program is built for a Queue, not for a {type(q).__name__}")
    specializations = list(specializations or ())
    for each in specializations:
        if not isinstance(each, SpecializationConstant):
            raise TypeError(f"specializations are SpecializationConstant objects, not a {type(each).__name__}")
    return SyclKernelBundle(q, IL, copts, specializations)


def create_kernel_bundle_from_source(q, source, copts=""):
    """NotImplementedError: there is no compiler of OpenCL C here."""
    raise NotImplementedError("OpenCL C is not compiled by Metate: make SPIR-V of it (clang --target=spirv64 -c) and call "
                              "create_kernel_bundle_from_spirv, or write the kernel in Python under @metate.kernel")


def create_kernel_bundle_from_sycl_source(q, source, headers=(), registered_names=(), copts=()):
    """NotImplementedError: there is no compiler of SYCL C++ here."""
    raise NotImplementedError("SYCL C++ is not compiled by Metate: write the kernel in Python under @metate.kernel, or give its "
                              "SPIR-V to create_kernel_bundle_from_spirv")


def is_sycl_source_compilation_available():
    """False."""
    return False


def create_program_from_spirv(q, IL, copts=""):  # noqa: N803
    """As `create_kernel_bundle_from_spirv`, under its older name."""
    return create_kernel_bundle_from_spirv(q, IL, copts)


def create_program_from_source(q, src, copts=""):
    """As `create_kernel_bundle_from_source`, under its older name."""
    return create_kernel_bundle_from_source(q, src, copts)
