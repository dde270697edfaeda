"""Queues: the order in which a device works, and which of them is used where none is named.

A command that waits (a launch ``k[n](…)``, `Queue.submit`, `Queue.memcpy`) raises its own errors. One that does not
(`Queue.submit_async` and the other names that end in ``_async``) gives an `Event`; what goes wrong in it is raised by the
next `wait` of that event or of its queue, or handed to the queue's `async_handler`. Nothing gets lost: what nobody waits
for is shown when the queue goes, by `sys.unraisablehook`.
"""

import atexit
import contextlib
import contextvars
from operator import index

import numpy as np

import metate  # for metate.enums, as in device_info

from . import _metate
from ._metate import Device, Event
from .device_selector import names
from .devices import find_device, select_default_device
from .errors import DeviceCreationError

#: The queues of the `device_context` blocks that this thread or task is in, the innermost last.
_contexts = contextvars.ContextVar("metate_queues", default=())
_cached = {}
#: dpctl's: functions that are called with the queue of each `device_context`, and give what is to be entered with it, or None.
nested_context_factories = []


class Context:
    """The devices among which memory can be shared: those of one driver."""

    def __init__(self, devices=None):
        devices = devices if isinstance(devices, (list, tuple)) else [devices]
        self._devices = tuple(select_default_device() if each is None else find_device(each) for each in devices)
        if not self._devices:
            raise ValueError("a context is made of at least one device")
        first = self._devices[0]
        if other := next((each for each in self._devices if each._driver != first._driver), None):
            raise DeviceCreationError(f"a context is made of devices of one driver; {first!r} and {other!r} have two")

    @property
    def device_count(self):
        """How many devices there are."""
        return len(self._devices)

    def get_devices(self):
        """Its devices, as a list."""
        return list(self._devices)

    def _common(self, name):
        """What all devices have of a tuple of capabilities."""
        first, *others = (getattr(device, name) for device in self._devices)
        return tuple(each for each in first if all(each in other for other in others))

    @property
    def atomic_memory_order_capabilities(self):
        """How atomic operations can order memory accesses on all devices, a tuple of `memory_order`."""
        return self._common("atomic_memory_order_capabilities")

    @property
    def atomic_memory_scope_capabilities(self):
        """Whom such an order can hold for, a tuple of `memory_scope`."""
        return self._common("atomic_memory_scope_capabilities")

    @property
    def atomic_fence_order_capabilities(self):
        """How fences can order memory accesses on all devices, a tuple of `memory_order`."""
        return self._common("atomic_fence_order_capabilities")

    @property
    def atomic_fence_scope_capabilities(self):
        """Whom such an order can hold for, a tuple of `memory_scope`."""
        return self._common("atomic_fence_scope_capabilities")

    @property
    def sycl_platform(self):
        """The `Platform` of its devices."""
        return self._devices[0].sycl_platform

    def addressof_ref(self):
        """A number that no other context has while this one lives."""
        return id(self)

    def __eq__(self, other):
        return isinstance(other, Context) and self._devices == other._devices

    def __hash__(self):
        return hash(self._devices)

    def __repr__(self):
        return f"<metate.Context of {names(self._devices)}>"


