"""Level Zero devices: which there are, which one is used."""

from . import _metate, device_info, device_selector
from ._metate import Device
from .errors import DeviceCreationError


def get_devices(backend="all", device_type="all"):
    """All Level Zero devices, real ones before the software one, as a list of `Device`.

    `device_type` is "cpu", "gpu", "accelerator" or "all". `backend` is "level_zero" or "all"; of the other backends that
    SYCL knows there are no devices. ``ONEAPI_DEVICE_SELECTOR`` in the environment leaves only those that it names, for example ``level_zero:cpu``.

    >>> import metate
    >>> len(metate.get_devices()) >= 1
    True
    """
    return device_selector.of_kind(device_selector.visible(_metate.devices()), backend, device_type)


def get_num_devices(backend="all", device_type="all"):
    """How many devices there are; see `get_devices`."""
    return len(get_devices(backend, device_type))


def has_cpu_devices():
    """Whether there is a CPU device. Metate's own software device is one."""
    return get_num_devices(device_type="cpu") > 0


def has_gpu_devices():
    """Whether there is a GPU."""
    return get_num_devices(device_type="gpu") > 0


def has_accelerator_devices():
    """Whether there is a device that is neither CPU nor GPU."""
    return get_num_devices(device_type="accelerator") > 0


def select_default_device():
    """The device that kernels run on outside of any `device_context`: a GPU if there is one.

    DeviceCreationError where ``ONEAPI_DEVICE_SELECTOR`` leaves none.
    """
    devices = get_devices()
    if not devices:
        raise DeviceCreationError(device_selector.there_are(devices))
    return devices[0]


def select_cpu_device():
    """The first CPU device. DeviceCreationError if there is none."""
    return find_device("cpu")


def select_gpu_device():
    """The first GPU. DeviceCreationError if there is none."""
    return find_device("gpu")


def select_accelerator_device():
    """The first device that is neither CPU nor GPU. DeviceCreationError if there is none."""
    return find_device("accelerator")


def select_device_with_aspects(required_aspects, excluded_aspects=()):
    """The first device that has all of `required_aspects` and none of `excluded_aspects`: names, or lists of names.

    Aspects are cpu, gpu, accelerator, fp16, fp64 and the others that `Device` has a property ``has_aspect_…`` of.
    DeviceCreationError if no device is like that.

    >>> import metate
    >>> metate.select_device_with_aspects(["cpu", "fp64"]).has_aspect_fp64
    True
    """
    required, excluded = ([name] if isinstance(name, str) else list(name or ())
                          for name in (required_aspects, excluded_aspects))
    for name in (*required, *excluded):
        if not hasattr(Device, f"has_aspect_{name}"):
            raise AttributeError(f"'{name}' is no aspect of devices; there are {', '.join(_aspects())}")
    for device in get_devices():
        aspects = {name for name in (*required, *excluded) if getattr(device, f"has_aspect_{name}")}
        if aspects.issuperset(required) and aspects.isdisjoint(excluded):
            return device
    wanted = ", ".join(required) + (f" without {', '.join(excluded)}" if excluded else "")
    raise DeviceCreationError(f"no device has {wanted}; {device_selector.there_are(get_devices())}")


def _aspects():
    return [name.removeprefix("has_aspect_") for name in dir(Device) if name.startswith("has_aspect_")]


def device_of(arg=None):
    """What ``Device(arg)`` gives: the default device for None, else as `find_device`."""
    return select_default_device() if arg is None else find_device(arg)


def find_device(device):
    """The device that a `Device`, what has one as `sycl_device`, or a filter string stands for."""
    device = getattr(device, "sycl_device", device)
    if isinstance(device, Device):
        return device
    if not isinstance(device, str):
        raise TypeError(f"a device is a Device or a filter string such as 'level_zero:gpu:0', not {type(device).__name__}")
    return device_selector.find(get_devices(), device)
