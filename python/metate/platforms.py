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
        """Print the name; at `verbosity` 1 version, vendor and number of devices too, at 2 also all that is known of these."""
        _check_verbosity(verbosity)
        print(self.name)
        if not verbosity:
            return
        devices = self.get_devices()
        for what, value in (("Version", self.version), ("Vendor", self.vendor), ("Backend", self.backend), ("Devices", len(devices))):
            print(f"    {what:<17}{value}")
        for device in devices if verbosity > 1 else ():
            print(f"  {device.filter_string}: {device.name}")
            device.print_device_info()

    def __eq__(self, other):
        return isinstance(other, Platform) and self._first._driver == other._first._driver

    def __hash__(self):
        return hash(self._first._driver)

    def __repr__(self):
        return f"<metate.Platform {self.name} {self.version}>"


def _check_verbosity(verbosity):
    if verbosity not in (0, 1, 2):
        raise ValueError(f"verbosity is 0, 1 or 2, not {verbosity!r}")


def lsplatform(verbosity=0):
    """Print the platforms: at `verbosity` 0 their names, at 1 also versions and how many devices there are, at 2 these too."""
    _check_verbosity(verbosity)
    for platform in get_platforms():
        platform.print_platform_info(verbosity)


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

