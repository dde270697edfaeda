"""Level Zero devices: which there are, which one is used."""

import contextlib
import contextvars

from . import _metate, device_selector
from ._metate import Device

_current = contextvars.ContextVar("metate_device", default=None)


def get_devices():
    """All Level Zero devices, real ones before the software one, as a list of `Device`.

    ``ONEAPI_DEVICE_SELECTOR`` in the environment leaves only those that it names, for example ``level_zero:cpu``.

    >>> import metate
    >>> len(metate.get_devices()) >= 1
    True
    """
    return device_selector.visible(_metate.devices())


def get_num_devices():
    """How many devices there are."""
    return len(get_devices())


def select_default_device():
    """The device that kernels run on outside of any `device_context`: a GPU if there is one."""
    return get_devices()[0]


def get_current_device():
    """The device of the innermost `device_context`, else the default device."""
    return _current.get() or select_default_device()


def _find(device):
    if isinstance(device, Device):
        return device
    if not isinstance(device, str):
        raise TypeError(f"a device is a Device or a filter string such as 'level_zero:gpu:0', not {type(device).__name__}")
    return device_selector.find(get_devices(), device)


@contextlib.contextmanager
def device_context(device):
    """Run kernels on `device` (a `Device` or a filter string) inside the `with` block, in this thread or task alone."""
    token = _current.set(_find(device))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def _print_device_info(self):
    """Print name, vendor, driver and limits of the device."""
    rows = {
        "Name": self.name,
        "Vendor": self.vendor,
        "Driver version": self.driver_version,
        "Device type": self.device_type,
        "Compute units": self.max_compute_units,
        "Work-group size": f"up to {self.max_work_group_size}",
        "Global memory": f"{self.global_mem_size / 2**30:.1f} GiB",
        "Local memory": f"{self.local_mem_size // 1024} KiB",
        "float64": "yes" if self.has_aspect_fp64 else "no",
    }
    for name, value in rows.items():
        print(f"    {name:<17}{value}")


def _repr(self):
    return f"<metate.Device level_zero:{self.device_type} '{self.name}'>"


Device.print_device_info = _print_device_info
Device.__repr__ = _repr
