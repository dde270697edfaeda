"""What `dpctl.tensor` has that is not of the array API standard's form: parameters `out` and `order`, DLPack's devices, printing."""

import enum
import functools

import numpy as np

from .device_array import DeviceArray, asarray, asnumpy
from .device_array import elementwise, indexing_functions, namespace, printing
from .device_array.device import Device
from .devices import find_device, get_devices

_WITH_ORDER = "copy tril triu"
_WITH_OUT = """
angle argmax argmin clip count_nonzero cumulative_logsumexp cumulative_prod cumulative_sum imag logsumexp matmul max min prod
proj real reciprocal reduce_hypot round rsqrt sum
"""


def in_order(name, order, made):
    """`made`, or a copy of it whose elements lie in the `order` that is asked for; "K", "A" and None leave it open."""
    if order not in ("C", "F", "K", "A", None):
        raise ValueError(f"{name}: elements lie in the order 'C', 'F', 'A' or 'K', not {order!r}")
    flags = made._layout.flags
    if order == "F" and not flags.f_contiguous:
        return namespace.copy(made.T).T
    return namespace.copy(made) if order == "C" and not flags.c_contiguous else made


def _with_order(function):
    @functools.wraps(function)
    def ordered(*args, order="K", **options):
        made = function(*args, **options)
        return made if options.get("out") is not None else in_order(function.__name__, order, made)

    return ordered


def _with_out(function):
    """The function, with the parameter `out`: an array of the result's shape and dtype, which gets it and is given back."""

    @functools.wraps(function)
    def to_out(*args, out=None, **options):
        result = function(*args, **options)
        if out is None:
            return result
        if not isinstance(out, DeviceArray):
            elementwise.refuse_host(out)
        if (out.shape, out.dtype) != (result.shape, result.dtype):
            raise ValueError(f"{function.__name__}: the result is of shape {result.shape} and dtype {result.dtype}, and out of "
                             f"shape {out.shape} and dtype {out.dtype}")
        elementwise.common_queue([result, out])
        elementwise.assign(out, result)
        return out

    return to_out


def _wrapping(function):
    """The function, which mends indices out of range unless it is told otherwise."""

    @functools.wraps(function)
    def wrapping(*args, mode="wrap", **options):
        if mode not in ("wrap", "clip"):
            raise ValueError(f"{function.__name__}: mode is 'wrap' or 'clip', not {mode!r}")
        return function(*args, mode=mode, **options)

    return wrapping


def astype(usm_ary, newdtype, /, *, order="K", casting="unsafe", copy=True, device=None):
    """The elements as numbers of `newdtype`. TypeError where `casting`, one of NumPy's rules, does not allow that."""
    if not np.can_cast(usm_ary.dtype, newdtype, casting):
        raise TypeError(f"cannot cast from {usm_ary.dtype} to {np.dtype(newdtype)} by the rule {casting!r}")
    return in_order("astype", order, namespace.astype(usm_ary, newdtype, copy=copy, device=device))


class DLDeviceType(enum.IntEnum):
    """The kinds of devices that DLPack numbers (`DLDeviceType` of dlpack.h)."""

    kDLCPU = 1  # noqa: N815 – DLPack's names
    kDLCUDA = 2  # noqa: N815
    kDLCUDAHost = 3  # noqa: N815
    kDLOpenCL = 4  # noqa: N815
    kDLVulkan = 7  # noqa: N815
    kDLMetal = 8  # noqa: N815
    kDLVPI = 9  # noqa: N815
    kDLROCM = 10  # noqa: N815
    kDLROCMHost = 11  # noqa: N815
    kDLCUDAManaged = 13  # noqa: N815
    kDLOneAPI = 14  # noqa: N815
    kDLWebGPU = 15  # noqa: N815
    kDLHexagon = 16  # noqa: N815
    kDLMAIA = 17  # noqa: N815
    kDLTrn = 18  # noqa: N815


def dldevice_to_sycl_device(dl_device, /):
    """The device that DLPack calls `dl_device`, a pair of a type and a number."""
    kind, number = dl_device
    if kind != DLDeviceType.kDLOneAPI:
        raise ValueError(f"devices that arrays lie on are of DLPack's type {int(DLDeviceType.kDLOneAPI)}, not {int(kind)}")
    for device in get_devices():
        if device.get_device_id() == number:
            return device
    raise ValueError(f"there is no device of number {number}")


def sycl_device_to_dldevice(device, /):
    """What DLPack calls a device: a pair of a type and a number."""
    return DLDeviceType.kDLOneAPI, find_device(device).get_device_id()


def usm_ndarray_str(x, /, *, line_width=None, edge_items=None, threshold=None, precision=None, floatmode=None, suppress=None,
                    sign=None, numpy=False):
    """An array as text; options as for `numpy.set_printoptions`."""
    options = {"linewidth": line_width, "edgeitems": edge_items, "threshold": threshold, "precision": precision,
               "floatmode": floatmode, "suppress": suppress, "sign": sign}
    with printing.print_options(numpy=numpy):
        return printing.text_of(x, **options)


def usm_ndarray_repr(x, /, *, line_width=None, precision=None, suppress=None, prefix="usm_ndarray"):
    """An array as text that says what it is."""
    text = printing.listed(x, f"{prefix}(", linewidth=line_width, precision=precision, suppress=suppress)
    said = x.dtype in (np.dtype(bool), np.dtype(np.int64), np.dtype(np.float64), np.dtype(np.complex128)) and x.size
    return f"{prefix}({text})" if said else f"{prefix}({text}, dtype={x.dtype})"


def functions():
    """All functions of dpctl.tensor but those that create arrays, by name."""
    made = {name: getattr(namespace, name) for name in dir(namespace) if not name.startswith("_")}
    made |= {"__array_namespace_info__": namespace.__array_namespace_info__,
             "__array_api_version__": namespace.__array_api_version__}
    made |= {name: _with_order(made[name]) for name in (*_WITH_ORDER.split(), *namespace._UFUNCS)}
    made |= {name: _with_order(_with_out(made[name])) for name in _WITH_OUT.split()}
    made |= {name: _wrapping(getattr(indexing_functions, name)) for name in ("put", "put_along_axis", "take", "take_along_axis")}
    own = (astype, dldevice_to_sycl_device, sycl_device_to_dldevice, usm_ndarray_repr, usm_ndarray_str, Device, DLDeviceType,
           printing.get_print_options, printing.print_options, printing.set_print_options, asarray, asnumpy)
    made |= {each.__name__: each for each in own}
    return made | {"dtype": np.dtype}
