"""How long a part of a program takes, on the host and on a device."""

import timeit
from typing import NamedTuple

from .queues import Queue

_DEVICE_TIMERS = (None, "queue_barrier", "order_manager")


class HostDeviceDuration(NamedTuple):
    """Seconds on the host and on the device, times the timer's `time_scale`."""

    host_dt: float
    device_dt: float


class Timer:
    """Times the commands that a ``with`` block submits to a queue which keeps times.

    `host_timer` is a function that gives the host's time in seconds, `time_scale` a factor (1e3: milliseconds).
    `device_timer` is "queue_barrier" or, the same here, "order_manager": barriers in front of and behind the block take
    the device's time. Several blocks add up.

    >>> import metate
    >>> queue = metate.Queue(property="enable_profiling")
    >>> memory = metate.MemoryUSMShared(1 << 20, queue=queue)
    >>> timer = metate.Timer(time_scale=1e3)
    >>> with timer(queue):
    ...     event = queue.memset_async(memory, 1)
    >>> host, device = timer.dt
    >>> host > 0 and device > 0
    True
    """

    def __init__(self, host_timer=timeit.default_timer, device_timer=None, time_scale=1):
        if device_timer not in _DEVICE_TIMERS:
            raise ValueError(f"a device_timer is 'queue_barrier' or 'order_manager', not {device_timer!r}")
        self._host_timer, self._scale = host_timer, time_scale
        self._queue = None
        self._started = []
        self._measured = []

    def __call__(self, queue=None):
        """For ``with``: time what goes to `queue`."""
        if not isinstance(queue, Queue):
            raise TypeError(f"a Timer times a Queue, not a {type(queue).__name__}")
        if not queue.has_enable_profiling:
            raise ValueError("only a queue that keeps times can be timed: metate.Queue(property=\"enable_profiling\")")
        self._queue = queue
        return self

    def __enter__(self):
        if self._queue is None:
            raise TypeError("a Timer times a Queue: with timer(queue)")
        self._started.append((self._queue, self._queue.submit_barrier(), self._host_timer()))
        return self

    def __exit__(self, *_):
        queue, begin, host_begin = self._started.pop()
        self._measured.append((begin, queue.submit_barrier(), self._host_timer() - host_begin))

    @property
    def dt(self):
        """The seconds so far, as a pair `host_dt`, `device_dt`; waits for the device."""
        device = sum(end.profiling_info_start - begin.profiling_info_end for begin, end, _ in self._measured)
        host = sum(host for *_, host in self._measured)
        return HostDeviceDuration(host * self._scale, device * 1e-9 * self._scale)
