"""DLPack: device arrays in memory that the host reaches, for other libraries, and the arrays of those."""

import numpy as np

from . import creation, layout
from .array import DeviceArray
from .host_views import CPU, host_view

_ONE_API = 14  # DLDeviceType of dlpack.h


def dlpack_device(self):
    """Where DLPack finds the array: on the CPU, unless its memory is of kind "device"."""
    return CPU if self.usm_type != "device" else (_ONE_API, self.sycl_device.get_device_id())


def dlpack(self, *, stream=None, max_version=None, dl_device=None, copy=None):
    """A DLPack capsule of the array: shared with the host where its memory is of kind "shared" or "host".

    Of memory of kind "device" a copy is given to who asks for the CPU, as ``numpy.from_dlpack(a, device="cpu")`` does. The
    array's queue is waited for, since the reader has no events of it; what goes wrong in its commands is raised here.
    """
    if stream is not None:
        raise ValueError("there are no streams: the array's queue is waited for")
    if dl_device not in (None, CPU, dlpack_device(self)):
        raise BufferError(f"a device array does not go to DLPack's device {dl_device}")
    within_reach = self.usm_type != "device"
    if not within_reach and dl_device != CPU:
        raise BufferError("other libraries do not reach memory of kind 'device': ask for the CPU (dl_device=(1, 0)), which "
                          "copies, or make the array with usm_type='shared'")
    if not within_reach and copy is False:
        raise BufferError("memory of kind 'device' comes to the host by a copy only, and copy=False forbids it")
    self.queue.wait()
    if within_reach:
        return _on_host(self).__dlpack__(max_version=max_version, copy=copy)
    return creation.asnumpy(self).__dlpack__(max_version=max_version)


def _on_host(array):
    """A NumPy array in the same memory."""
    place, memory = array._layout, array._memory
    if not array.size:
        return np.empty(array.shape, array.dtype)
    host = np.ndarray(array.shape, array.dtype, memory, layout.address_of(place) - memory._pointer, place.strides)
    host.flags.writeable = place.flags.writeable
    return host


def from_dlpack(x, /, *, device=None, copy=None, usm_type=None, queue=None):
    """A device array of an array that offers DLPack; those of the host are copied to the device. Others as `asarray`."""
    if not isinstance(x, DeviceArray):
        x = host_view(x)
    return creation.asarray(x, device=device, copy=copy, usm_type=usm_type, queue=queue)
