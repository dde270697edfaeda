"""Device arrays made of numbers, of host arrays and of each other, and the way back to the host."""

import numpy as np

from ..device_functions import device_func
from ..queues import Queue, context_queue, get_current_queue, get_device_cached_queue, queue_of
from ..usm_memory import as_usm_memory
from . import elementwise, layout
from .array import DeviceArray, Operand, empty_on
from .element_kernels import number, position
from .host_views import host_view, offers_dlpack


def queue_for(device=None, queue=None):
    """The queue that a `device` or a `queue` means, else the current one.

    A `device` is a `Queue`, or what has one as `sycl_queue`; or a `Device` or filter string, which means the queue of the
    `device_context` around it if that is the device's, else its default queue.
    """
    if queue is not None:
        if not isinstance(queue, Queue):
            raise TypeError(f"queue takes a metate.Queue, not a {type(queue).__name__}")
        if device is not None and queue_for(device).device != queue.device:
            raise ValueError(f"{device!r} is not the device of {queue!r}")
        return queue
    if device is None:
        return get_current_queue()
    device = getattr(device, "sycl_queue", device)  # of an array, or of its `device`
    if isinstance(device, Queue):
        return device
    found, current = get_device_cached_queue(device), context_queue()
    return current if current is not None and current.device == found.device else found


def _shape(shape):
    shape = (shape,) if not isinstance(shape, (tuple, list)) else shape
    shape = tuple(extent.__index__() for extent in shape)
    if any(extent < 0 for extent in shape):
        raise ValueError(f"negative dimensions are not allowed: {shape}")
    return shape


def _dtype(dtype, default=float):
    dtype = np.dtype(default if dtype is None else dtype)
    if dtype.kind not in "biufc" or dtype.itemsize > 16 or dtype.char in "gG":
        raise TypeError(f"device arrays are of bool, integers, floats and complex numbers, not of {dtype}")
    return dtype.newbyteorder("=")


def empty(shape, dtype=None, *, device=None, usm_type="device", queue=None):
    """A new array with any content.

    Parameters
    ----------
    shape : int or tuple of int
    dtype : dtype, optional
        float64 if it is not given.
    device : Queue, Device, filter string or an array's `device`, optional
        Where it is to lie; the current queue if neither `device` nor `queue` is given. An array's `device` is its queue.
    usm_type : {"device", "shared", "host"}
        The kind of its memory.
    """
    return empty_on(queue_for(device, queue), _shape(shape), _dtype(dtype), usm_type)


def full(shape, fill_value, dtype=None, *, device=None, usm_type="device", queue=None):
    """A new array that holds `fill_value`, a number or an array that is broadcast; other parameters as for `empty`."""
    if not isinstance(fill_value, DeviceArray):
        fill_value = np.asarray(fill_value)[()]
    if isinstance(fill_value, DeviceArray) and device is queue is None:
        queue = fill_value.queue
    made = empty(shape, fill_value.dtype if dtype is None else dtype, device=device, usm_type=usm_type, queue=queue)
    elementwise.assign(made, fill_value if isinstance(fill_value, (DeviceArray, np.generic)) else
                       asarray(fill_value, queue=made.queue))
    return made


def zeros(shape, dtype=None, *, device=None, usm_type="device", queue=None):
    """A new array of zeros; parameters as for `empty`."""
    return full(shape, 0, _dtype(dtype), device=device, usm_type=usm_type, queue=queue)


def ones(shape, dtype=None, *, device=None, usm_type="device", queue=None):
    """A new array of ones; parameters as for `empty`."""
    return full(shape, 1, _dtype(dtype), device=device, usm_type=usm_type, queue=queue)


def _where_like(x, device, usm_type, queue):
    if not isinstance(x, DeviceArray):
        raise TypeError(f"a device array is needed, not a {type(x).__name__}")
    return {"queue": x.queue if device is queue is None else queue_for(device, queue),
            "usm_type": x.usm_type if usm_type is None else usm_type}


def empty_like(x, dtype=None, *, device=None, usm_type=None, queue=None):
    """As `empty`, with shape, dtype, place and kind of memory of `x` where none is given."""
    return empty(x.shape, x.dtype if dtype is None else dtype, **_where_like(x, device, usm_type, queue))


def full_like(x, fill_value, dtype=None, *, device=None, usm_type=None, queue=None):
    """As `full`, with shape, dtype, place and kind of memory of `x` where none is given."""
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype, **_where_like(x, device, usm_type, queue))


def zeros_like(x, dtype=None, *, device=None, usm_type=None, queue=None):
    """As `zeros`, with shape, dtype, place and kind of memory of `x` where none is given."""
    return full_like(x, 0, dtype, device=device, usm_type=usm_type, queue=queue)


def ones_like(x, dtype=None, *, device=None, usm_type=None, queue=None):
    """As `ones`, with shape, dtype, place and kind of memory of `x` where none is given."""
    return full_like(x, 1, dtype, device=device, usm_type=usm_type, queue=queue)


