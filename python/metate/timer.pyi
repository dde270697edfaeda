from collections.abc import Callable
from typing import NamedTuple

from .queues import Queue

class HostDeviceDuration(NamedTuple):
    host_dt: float
    device_dt: float

class Timer:
    def __init__(
        self, host_timer: Callable[[], float] = ..., device_timer: str | None = None, time_scale: float = 1
    ) -> None: ...
    def __call__(self, queue: Queue | None = None) -> Timer: ...
    def __enter__(self) -> Timer: ...
    def __exit__(self, *_: object) -> None: ...
    @property
    def dt(self) -> HostDeviceDuration: ...