class Queue(_metate.Queue):
    """Commands for one device: launches of kernels, copies and fills.

    ``Queue()`` is one of the default device, ``Queue("gpu")`` one of the device that a filter string names; a `Device`, or
    a `Context` and a `Device`, are taken too. `property` is "in_order" (each command begins when the one before it is done;
    else commands may overtake each other unless events order them), "enable_profiling" (events know when their command
    ran), or a list of them. `async_handler` is called with each exception of a command that nobody waited for.

    >>> import metate
    >>> queue = metate.Queue(property="in_order")
    >>> memory = metate.MemoryUSMShared(4, queue=queue)
    >>> queue.memcpy(memory, b"abcd", 4).wait()
    >>> memory.tobytes()
    b'abcd'
    """

    def __init__(self, *args, property=None, async_handler=None):
        if not isinstance(property, (str, list, tuple, set, frozenset, type(None))):
            raise TypeError(f"property is the name of a property or a list of names, not a {type(property).__name__}")
        properties = {property} if isinstance(property, str) else set(property or ())
        if unknown := properties - {"in_order", "enable_profiling", "default"}:
            raise ValueError(f"a queue has no property {unknown.pop()!r}: there are 'in_order' and 'enable_profiling'")
        if async_handler is not None and not callable(async_handler):
            raise TypeError(f"an async_handler is called with an exception; a {type(async_handler).__name__} cannot be")
        super().__init__(_device_of(args), "in_order" in properties, "enable_profiling" in properties, async_handler)

    def memcpy(self, dest, src, count):
        """Copy `count` bytes from the beginning of `src` to that of `dest`, and wait.

        Each is memory that a device reaches or a buffer of the host, a NumPy array for example.
        """
        return self._copy(dest, src, index(count), None, True)

    def memcpy_async(self, dest, src, count, dEvents=None):  # noqa: N803
        """As `memcpy`, behind the events `dEvents` and without waiting. The memory lives until the copy is done."""
        return self._copy(dest, src, index(count), dEvents, False)

    def copy(self, dest, src, count, dtype="u1"):
        """Copy `count` elements of `dtype`, and wait."""
        return self._copy(dest, src, index(count) * np.dtype(dtype).itemsize, None, True)

    def copy_async(self, dest, src, count, dtype="u1", dEvents=None):  # noqa: N803
        """As `copy`, behind the events `dEvents` and without waiting."""
        return self._copy(dest, src, index(count) * np.dtype(dtype).itemsize, dEvents, False)

    def memset(self, mem, val, count=0):
        """Set the first `count` bytes (0: all) to the number `val`, and wait."""
        return self._fill(mem, _byte(val), index(count) or _nbytes(mem), None, True)

    def memset_async(self, mem, val, count=0, dEvents=None):  # noqa: N803
        """As `memset`, behind the events `dEvents` and without waiting."""
        return self._fill(mem, _byte(val), index(count) or _nbytes(mem), dEvents, False)

    def fill(self, mem, pattern, count):
        """Write `pattern`, a NumPy number or bytes (1, 2, 4, 8 or 16 of them), `count` times from the beginning; wait."""
        return self._fill(mem, pattern, index(count) * memoryview(pattern).nbytes, None, True)

    def fill_async(self, mem, pattern, count, dEvents=None):  # noqa: N803
        """As `fill`, behind the events `dEvents` and without waiting."""
        return self._fill(mem, pattern, index(count) * memoryview(pattern).nbytes, dEvents, False)

    def _submit_keep_args_alive(self, args, events):
        """dpctl's: an event that is signalled after `events`. Commands keep what they work on themselves."""
        return self.submit_barrier(events)

    @property
    def sycl_device(self):
        """As `device`."""
        return self.device

    @property
    def context(self):
        """The `Context` of its device."""
        return Context(self.device)

    @property
    def sycl_context(self):
        """As `context`."""
        return self.context

    @property
    def backend(self):
        """The way to the device."""
        return self.device.backend

    @property
    def name(self):
        """The name of the device."""
        return self.device.name

    @property
    def driver_version(self):
        """The version of the device's driver."""
        return self.device.driver_version

    def print_device_info(self):
        """Print name, vendor, driver and limits of the device."""
        self.device.print_device_info()

    def __repr__(self):
        properties = [name for name, there in (("in order", self.is_in_order), ("profiling", self.has_enable_profiling))
                      if there]
        return f"<metate.Queue {', '.join([self.device._label, *properties])} at {id(self):#x}>"


def _device_of(args):
    if len(args) > 2 or (len(args) == 2 and not isinstance(args[0], Context)):
        raise TypeError("a Queue is made of nothing, a filter string, a Device, or a Context and a Device")
    if len(args) == 2:
        device = find_device(args[1])
        if device not in args[0].get_devices():
            raise ValueError(f"{device!r} is not in {args[0]!r}")
        return device
    if not args or args[0] is None:
        return select_default_device()
    if isinstance(args[0], Context):
        return args[0].get_devices()[0]
    return find_device(args[0])


def _byte(value):
    if not 0 <= index(value) <= 255:
        raise ValueError(f"memory is set to a byte from 0 to 255, not to {value}")
    return bytes([value])


def _nbytes(memory):
    return memory.nbytes if hasattr(memory, "nbytes") else memoryview(memory).nbytes


