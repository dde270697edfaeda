"""The class of device arrays: USM memory, a layout in it, and the queue that works on it.

What computes, `methods` adds.
"""

import operator

import numpy as np

from .. import _metate, usm_memory
from . import layout as _layout
from .device import Device

_MEMORY = {"device": usm_memory.MemoryUSMDevice, "shared": usm_memory.MemoryUSMShared, "host": usm_memory.MemoryUSMHost}


class Operand:
    """A layout as an argument of kernels on a queue. The memory has to live elsewhere."""

    __slots__ = ("__sycl_usm_array_interface__",)

    def __init__(self, layout, queue):
        self.__sycl_usm_array_interface__ = interface(layout, queue)


def interface(layout, queue):
    """What `__sycl_usm_array_interface__` says; strides in elements."""
    of_numpy = layout.__array_interface__
    strides = of_numpy["strides"]
    if strides is not None:
        item = layout.itemsize
        strides = tuple(stride // item for stride in strides)
    return {"shape": of_numpy["shape"], "typestr": of_numpy["typestr"], "data": of_numpy["data"], "strides": strides,
            "offset": 0, "syclobj": queue, "version": 1}


def empty_on(queue, shape, dtype, usm_type):
    """A new array with any content, in C's order."""
    dtype, shape = np.dtype(dtype), tuple(shape)
    try:
        kind = _MEMORY[usm_type]
    except KeyError:
        raise ValueError(f"memory is 'device', 'shared' or 'host', not {usm_type!r}") from None
    memory = kind._new(_layout.count(shape) * dtype.itemsize or 1, queue)
    return DeviceArray(memory._layout(shape, dtype), memory, queue)


class DeviceArray:
    """An array in memory that a device reaches. `metate.asarray`, `metate.empty` and others make them.

    What is computed with device arrays is computed on their queue, by kernels, and lies there too; arrays of several queues
    do not mix. Nothing is copied to the host unless that is asked for: `metate.asnumpy` does it. Slices and transpositions
    are views. Kernels take device arrays as they are.

    >>> import metate
    >>> a = metate.arange(6, dtype="float32").reshape(2, 3)
    >>> metate.asnumpy(a[:, 1:] * 2)
    array([[ 2.,  4.],
           [ 8., 10.]], dtype=float32)
    """

    __slots__ = ("_layout", "_memory", "_queue", "__weakref__")
    __hash__ = None

    def __init__(self, layout, memory, queue):
        self._layout, self._memory, self._queue = layout, memory, queue

    def _view(self, layout):
        """An array at another layout in the same memory."""
        return DeviceArray(layout, self._memory, self._queue)

    # What it is.

    @property
    def shape(self):
        """The extents, as a tuple."""
        return self._layout.shape

    @property
    def strides(self):
        """How many elements lie between neighbours, for each axis."""
        return tuple(stride // self._layout.itemsize for stride in self._layout.strides)

    @property
    def dtype(self):
        """The NumPy dtype of the elements."""
        return self._layout.dtype

    @property
    def ndim(self):
        """The number of axes."""
        return self._layout.ndim

    @property
    def size(self):
        """The number of elements."""
        return self._layout.size

    @property
    def itemsize(self):
        """The bytes of an element."""
        return self._layout.itemsize

    @property
    def nbytes(self):
        """The bytes of all elements."""
        return self._layout.nbytes

    @property
    def flags(self):
        """What NumPy's `flags` say of such a layout."""
        return self._layout.flags

    @property
    def queue(self):
        """The queue that works on it."""
        return self._queue

    sycl_queue = queue

    @property
    def device(self):
        """Where it lies: its device, which stands for its queue wherever arrays are made or moved."""
        return Device(self._queue)

    @property
    def sycl_device(self):
        """The `metate.Device` that it lies on."""
        return self._queue.device

    @property
    def sycl_context(self):
        """The context that it lies in."""
        return self._queue.context

    @property
    def usm_type(self):
        """The kind of its memory: "device", "shared" or "host"."""
        return self._memory.get_usm_type()

    @property
    def usm_data(self):
        """The memory that it lies in, an object such as `metate.MemoryUSMDevice`."""
        return self._memory

    @property
    def __sycl_usm_array_interface__(self):
        return interface(self._layout, self._queue)

    # Views.

    @property
    def T(self):  # noqa: N802 – NumPy's name
        """The matrix transposed, a view."""
        return self._view(self._layout.T)

    @property
    def mT(self):  # noqa: N802
        """With the last two axes swapped, a view."""
        return self._view(self._layout.mT)

    def __len__(self):
        return len(self._layout)

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return (self._view(self._layout[i, ...]) for i in range(len(self._layout)))

    # On the host: one element at a time, unless metate.asnumpy is asked.

    def __array__(self, dtype=None, copy=None):
        raise TypeError("a device array does not turn into a NumPy array by itself: use metate.asnumpy(a)")

    def item(self):
        """The only element, as a Python number."""
        return self._element().item()

    def _element(self):
        if self.size != 1:
            raise TypeError(f"only an array of one element is a number, not one of shape {self.shape}")
        host = np.empty((), self.dtype)
        first = self._layout.reshape(1)[:1]
        self._queue.memcpy(host, Operand(first, self._queue), self.itemsize)
        return host[()]

    def _real_element(self):
        if self.dtype.kind == "c":
            raise TypeError(f"an element of {self.dtype} does not turn into a real number: take the real part of it first")
        return self._element()

    def __bool__(self):
        return bool(self._element())

    def __int__(self):
        return int(self._real_element())

    def __float__(self):
        return float(self._real_element())

    def __complex__(self):
        return complex(self._element())

    def __index__(self):
        if self.ndim or self.dtype.kind not in "iu":
            raise TypeError("only integer arrays without axes are indices")
        return operator.index(self._element())


_metate._know_device_arrays(DeviceArray, _MEMORY)