@device_func
def _progression(at, start, step):
    return start + at * step


def arange(start, /, stop=None, step=1, *, dtype=None, device=None, usm_type="device", queue=None):
    """The numbers from `start` (0 if only one is given) up to before `stop`, `step` apart, as `numpy.arange` gives them."""
    start, stop = (0, start) if stop is None else (start, stop)
    # NumPy says how many there are and of which dtype; it makes two of them at most to do so.
    length = max(0, int(np.ceil((stop - start) / step))) if step else _raise_zero_step()
    dtype = _dtype(np.result_type(np.arange(start, start + 1, step).dtype, np.min_scalar_type(0))
                   if dtype is None and not any(isinstance(each, float) for each in (start, stop, step)) else dtype)
    made = empty(length, dtype, device=device, usm_type=usm_type, queue=queue)
    kind = np.int64 if dtype.kind in "biu" and all(isinstance(n, (int, np.integer)) for n in (start, step)) else np.float64
    first, second = (np.array([start, start + step]).astype(dtype).astype(kind) if dtype.kind != "b" else
                     np.array([start, start + step], kind))
    elementwise.fill(made, _progression, (np.int64(0), first, second - first), (position, number, number))
    return made


def _raise_zero_step():
    raise ValueError("a step of 0 leads nowhere")


def linspace(start, stop, /, num, *, dtype=None, endpoint=True, device=None, usm_type="device", queue=None):
    """`num` numbers from `start` to `stop`, which is the last of them unless `endpoint` is false."""
    if num < 0:
        raise ValueError(f"there are no {num} numbers between two")
    wanted = np.result_type(np.float64, type(start), type(stop)) if dtype is None else dtype
    made = empty(num, wanted, device=device, usm_type=usm_type, queue=queue)
    inner = np.dtype(complex if made.dtype.kind == "c" or isinstance(start, complex) or isinstance(stop, complex) else float)
    parts = num - 1 if endpoint else num
    step = (inner.type(stop) - inner.type(start)) / max(parts, 1)
    elementwise.fill(made, _progression, (np.int64(0), inner.type(start), step), (position, number, number))
    if endpoint and num > 1:
        elementwise.assign(made._view(made._layout[-1, ...]), inner.type(stop))
    return made


def eye(n_rows, n_cols=None, /, *, k=0, dtype=None, device=None, usm_type="device", queue=None):
    """Zeros with ones on the diagonal that begins in column `k`."""
    made = zeros((n_rows, n_rows if n_cols is None else n_cols), dtype, device=device, usm_type=usm_type, queue=queue)
    rows, columns = made.shape
    diagonal = np.diagonal(made._layout, max(-rows, min(k, columns)))  # read-only, says NumPy
    elementwise.assign(made._view(layout.at_address(layout.address_of(diagonal), diagonal.shape, made.dtype,
                                                    diagonal.strides)), 1)
    return made


def asarray(obj, /, *, dtype=None, device=None, usm_type=None, queue=None, copy=None):
    """A device array of `obj`: a number, nested sequences, a NumPy array, an array of another library, or one of a device.

    A device array is given back as it is unless it is to be of another dtype, kind of memory or place. What follows
    ``__sycl_usm_array_interface__`` is shared, and what lies on the host is copied, tensors of PyTorch and others that offer
    DLPack too. Device arrays in sequences are copied on the device. `copy` True makes a copy always, False raises ValueError where one is needed. Other parameters as for `empty`.
    """
    found = _on_device(obj)
    if found is None:
        return _from_host(obj, dtype, device, usm_type, queue, copy)
    moved = found if device is queue is None else to_device(found, queue_for(device, queue))
    if usm_type not in (None, moved.usm_type):
        moved = _copied(moved, empty_on(moved.queue, moved.shape, moved.dtype, usm_type))
    wanted = moved.dtype if dtype is None else _dtype(dtype)
    made = elementwise.astype(moved, wanted, copy=bool(copy) and moved is found)
    if copy is False and made._memory is not found._memory:
        raise ValueError("this needs a copy, and copy=False forbids it")
    return made


def _on_device(obj):
    if isinstance(obj, DeviceArray):
        return obj
    if hasattr(obj, "__sycl_usm_array_interface__"):
        return _shared(obj)
    return None


def _shared(obj):
    """The array of another object with the protocol, in its memory."""
    described = obj.__sycl_usm_array_interface__
    if described.get("version") != 1:
        raise TypeError(f"the __sycl_usm_array_interface__ of the {type(obj).__name__} is of version "
                        f"{described.get('version')}, and Metate knows version 1")
    dtype = np.dtype(described["typestr"])
    strides = described.get("strides")
    address, readonly = described["data"]
    place = layout.at_address(address + described.get("offset", 0) * dtype.itemsize, tuple(described["shape"]), dtype,
                              None if strides is None else tuple(stride * dtype.itemsize for stride in strides), readonly)
    queue = queue_of(described.get("syclobj"))
    row, _ = layout.extent_of(place)
    return DeviceArray(place, as_usm_memory(_Held(row, queue, obj)), queue)