def get_device_cached_queue(key=None):
    """The one queue that everybody uses who has just a device.

    `key` is a `Device`, a filter string, a `Context`, a pair of a `Context` and a `Device`, or a `Queue`, which is given
    back, as that of a device array's `device` is; None stands for the default device.
    """
    key = getattr(key, "sycl_queue", key)
    if isinstance(key, Queue):
        return key
    device = _device_of(key if isinstance(key, tuple) else (key,))
    if device not in _cached:
        _cached[device] = Queue(device)
    return _cached[device]


def queue_of(syclobj):
    """The queue that a `syclobj` of `__sycl_usm_array_interface__` stands for: `get_device_cached_queue` of it."""
    if syclobj is None:
        raise TypeError("the __sycl_usm_array_interface__ has no 'syclobj', which says where the memory lies")
    if type(syclobj).__name__ == "PyCapsule" or hasattr(syclobj, "_get_capsule"):
        raise TypeError("memory of another SYCL runtime, whose queues come as capsules, is out of Metate's reach: a 'syclobj' "
                        "is a metate.Queue, Context or Device, or a filter string")
    return get_device_cached_queue(syclobj)


def default_queue():
    """The queue of the default device, which is chosen once."""
    if None not in _cached:
        _cached[None] = get_device_cached_queue()
    return _cached[None]


def checking_queue():
    """The queue that checked kernels run on where none is named: the software device's."""
    for device in _metate.devices():
        if device.is_software:
            return get_device_cached_queue(device)
    raise DeviceCreationError("kernels are checked by Metate's software device, which is not there")


def context_queue():
    """The queue of the innermost `device_context` of this thread or task, or None outside of any."""
    queues = _contexts.get()
    return queues[-1] if queues else None


def get_current_queue():
    """The queue of the innermost `device_context` of this thread or task, else the default device's."""
    return context_queue() or default_queue()


def get_current_device():
    """The device of the innermost `device_context`, else the default device."""
    return get_current_queue().device


def _queue_for(arg):
    """The queue that a `Queue`, what has one as `sycl_queue`, or the name of a device stands for."""
    arg = getattr(arg, "sycl_queue", arg)
    return arg if isinstance(arg, Queue) else get_device_cached_queue(find_device(arg))


@contextlib.contextmanager
def device_context(arg):
    """Run kernels on a queue inside the `with` block, in this thread or task alone: ``as`` gives the queue.

    The parallel loops and array expressions of functions compiled with ``parallel=True`` run there too.

    `arg` is a `Queue`, the `device` of a device array, which stands for the queue of that array, or a `Device` or filter string,
    which stands for the queue of `get_device_cached_queue`. Kernels that get device memory run on the queue of that memory
    and take no notice.

    >>> import metate
    >>> with metate.device_context("cpu") as queue:
    ...     metate.get_current_queue() is queue and queue.device.is_cpu
    True
    """
    queue = _queue_for(arg)
    token = _contexts.set((*_contexts.get(), queue))
    _metate._count_device_contexts(1)
    try:
        with contextlib.ExitStack() as stack:
            for factory in nested_context_factories:
                if (more := factory(queue)) is not None:
                    stack.enter_context(more)
            yield queue
    finally:
        _metate._count_device_contexts(-1)
        _contexts.reset(token)


def get_current_backend():
    """The way to the device of `get_current_queue`."""
    return metate.enums.backend_type(get_current_device().backend)


def get_current_device_type():
    """The kind of the device of `get_current_queue`."""
    return metate.enums.device_type(get_current_device().device_type)


def is_in_device_context():
    """Whether this is inside of a `device_context`."""
    return bool(_contexts.get())


def get_num_activated_queues():
    """How many `device_context` blocks this is inside of."""
    return len(_contexts.get())


def set_global_queue(arg):
    """Make the queue of `arg`, as `device_context` takes it, the one that is used outside of any context."""
    _cached[None] = _queue_for(arg)


Event.execution_status = property(
    lambda self: metate.enums.event_status_type("complete" if self._is_done else "submitted"),
    doc="`event_status_type.complete` once the command is done, `submitted` before; does not wait.")
Event.backend = property(lambda _: metate.enums.backend_type.level_zero, doc="The way to the device.")
atexit.register(_metate._finish_queues)
