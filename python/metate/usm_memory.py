"""Memory that a device reaches (unified shared memory), as objects that own it.

`MemoryUSMShared` moves between host and device, `MemoryUSMHost` lies with the host and the device reaches it, and
`MemoryUSMDevice` lies with the device and only copies bring it to the host. The first two are buffers: NumPy arrays on
them share their bytes.

>>> import numpy as np, metate
>>> memory = metate.MemoryUSMShared(32)
>>> array = np.ndarray(4, np.float64, buffer=memory)
>>> array[:] = 1.5
>>> np.frombuffer(memory.tobytes())
array([1.5, 1.5, 1.5, 1.5])
"""

import operator
import sys

import numpy as np

from . import _metate
from .enums import usm_type
from .errors import USMAllocationError
from .queues import default_queue, get_device_cached_queue


def _interface(self):
    """The bytes as a one-dimensional array of uint8, by the protocol of this name."""
    return {"shape": (self.nbytes,), "typestr": "|u1", "data": (self._pointer, False), "strides": (1,), "offset": 0,
            "syclobj": self.queue, "version": 1}


_metate.UsmMemory.__sycl_usm_array_interface__ = property(_interface)


def _check_addresses(nbytes):
    if nbytes > sys.maxsize:
        raise USMAllocationError(f"cannot allocate {nbytes} bytes: no machine has as many addresses")


class _Memory(_metate.UsmMemory):
    """`nbytes` bytes with any content, aligned to `alignment` (a power of two; 0 leaves it to the device, at least 64).

    `queue` is the queue that copies go through, and that kernels run on which get the memory; the default queue if it is
    None. In place of `nbytes`, an object with ``__sycl_usm_array_interface__`` gives its memory, which is shared; with
    `copy`, or where it is of another kind, it is copied.
    """

    def __init__(self, nbytes, *, alignment=0, queue=None, copy=False):
        given = None if queue is None else get_device_cached_queue(queue)
        if not hasattr(nbytes, "__sycl_usm_array_interface__"):
            self._allocate(operator.index(nbytes), operator.index(alignment), given or default_queue())
            return
        other = _metate.UsmMemory(nbytes)
        if copy:
            self._allocate(other.nbytes, operator.index(alignment), given or default_queue())
            self.copy_from_device(other)
            return
        if other.get_usm_type() != self._kind:
            raise ValueError(f"{type(self).__name__} cannot share memory of kind '{other.get_usm_type()}'; "
                             "copy=True makes a copy")
        if given is not None and given.device != other.device:
            raise ValueError(f"memory of {other.queue!r} cannot be shared with {given!r}, a queue of another device; "
                             "copy=True makes a copy")
        super().__init__(nbytes)

    def _allocate(self, nbytes, alignment, queue):
        _check_addresses(nbytes)
        if alignment > sys.maxsize:
            raise ValueError(f"no memory is aligned to {alignment} bytes")
        super().__init__(self._kind, nbytes, alignment, queue)

    @classmethod
    def _new(cls, nbytes, queue):
        """New memory for those who know what they ask for."""
        _check_addresses(nbytes)
        memory = cls.__new__(cls)
        _metate.UsmMemory.__init__(memory, cls._kind, nbytes, 0, queue)
        return memory

    @property
    def sycl_context(self):
        """The `Context` that it lies in."""
        return self.queue.context

    def get_usm_type_enum(self, syclobj=None):
        """The kind of memory, as a number that has a name: `usm_type.device`, `shared` or `host`."""
        return usm_type[self.get_usm_type(syclobj)]

    def copy_to_host(self, obj=None):
        """Copy all bytes into `obj`, a buffer of their number; into a new array of bytes if it is None. Gives `obj`."""
        if obj is None:
            obj = np.empty(self.nbytes, np.uint8)
        self._check_size(obj)
        self.queue.memcpy(obj, self, self.nbytes)
        return obj

    def copy_from_host(self, obj):
        """Copy the bytes of the buffer `obj` here, to the beginning."""
        self.queue.memcpy(self, obj, memoryview(obj).nbytes)

    def copy_from_device(self, sycl_usm_ary):
        """Copy the bytes of an object with ``__sycl_usm_array_interface__`` here, to the beginning."""
        other = _metate.UsmMemory(sycl_usm_ary)
        if other.device == self.device:
            self.queue.memcpy(self, other, other.nbytes)
            return
        host = np.empty(other.nbytes, np.uint8)
        other.queue.memcpy(host, other, other.nbytes)
        self.copy_from_host(host)

    def memset(self, val=0):
        """Set every byte to `val`."""
        self.queue.memset(self, val)

    def tobytes(self):
        """A copy as `bytes`."""
        return self.copy_to_host().tobytes()

    def __bytes__(self):
        return self.tobytes()

    def _check_size(self, obj):
        size = memoryview(obj).nbytes
        if size < self.nbytes:
            raise ValueError(f"there are {size} bytes to copy {self.nbytes} bytes to")

    def __reduce__(self):
        return type(self)._of_bytes, (self.tobytes(),)

    @classmethod
    def _of_bytes(cls, data):
        memory = cls(len(data))
        memory.copy_from_host(data)
        return memory

    def __repr__(self):
        return f"<metate.{type(self).__name__} of {self.nbytes} bytes at {self._pointer:#x} on {self.device._label}>"


class MemoryUSMShared(_Memory):
    __doc__ = "Memory that moves between host and device: " + _Memory.__doc__
    _kind = "shared"


class MemoryUSMHost(_Memory):
    __doc__ = "Memory of the host that the device reaches: " + _Memory.__doc__
    _kind = "host"


class MemoryUSMDevice(_Memory):
    __doc__ = "Memory of the device, not a buffer: " + _Memory.__doc__
    _kind = "device"


def as_usm_memory(obj):
    """The memory of an object with ``__sycl_usm_array_interface__``, shared, as an object of the fitting class."""
    kind = _metate.UsmMemory(obj).get_usm_type()
    return {"shared": MemoryUSMShared, "host": MemoryUSMHost, "device": MemoryUSMDevice}[kind](obj)
