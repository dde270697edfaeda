"""The functions of the Python array API standard, for device arrays: what `__array_namespace__` gives.

With them stand those that dpctl.tensor has beyond the standard. The extensions `linalg` and `fft` are not there.
"""

import collections as _collections

import numpy as np

from ..devices import get_devices as _get_devices
from ..queues import get_current_device as _get_current_device
from . import elementwise as _elementwise
from . import selection as _selection
from .array import DeviceArray as _DeviceArray
from .complex_parts import allclose, angle, imag, proj, real, reciprocal, round, rsqrt  # noqa: F401
from .creation import (  # noqa: F401
    arange,
    asarray,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    linspace,
    ones,
    ones_like,
    zeros,
    zeros_like,
)
from .indexing_functions import extract, place, put, put_along_axis, take, take_along_axis  # noqa: F401
from .interchange import from_dlpack  # noqa: F401
from .linear_algebra import matmul, tensordot, vecdot  # noqa: F401
from .log_sums import cumulative_logsumexp, logsumexp, reduce_hypot  # noqa: F401
from .manipulation import (  # noqa: F401
    broadcast_arrays,
    broadcast_to,
    concat,
    copy,
    expand_dims,
    flip,
    matrix_transpose,
    meshgrid,
    moveaxis,
    permute_dims,
    repeat,
    reshape,
    roll,
    squeeze,
    stack,
    swapaxes,
    tile,
    unstack,
)
from .reductions import (  # noqa: F401
    all,
    any,
    argmax,
    argmin,
    count_nonzero,
    cumulative_prod,
    cumulative_sum,
    max,
    mean,
    min,
    prod,
    std,
    sum,
    var,
)
from .selection import nonzero, where  # noqa: F401
from .sorting import (  # noqa: F401
    argsort,
    isin,
    searchsorted,
    sort,
    top_k,
    unique_all,
    unique_counts,
    unique_inverse,
    unique_values,
)

VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12")
__array_api_version__ = VERSIONS[-1]

e, inf, nan, pi, newaxis = np.e, np.inf, np.nan, np.pi, None

bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64, complex64, complex128 = map(
    np.dtype, ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
               "float64", "complex64", "complex128"))

_UFUNCS = """
abs acos acosh add asin asinh atan atan2 atanh bitwise_and bitwise_invert bitwise_left_shift bitwise_or
bitwise_right_shift bitwise_xor cbrt ceil conj copysign cos cosh divide equal exp exp2 expm1 floor floor_divide greater
greater_equal hypot isfinite isinf isnan less less_equal log log1p log2 log10 logaddexp logical_and logical_not
logical_or logical_xor maximum minimum multiply negative nextafter not_equal positive pow remainder sign signbit sin
sinh square sqrt subtract tan tanh trunc
""".split()


def _function(ufunc, name):
    if ufunc.nin == 1:
        def of_elements(x, /, *, out=None):
            return _elementwise.call(ufunc, x, out=out)
    else:
        def of_elements(x1, x2, /, *, out=None):
            return _elementwise.call(ufunc, x1, x2, out=out)
    of_elements.__name__ = of_elements.__qualname__ = name
    of_elements.__metate_compiled_as__ = ufunc
    of_elements.__doc__ = f"`numpy.{name}` of the elements of device arrays: a new one, or `out`."
    return of_elements


for _name in _UFUNCS:
    globals()[_name] = _function(getattr(np, _name), _name)


def clip(x, /, min=None, max=None):  # noqa: A002 – the standard's names
    """The elements, but none below `min` and none above `max`."""
    dtype = x.dtype
    for bound, ufunc in ((min, np.maximum), (max, np.minimum)):
        if bound is not None:
            x = _elementwise.call(ufunc, x, bound)
    return _elementwise.astype(x, dtype if min is max is None else x.dtype, copy=min is max is None)


def astype(x, dtype, /, *, copy=True, device=None):
    """The elements as numbers of `dtype`, on `device` if it is given."""
    moved = x if device is None else x.to_device(device)
    return _elementwise.astype(moved, dtype, copy)


