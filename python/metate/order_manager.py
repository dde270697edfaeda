"""What `dpctl.utils` offers: the events of a queue's commands in their order, and the rules of compute follows data."""

import threading

from .queues import Queue, _device_of

_USM_TYPES = ("host", "shared", "device")  # what is computed of two kinds gets the later one


class _OrderManager:
    """The events of commands that the next one has to come behind."""

    def __init__(self):
        self._host, self._device = [], []

    @property
    def submitted_events(self):
        """Those of commands that have been added, as far as `wait` has not been called since."""
        return list(self._device)

    @property
    def host_task_events(self):
        """Those that say when arguments may go."""
        return list(self._host)

    @property
    def num_submitted_events(self):
        """How many `submitted_events` there are."""
        return len(self._device)

    @property
    def num_host_task_events(self):
        """How many `host_task_events` there are."""
        return len(self._host)

    def add_event(self, event):
        """Add the event of a command, or a list of events."""
        self._device += event if isinstance(event, (list, tuple)) else [event]
        self._device = [each for each in self._device if each.execution_status != "complete"] or self._device[-1:]

    def add_event_pair(self, host_event, device_event):
        """Add the two events of `call_kernel_async`."""
        self._host += host_event if isinstance(host_event, (list, tuple)) else [host_event]
        self._host = [each for each in self._host if each.execution_status != "complete"] or self._host[-1:]
        self.add_event(device_event)

    def wait(self):
        """Wait for all that has been added."""
        events, self._device, self._host = [*self._device, *self._host], [], []
        for event in events:
            event.wait()


class _OrderManagers(threading.local):
    """``SequentialOrderManager[queue]``: one manager for each queue and thread."""

    def __init__(self):
        self._managers = {}

    def __getitem__(self, queue):
        if not isinstance(queue, Queue):
            raise TypeError(f"commands are ordered on a Queue, not on a {type(queue).__name__}")
        return self._managers.setdefault(queue, _OrderManager())

    def clear(self):
        """Forget all events of this thread."""
        self._managers.clear()


SequentialOrderManager = _OrderManagers()


def get_execution_queue(queues):
    """The queue that all of `queues` are, or None if they differ."""
    queues = list(queues)
    return queues[0] if queues and all(queue == queues[0] for queue in queues) else None


def get_coerced_usm_type(usm_types):
    """The kind of memory for what is computed of arrays of these kinds: device before shared before host."""
    usm_types = list(usm_types)
    for each in usm_types:
        validate_usm_type(each, allow_none=False)
    return max(usm_types, key=_USM_TYPES.index, default=None)


def validate_usm_type(usm_type, allow_none=True):
    """Raise ValueError unless it is "device", "shared" or "host", TypeError for what is no str; None passes if `allow_none`."""
    if not isinstance(usm_type, (str, type(None))):
        raise TypeError(f"the kind of memory is a str, not a {type(usm_type).__name__}")
    if usm_type not in _USM_TYPES and not (usm_type is None and allow_none):
        raise ValueError(f"memory is 'device', 'shared' or 'host', not {usm_type!r}")


def intel_device_info(device):
    """What Intel's drivers tell of their GPUs beyond the properties of `Device`: nothing here, an empty dict."""
    _device_of((device,))
    return {}


def onetrace_enabled():
    """Whether Intel's tracer watches the process: no."""
    return False
