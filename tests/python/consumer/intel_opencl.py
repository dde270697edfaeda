"""intel_opencl – Intel's OpenCL for CPUs through ctypes, as far as a launch of a SPIR-V kernel on memory of ours needs it.

It comes from PyPI (scripts/requirements-consumer.txt) and is a reader of SPIR-V that has nothing in common with ours.
Values and structures are those of the OpenCL 3.0 specification.
"""

import ctypes
import sys
from pathlib import Path

_SUCCESS = 0
_DEVICE_TYPE_CPU = 1 << 1
_DEVICE_SVM_CAPABILITIES = 0x1053
_SVM_FINE_GRAIN_SYSTEM = 1 << 3  # kernels take addresses of the process
_PROGRAM_BUILD_LOG = 0x1183
_KERNEL_EXEC_INFO_SVM_FINE_GRAIN_SYSTEM = 0x11B7

_RETURN_HANDLES = ("clCreateContext", "clCreateCommandQueueWithProperties", "clCreateProgramWithIL", "clCreateKernel")


class OpenClError(Exception):
    """A call failed; of a build with the log."""


def library_path():
    """Where the package has put it, or None."""
    path = Path(sys.prefix, "lib", "libintelocl.so")
    return path if path.exists() else None


class IntelOpenCl:
    """The CPU as a device; raises OpenClError where the library does not load or has none."""

    def __init__(self):
        try:
            self._library = ctypes.CDLL(str(library_path()))
        except OSError as error:
            raise OpenClError(str(error)) from None
        for name in _RETURN_HANDLES:
            getattr(self._library, name).restype = ctypes.c_void_p
        platform, self._device = ctypes.c_void_p(), ctypes.c_void_p()
        self._call("clGetPlatformIDs", 1, ctypes.byref(platform), None)
        self._call("clGetDeviceIDs", platform, ctypes.c_uint64(_DEVICE_TYPE_CPU), 1, ctypes.byref(self._device), None)
        capabilities = ctypes.c_uint64()
        self._call("clGetDeviceInfo", self._device, _DEVICE_SVM_CAPABILITIES, ctypes.c_size_t(8), ctypes.byref(capabilities),
                   None)
        if not capabilities.value & _SVM_FINE_GRAIN_SYSTEM:
            raise OpenClError("the device does not reach the memory of the process")
        self._context = self._make("clCreateContext", None, 1, ctypes.byref(self._device), None, None)
        self._queue = self._make("clCreateCommandQueueWithProperties", self._context, self._device, None)

    def build(self, words, name):
        """The kernel `name` of a SPIR-V module (bytes)."""
        program = self._make("clCreateProgramWithIL", self._context, words, ctypes.c_size_t(len(words)))
        status = self._library.clBuildProgram(program, 1, ctypes.byref(self._device), b"", None, None)
        if status != _SUCCESS:
            raise OpenClError(f"clBuildProgram: {status}\n{self._log(program)}")
        kernel = self._make("clCreateKernel", program, name.encode())
        yes = ctypes.c_uint32(1)
        self._call("clSetKernelExecInfo", kernel, _KERNEL_EXEC_INFO_SVM_FINE_GRAIN_SYSTEM, ctypes.c_size_t(4),
                   ctypes.byref(yes))
        self._call("clReleaseProgram", program)
        return kernel

    def run(self, kernel, arguments, items, group=None, offset=None):
        """Runs it and waits. An argument is the bytes of a value, an int for so many bytes of local memory, or an
        `Address`; extents are the fastest first, ids begin at `offset`
        if there is one."""
        for place, argument in enumerate(arguments):
            if isinstance(argument, Address):
                self._call("clSetKernelArgSVMPointer", kernel, place, ctypes.c_void_p(argument.value))
            elif isinstance(argument, int):
                self._call("clSetKernelArg", kernel, place, ctypes.c_size_t(argument), None)
            else:
                self._call("clSetKernelArg", kernel, place, ctypes.c_size_t(len(argument)), argument)
        sizes = ctypes.c_size_t * len(items)
        self._call("clEnqueueNDRangeKernel", self._queue, kernel, len(items), sizes(*offset) if offset else None,
                   sizes(*items), sizes(*group) if group else None, 0, None, None)
        self._call("clFinish", self._queue)
        self._call("clReleaseKernel", kernel)

    def _log(self, program):
        size = ctypes.c_size_t()
        self._library.clGetProgramBuildInfo(program, self._device, _PROGRAM_BUILD_LOG, ctypes.c_size_t(0), None,
                                            ctypes.byref(size))
        text = ctypes.create_string_buffer(size.value + 1)
        self._library.clGetProgramBuildInfo(program, self._device, _PROGRAM_BUILD_LOG, size, text, None)
        return text.value.decode(errors="replace")

    def _call(self, name, *arguments):
        status = getattr(self._library, name)(*arguments)
        if status != _SUCCESS:
            raise OpenClError(f"{name}: {status}")

    def _make(self, name, *arguments):
        status = ctypes.c_int32()
        handle = getattr(self._library, name)(*arguments, ctypes.byref(status))
        if status.value != _SUCCESS:
            raise OpenClError(f"{name}: {status.value}")
        return ctypes.c_void_p(handle)


class Address:
    """Of memory of the process."""

    def __init__(self, value):
        self.value = value
