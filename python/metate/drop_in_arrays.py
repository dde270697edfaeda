"""What makes arrays under dpctl's and dpnp's names: the class `usm_ndarray`, and random numbers of the host's making."""

import numpy as np

from .device_array import DeviceArray, asarray
from .device_array import layout as _layout
from .device_array.array import empty_on
from .queues import get_current_queue, get_device_cached_queue


class _UsmNdarrayClass(type):
    def __call__(cls, shape, dtype=None, buffer="device", strides=None, offset=0, order="C", buffer_ctor_kwargs=None):
        """A device array; see `usm_ndarray`."""
        dtype = np.dtype(float if dtype is None else dtype)
        shape = (shape,) if not isinstance(shape, (tuple, list)) else tuple(shape)
        if order not in ("C", "F"):
            raise ValueError(f"elements lie in the order 'C' or 'F', not {order!r}")
        if isinstance(buffer, str):
            if strides is not None or offset:
                raise ValueError("new memory is laid out by its order: leave strides and offset out")
            queue = (buffer_ctor_kwargs or {}).get("queue")
            queue = get_current_queue() if queue is None else get_device_cached_queue(queue)
            return empty_on(queue, shape, dtype, buffer) if order == "C" else empty_on(queue, shape[::-1], dtype, buffer).T
        return _in_memory(buffer, shape, dtype, strides, offset, order)

    def __instancecheck__(cls, instance):
        return isinstance(instance, DeviceArray)


class usm_ndarray(metaclass=_UsmNdarrayClass):  # noqa: N801 – dpctl's name
    """dpctl's class of arrays: ``usm_ndarray(shape, dtype, buffer="shared")`` makes new ones in memory of that kind.

    `buffer` can also be an object with ``__sycl_usm_array_interface__``, whose memory is shared; `strides` and `offset`
    count elements. `isinstance` says of all device arrays that they are of this class.
    """


def _in_memory(buffer, shape, dtype, strides, offset, order):
    whole = asarray(buffer)
    memory = whole._layout
    room = memory.nbytes // dtype.itemsize
    if strides is None:
        strides = [1] * len(shape)
        axes = range(len(shape) - 1, 0, -1) if order == "C" else range(len(shape) - 1)
        for axis in axes:
            neighbour = axis - 1 if order == "C" else axis + 1
            strides[neighbour] = strides[axis] * shape[axis]
    reach = [stride * (extent - 1) for stride, extent in zip(strides, shape)]
    low, high = offset + sum(each for each in reach if each < 0), offset + sum(each for each in reach if each > 0)
    if not memory.flags.c_contiguous or (0 not in shape and not (0 <= low and high < room)):
        raise ValueError(f"elements {low} to {high} do not lie in a buffer of {room}")
    place = _layout.at_address(_layout.address_of(memory) + offset * dtype.itemsize, shape, dtype,
                               tuple(stride * dtype.itemsize for stride in strides))
    return whole._view(place)


class RandomNumbers:
    """NumPy's random numbers, made on the host and brought to the device: other numbers than dpnp's own of the same seed."""

    def __init__(self):
        self._state = np.random.RandomState()

    def seed(self, seed=None):
        """Begin the numbers anew."""
        self._state.seed(seed)


def _on_device(name):
    def draw(self, *args, device=None, usm_type="device", sycl_queue=None, **options):
        numbers = getattr(self._state, name)(*args, **options)
        return asarray(numbers, device=device, usm_type=usm_type, queue=sycl_queue)

    draw.__name__ = name
    draw.__doc__ = f"`numpy.random.{name}`, as a device array."
    return draw


for _name in """
beta binomial chisquare choice exponential gamma laplace lognormal multinomial normal permutation poisson rand randint randn random
random_sample standard_exponential standard_normal triangular uniform weibull
""".split():
    setattr(RandomNumbers, _name, _on_device(_name))
