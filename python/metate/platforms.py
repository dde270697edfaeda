"""Platforms: the devices of one driver together."""

from ._metate import Device
from .devices import find_device, get_devices, select_default_device
from .queues import Context


class Platform:
    """The devices of one driver. Get one from `metate.get_platforms()`, or from a device's `sycl_platform`."""

    def __init__(self, device=None):
        self._first = select_default_device() if device is None else find_device(device)

    @property
    def vendor(self):
        """Who made the devices."""
        return self._first.vendor

    @property
    def name(self):
        """What messages call it."""
        return f"{self.vendor} Level Zero"

    @property
    def version(self):
        """The version of the driver."""
        return self._first.driver_version

    @property
    def backend(self):
        """The way to the devices."""
        return self._first.backend

    @property
    def default_context(self):
        """The `Context` of all devices of the platform."""
        return Context(self.get_devices())

    def get_devices(self, device_type="all"):
        """Its devices, of a kind ("cpu", "gpu", "accelerator") or all."""
        return [device for device in get_devices(device_type=device_type) if device._driver == self._first._driver]

    def get_composite_devices(self):
        """Those of its devices that can be divided."""
        return [device for device in self.get_devices() if device.has_aspect_is_composite]

    def print_platform_info(self, verbosity=0):
        """Print the name; at `verbosity` 1 also version and devices, at 2 all that is known of these."""
        print(f"Platform: {self.name}" + (f", version {self.version}" if verbosity else ""))
        for device in self.get_devices() if verbosity else ():
            print(f"  {device.filter_string}: {device.name}")
            if verbosity > 1:
                device.print_device_info()

    def __eq__(self, other):
        return isinstance(other, Platform) and self._first._driver == other._first._driver

    def __hash__(self):
        return hash(self._first._driver)

    def __repr__(self):
        return f"<metate.Platform {self.name} {self.version}>"


def get_platforms():
    """The platforms, as a list in the order of their first devices.

    >>> import metate
    >>> sum(len(platform.get_devices()) for platform in metate.get_platforms()) == metate.get_num_devices()
    True
    """
    return list(dict.fromkeys(Platform(device) for device in get_devices()))


def get_composite_devices():
    """The devices that can be divided, see `Device.create_sub_devices`."""
    return [device for device in get_devices() if device.has_aspect_is_composite]

