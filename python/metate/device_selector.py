"""Which devices a filter string or an environment variable names.

A filter is ``backend:device_type:number`` where every part may be left out: ``"gpu"``, ``"level_zero:cpu:0"``, ``"1"``;
alternatives are separated by commas. ``ONEAPI_DEVICE_SELECTOR`` is SYCL's: terms ``backend:devices`` joined by ``;``, where
``devices`` are types, numbers or ``*`` joined by commas, and a term that begins with ``!`` takes devices away again.
"""

import os
import warnings

from ._metate import kernel_check_wanted
from .errors import DeviceCreationError

_BACKENDS = ("level_zero", "*")
#: Backends of SYCL that Metate has no devices of: such a term is understood and matches nothing.
_OTHER_BACKENDS = ("opencl", "cuda", "hip", "native_cpu")
_TYPES = ("cpu", "gpu", "accelerator")


def find(devices, filter_string):
    """The first of `devices` that `filter_string` names.

    DeviceCreationError, a ValueError, if the string cannot be read or nothing matches.
    """
    for alternative in filter_string.split(","):
        found = _filtered(devices, alternative.strip(), filter_string)
        if found:
            return found[0]
    raise DeviceCreationError(f"no device matches '{filter_string}'; there are {names(devices)}")


def of_kind(devices, backend="all", device_type="all"):
    """Those of `devices` of a backend and type, "all" being any."""
    if backend not in ("all", *_BACKENDS, *_OTHER_BACKENDS):
        raise ValueError(f"'{backend}' is no backend: level_zero or all")
    if device_type not in ("all", *_TYPES):
        raise ValueError(f"'{device_type}' is no device type: {', '.join(_TYPES)} or all")
    if backend in _OTHER_BACKENDS:
        return []
    return [device for device in devices if device_type == "all" or device_type == device.device_type]


def visible(devices):
    """Those of `devices` that ``ONEAPI_DEVICE_SELECTOR``, else ``SYCL_DEVICE_FILTER``, leaves.

    Where all kernels are to be checked there is the software device alone.
    """
    if kernel_check_wanted():
        devices = [device for device in devices if device.is_software]
    if selector := os.environ.get("ONEAPI_DEVICE_SELECTOR"):
        chosen = _selected(devices, selector)
        variable = "ONEAPI_DEVICE_SELECTOR"
    elif selector := os.environ.get("SYCL_DEVICE_FILTER"):
        warnings.warn("SYCL_DEVICE_FILTER is deprecated: set ONEAPI_DEVICE_SELECTOR instead", DeprecationWarning,
                      stacklevel=3)
        chosen = [d for part in selector.split(",") for d in _filtered(devices, part.strip(), selector)]
        variable = "SYCL_DEVICE_FILTER"
    else:
        return devices
    if not chosen:
        raise ValueError(f"{variable} is '{selector}', which no device matches; there are {names(devices)}")
    return [device for device in devices if device in chosen]


def names(devices):
    """What messages say of them."""
    return ", ".join(f"level_zero:{device.device_type} ('{device.name}')" for device in devices)


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
    for part in (part.strip() for part in choice.split(",")):
        if part == "*":
            chosen += devices
        elif part in _TYPES:
            chosen += [d for d in devices if d.device_type == part]
        elif part.isdigit():
            chosen += devices[int(part):int(part) + 1]
        else:
            raise ValueError(f"cannot read ONEAPI_DEVICE_SELECTOR '{selector}': '{part}' is no device type, number or *")
    return chosen