def _type(given):
    return given.dtype if isinstance(given, _DeviceArray) else given


def can_cast(from_, to, /):
    """Whether numbers of that dtype, or of an array's, stay what they are as `to`."""
    return np.can_cast(_type(from_), to)


def result_type(*arrays_and_dtypes):
    """The dtype of what is computed with these arrays, dtypes and numbers."""
    return np.result_type(*map(_type, arrays_and_dtypes))


FloatInfo = _collections.namedtuple("FloatInfo", "bits eps max min smallest_normal dtype")
IntegerInfo = _collections.namedtuple("IntegerInfo", "bits max min dtype")


def finfo(type, /):  # noqa: A002
    """What a floating-point or complex dtype, or an array's, can hold: its bits, eps, and greatest and smallest numbers."""
    info = np.finfo(_type(type))
    return FloatInfo(info.bits, *map(float, (info.eps, info.max, info.min, info.smallest_normal)), np.dtype(info.dtype))


def iinfo(type, /):  # noqa: A002
    """What an integer dtype, or an array's, can hold: its bits, and the greatest and smallest number."""
    info = np.iinfo(_type(type))
    return IntegerInfo(info.bits, int(info.max), int(info.min), np.dtype(info.dtype))


def broadcast_shapes(*shapes):
    """The shape of what arrays of these shapes are when broadcast against each other."""
    return np.broadcast_shapes(*shapes)


def isdtype(dtype, kind):
    """Whether a dtype is of a kind: another dtype, a name such as "real floating", or a tuple of these."""
    return np.isdtype(dtype, kind)


def diff(x, /, *, axis=-1, n=1, prepend=None, append=None):
    """The differences of neighbours along `axis`, taken `n` times."""
    parts = [part for part in (prepend, x, append) if part is not None]
    x = concat(parts, axis=axis) if len(parts) > 1 else x
    for _ in range(n):
        moved = np.moveaxis(x._layout, axis, 0)
        x = _elementwise.call(np.not_equal if x.dtype == bool else np.subtract,
                              x._view(np.moveaxis(moved[1:], 0, axis)), x._view(np.moveaxis(moved[:-1], 0, axis)))
    return x


def _triangle(x, k, upper):
    if x.ndim < 2:
        raise ValueError("an array with at least two axes has triangles")
    rows, columns = (arange(extent, queue=x.queue) for extent in x.shape[-2:])
    compare = np.greater_equal if upper else np.less_equal
    inside = _elementwise.call(compare, columns, rows[:, None] + k)
    return _elementwise.apply(_selection.choose, [inside, x, x.dtype.type(0)], x.dtype)


def tril(x, /, *, k=0):
    """The matrices with zeros above the diagonal that begins in column `k`."""
    return _triangle(x, k, False)


def triu(x, /, *, k=0):
    """The matrices with zeros below the diagonal that begins in column `k`."""
    return _triangle(x, k, True)


class _Info:
    """What the standard's inspection interface asks for."""

    def capabilities(self):
        """What may depend on the library."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self):
        """The device where arrays are made if none is named."""
        return _get_current_device()

    def devices(self):
        """The devices."""
        return _get_devices()

    def default_dtypes(self, *, device=None):
        """The dtypes that arrays are of if none is named."""
        return {"real floating": float64, "complex floating": complex128, "integral": int64, "indexing": int64}

    def dtypes(self, *, device=None, kind=None):
        """The dtypes of a kind, by name."""
        dtypes = (bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, complex64, complex128)
        return {dtype.name: dtype for dtype in dtypes if kind is None or np.isdtype(dtype, kind)}


def __array_namespace_info__():  # noqa: N807 – the standard's name
    """The inspection interface."""
    return _Info()


def __getattr__(name):
    what = "extension" if name in ("fft", "linalg") else "function"
    raise AttributeError(f"the {what} {name} is not there for device arrays")
