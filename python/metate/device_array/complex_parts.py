"""Elementwise functions that dpctl.tensor has beyond the array API standard, and those of the parts of complex numbers."""

import numpy as np

from ..device_functions import device_func
from . import creation, elementwise, layout, reductions
from .array import DeviceArray


def _part(x, number):
    if x.dtype.kind != "c":
        raise TypeError(f"real and imaginary parts are those of complex numbers, not of {x.dtype}")
    dtype = np.dtype(f"f{x.dtype.itemsize // 2}")
    return x._view(layout.at_address(layout.address_of(x._layout) + number * dtype.itemsize, x.shape, dtype,
                                     x._layout.strides, not x._layout.flags.writeable))


def real(x, /):
    """The real parts, a view; of real numbers the array itself."""
    return _part(x, 0) if x.dtype.kind == "c" else x


def imag(x, /):
    """The imaginary parts, a view."""
    return _part(x, 1)


def round(x, /):  # noqa: A001 – the standard's name
    """The nearest integers, of two equally near ones the even one."""
    if x.dtype.kind == "c":
        made = creation.empty_like(x)
        for part in (real, imag):
            elementwise.assign(part(made), round(part(x)))
        return made
    return elementwise.call(np.rint, x) if x.dtype.kind == "f" else elementwise.astype(x, x.dtype)


def angle(x, /):
    """The angles of complex numbers, from -pi to pi; of real numbers 0 or pi."""
    return elementwise.call(np.arctan2, imag(x) if x.dtype.kind == "c" else 0, real(x))


@device_func
def _projected_real(re, im):
    return np.abs(im) if np.isinf(im) else np.abs(re) if np.isinf(re) else re


@device_func
def _projected_imag(re, im):
    return np.copysign(0.0, im) if np.isinf(re) or np.isinf(im) else im


def proj(x, /):
    """Complex numbers projected to the Riemann sphere: what is infinite in any direction becomes one infinity."""
    parts = [real(x), imag(x)]
    made = creation.empty_like(x)
    for part, function in ((real, _projected_real), (imag, _projected_imag)):
        elementwise.apply(function, parts, parts[0].dtype, out=part(made))
    return made


def reciprocal(x, /):
    """One by each element; of integers as float64."""
    return elementwise.call(np.true_divide, 1, x)


@device_func
def _inverse_root(x):
    return 1 / np.sqrt(x)


def rsqrt(x, /):
    """One by the square root of each element; of integers as NumPy has their square roots."""
    if not isinstance(x, DeviceArray):
        elementwise.refuse_host(x)
    if x.dtype.kind == "c":
        raise TypeError(f"rsqrt is there for real numbers, not for {x.dtype}")
    dtype = np.sqrt.resolve_dtypes((x.dtype, None))[-1]
    return elementwise.apply(_inverse_root, [elementwise.astype(x, dtype, copy=False)], dtype)


def allclose(a1, a2, atol=1e-8, rtol=1e-5, equal_nan=False):
    """Whether all pairs differ by at most `atol` and `rtol` times the second one, as an array without axes.

    Infinities are close to themselves, and NaN is where `equal_nan`.
    """
    call = elementwise.call
    near = call(np.less_equal, call(np.absolute, call(np.subtract, a1, a2)),
                call(np.add, call(np.multiply, call(np.absolute, a2), rtol), atol))
    near = call(np.logical_and, near, call(np.isfinite, a2))
    close = call(np.logical_or, near, call(np.equal, a1, a2))
    if equal_nan:
        close = call(np.logical_or, close, call(np.logical_and, call(np.isnan, a1), call(np.isnan, a2)))
    return reductions.all(close)