class _Held(Operand):
    """An operand that keeps its memory."""

    __slots__ = ("_owner",)

    def __init__(self, place, queue, owner):
        super().__init__(place, queue)
        self._owner = owner


def _from_host(obj, dtype, device, usm_type, queue, copy):
    if copy is False:
        raise ValueError("what lies on the host is copied to the device, and copy=False forbids it")
    if isinstance(obj, (list, tuple)):
        arrays = list(_arrays_in(obj))
        if device is queue is None:
            queue = elementwise.common_queue(arrays)
        if any(array.ndim for array in arrays):
            return _joined(obj, arrays, dtype, usm_type, queue_for(device, queue))
        obj = _with_numbers(obj)
    host = _host_array(obj, dtype)
    host = np.ascontiguousarray(host, _dtype(host.dtype)).reshape(host.shape)
    made = empty_on(queue_for(device, queue), host.shape, host.dtype, usm_type or "device")
    if host.nbytes:
        made.queue.memcpy(made._memory, host, host.nbytes)
    return made


def _host_array(obj, dtype=None):
    return np.asarray(host_view(obj) if offers_dlpack(obj) else obj, None if dtype is None else _dtype(dtype))


def _arrays_in(sequence):
    """The device arrays in nested sequences."""
    for each in sequence:
        if isinstance(each, (list, tuple)):
            yield from _arrays_in(each)
        elif isinstance(each, DeviceArray):
            yield each


def _with_numbers(sequence):
    """Nested sequences with 0-d device arrays as numbers."""
    return [_with_numbers(each) if isinstance(each, (list, tuple)) else each._element() if isinstance(each, DeviceArray) else each
            for each in sequence]


def _joined(sequence, arrays, dtype, usm_type, queue):
    """The array of nested sequences with the device `arrays` in them, which are copied on the device."""
    parts = _parts(sequence)
    dtype = np.result_type(*(part.dtype for part in _leaves(parts))) if dtype is None else dtype
    made = empty_on(queue, _shape_of_parts(parts), _dtype(dtype), usm_type or elementwise.usm_type_of(arrays))
    _put(made, parts)
    return made


def _parts(obj):
    """Nested lists of device arrays and of NumPy arrays, which stand for what has no device array in it."""
    if isinstance(obj, DeviceArray):
        return obj
    if isinstance(obj, (list, tuple)) and next(_arrays_in(obj), None) is not None:
        return [_parts(each) for each in obj]
    return _host_array(obj)


def _leaves(parts):
    if not isinstance(parts, list):
        yield parts
        return
    for each in parts:
        yield from _leaves(each)


def _shape_of_parts(parts):
    if not isinstance(parts, list):
        return parts.shape
    first, *others = map(_shape_of_parts, parts)
    for shape in others:
        if shape != first:
            raise ValueError(f"parts of one array are of one shape, and here are shapes {first} and {shape}")
    return (len(parts), *first)


def _put(made, parts):
    if not isinstance(parts, list):
        elementwise.assign(made, asarray(parts, queue=made.queue))
        return
    for i, each in enumerate(parts):
        _put(made._view(made._layout[i, ...]), each)


def beside(array, other, dtype=None):
    """`other` as a device array that works together with `array`: what lies on the host is copied to the queue of `array`.

    What lies on another queue is refused, as operators refuse it.
    """
    found = _on_device(other)
    there = [found] if found is not None else _arrays_in(other) if isinstance(other, (list, tuple)) else ()
    elementwise.common_queue([array, *there])
    return asarray(other if found is None else found, dtype=dtype, queue=array.queue)


def _copied(source, made):
    elementwise.assign(made, source)
    return made


def asnumpy(a):
    """A copy as a NumPy array on the host."""
    if not isinstance(a, DeviceArray):
        a = asarray(a)
    if not a._layout.flags.c_contiguous:
        a = elementwise.astype(a, a.dtype)
    host = np.empty(a.shape, a.dtype)
    if host.nbytes:
        a.queue.memcpy(host, a, host.nbytes)
    return host


def to_device(array, device, /, *, stream=None):
    """The array on another device or queue; itself if it is there already.

    `device` is a `Queue`, an array's `device`, which stands for the queue of that array, or a `Device` or filter string, which
    stand for their default queue. Another queue of the same device shares the memory.
    """
    if stream is not None:
        raise ValueError("there are no streams: pass a queue as device")
    queue = queue_for(device)
    if queue is array.queue:
        return array
    if queue.device == array.queue.device:
        return DeviceArray(array._layout, array._memory, queue)
    return asarray(asnumpy(array), usm_type=array.usm_type, queue=queue)
