"""Which devices a filter string or an environment variable names.

A filter is ``backend:device_type:number`` where every part may be left out: ``"gpu"``, ``"level_zero:cpu:0"``, ``"1"``;
alternatives are separated by commas. ``ONEAPI_DEVICE_SELECTOR`` is SYCL's: terms ``backend:devices`` joined by ``;``, where
``devices`` are types, numbers or ``*`` joined by commas, and a term that begins with ``!`` takes devices away again. A dot
takes parts of a device: ``level_zero:0.1``, ``level_zero:*.*``.
"""

import os
import warnings

from ._metate import kernel_check_wanted
from .errors import DeviceCreationError, MetateWarning

_BACKENDS = ("level_zero", "*")
#: Backends of SYCL that Metate has no devices of: such a term is understood and matches nothing.
_OTHER_BACKENDS = ("opencl", "cuda", "hip", "native_cpu")
_TYPES = ("cpu", "gpu", "accelerator")
#: dpctl's words that no device is of; "automatic" is what is chosen where nothing is asked for.
_NO_TYPES, _FIRST, _NO_BACKENDS = ("custom",), "automatic", (*_OTHER_BACKENDS, "host")
_VARIABLES = ("ONEAPI_DEVICE_SELECTOR", "SYCL_DEVICE_FILTER")


def find(devices, filter_string):
    """The first of `devices` that `filter_string` names.

    DeviceCreationError, a ValueError, if the string cannot be read or nothing matches.
    """
    for alternative in filter_string.split(","):
        found = _filtered(devices, alternative.strip(), filter_string)
        if found:
            return found[0]
    raise DeviceCreationError(f"no device matches '{filter_string}'; {there_are(devices)}")


def of_kind(devices, backend="all", device_type="all"):
    """Those of `devices` of a backend and type, "all" being any."""
    if backend not in ("all", *_BACKENDS, *_NO_BACKENDS):
        raise ValueError(f"'{backend}' is no backend: level_zero or all")
    if device_type not in ("all", _FIRST, *_TYPES, *_NO_TYPES):
        raise ValueError(f"'{device_type}' is no device type: {', '.join(_TYPES)} or all")
    if backend in _NO_BACKENDS:
        return []
    if device_type == _FIRST:
        return devices[:1]
    return [device for device in devices if device_type == "all" or device_type == device.device_type]


def visible(devices):
    """Those of `devices`, and of their parts, that ``ONEAPI_DEVICE_SELECTOR``, else ``SYCL_DEVICE_FILTER``, leaves.

    Where all kernels are to be checked there is the software device alone.
    """
    if kernel_check_wanted():
        devices = [device for device in devices if device.is_software]
    variable, selector = _asked()
    if not selector:
        return devices
    if variable == "ONEAPI_DEVICE_SELECTOR":
        chosen = _selected(devices, selector)
    else:
        warnings.warn("SYCL_DEVICE_FILTER is deprecated: set ONEAPI_DEVICE_SELECTOR instead", MetateWarning, stacklevel=2)
        chosen = [d for part in selector.split(",") for d in _filtered(devices, part.strip(), selector)]
    return [each for device in devices for each in (device, *device._parts) if each in chosen]


def _asked():
    """The variable that chooses devices, and its value."""
    return next(((name, os.environ[name]) for name in _VARIABLES if os.environ.get(name)), (None, ""))


def there_are(devices):
    """What messages say of those that are left."""
    if not devices:
        variable, selector = _asked()
        return f"{variable} is '{selector}', which leaves no device" if selector else "there is no device at all"
    return f"there are {names(devices)}"


def names(devices):
    """Devices as messages call them."""
    return ", ".join(f"{device._label} ('{device.name}')" for device in devices)


def _filtered(devices, text, whole):
    parts = text.split(":")
    for part in parts:
        if not (part.isdigit() or part in ("", *_TYPES, *_BACKENDS, *_OTHER_BACKENDS)):
            raise DeviceCreationError(f"cannot read the device filter '{whole}': '{part}' is no backend, device type or number")
    # Each part may be left out, and those that are there have to come in this order.
    for values in ((*_BACKENDS, *_OTHER_BACKENDS), _TYPES):
        if parts and (parts[0] in values or (parts[0] == "" and len(parts) > 1)):
            part = parts.pop(0)
            devices = [d for d in devices if part in ("", *_BACKENDS, d.device_type)]
    if not text or len(parts) > 1 or (parts and parts[0] and not parts[0].isdigit()):
        raise DeviceCreationError(f"cannot read the device filter '{whole}': it is backend:device_type:number, "
                                  "in this order, where parts may be left out")
    return devices[int(parts[0]):int(parts[0]) + 1] if parts and parts[0] else devices


def _selected(devices, selector):
    accepted, discarded, any_accepting = [], [], False
    for term in filter(None, (term.strip() for term in selector.lower().split(";"))):
        takes_away = term.startswith("!")
        backend, colon, choice = term.removeprefix("!").partition(":")
        if not colon or backend not in (*_BACKENDS, *_OTHER_BACKENDS):
            raise ValueError(f"cannot read ONEAPI_DEVICE_SELECTOR '{selector}': '{term}' is not backend:devices, "
                             "for example level_zero:gpu")
        any_accepting = any_accepting or not takes_away
        if backend in _BACKENDS:
            (discarded if takes_away else accepted).extend(_chosen(devices, choice, selector))
    if not any_accepting:
        accepted = devices
    return [device for device in accepted if device not in discarded]


def _chosen(devices, choice, selector):
    chosen = []
    for word in (word.strip() for word in choice.split(",")):
        first, *deeper = word.split(".")
        found = _named(devices, first, selector)
        for part in deeper:
            found = [each for device in found for each in _named(device._parts, part, selector)]
        chosen += found
    return chosen


def _named(devices, word, selector):
    if word == "*":
        return devices
    if word in _TYPES:
        return [d for d in devices if d.device_type == word]
    if word.isdigit():
        return devices[int(word):int(word) + 1]
    raise ValueError(f"cannot read ONEAPI_DEVICE_SELECTOR '{selector}': '{word}' is no device type, number or *")
