"""The class of an array's `device`: a device that stands for the queue of the array, as the array API standard wants it.

What is made there, ``xp.zeros(3, device=x.device)``, has to work together with the array, so it has to lie on its queue; the
device alone would mean the default queue. dpctl.tensor has the class under the same name.
"""

from ..queues import get_device_cached_queue


class Device:
    """A queue and where it runs: `device` of an array, or ``Device.create_device(device)``.

    It offers what its `sycl_device` does, and equals that, but stands for the queue where arrays are made on it.

    >>> import metate
    >>> x = metate.ones(3, queue=metate.Queue())
    >>> metate.zeros(3, device=x.device).queue is x.queue, x.device == x.queue.device
    (True, True)
    """

    __slots__ = ("_queue",)

    def __init__(self, queue):
        self._queue = queue

    @classmethod
    def create_device(cls, device=None):
        """Of a queue, a device, a filter string, an array, or the default device."""
        return device if isinstance(device, cls) else cls(get_device_cached_queue(device))

    @property
    def sycl_queue(self):
        """The queue."""
        return self._queue

    @property
    def sycl_device(self):
        """Its device."""
        return self._queue.device

    @property
    def sycl_context(self):
        """Its context."""
        return self._queue.context

    def wait(self):
        """Wait for all commands of the queue."""
        self._queue.wait()

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.sycl_device, name)

    def __eq__(self, other):
        if isinstance(other, Device):
            return self._queue == other._queue
        return self.sycl_device == other

    def __hash__(self):
        return hash(self.sycl_device)

    def __repr__(self):
        return f"Device({self.sycl_device._label})"
