"""Functions of complex numbers for kernels, made of real ones: devices have no others.

They have the values that C's Annex G and the array API standard list for zeros, infinities and NaN. Inverse functions are
those of W. Kahan, "Branch cuts for complex elementary functions" (1987), which are exact at the cuts. Each is made once for
complex64, with float32 inside, and once for complex128.
"""

import functools
import math

import numpy as np

from ..device_functions import device_func

_LN_2, _LN_10 = math.log(2), math.log(10)


@functools.cache
def of(ufunc, dtype):
    """The function of complex numbers of `dtype` which `ufunc` computes, or `ufunc` itself if kernels know it."""
    return _family(np.dtype(dtype)).get(ufunc, ufunc)


@functools.cache
def _family(dtype):
    pair, limits = _pair(dtype), np.finfo(dtype)
    root = _square_root(pair, limits)
    exponential, logarithm = _exponential(pair, limits), _logarithm(pair)
    cosh, sinh, tanh = _hyperbolic(pair, limits)
    acos, acosh, asinh, atanh = _inverses(pair, limits, root)
    return {
        np.sqrt: root, np.exp: exponential, np.log: logarithm, np.power: _power(pair, exponential, logarithm),
        np.log2: _scaled(pair, logarithm, _LN_2), np.log10: _scaled(pair, logarithm, _LN_10),
        np.cosh: cosh, np.sinh: sinh, np.tanh: tanh, np.arccos: acos, np.arccosh: acosh, np.arcsinh: asinh,
        np.arctanh: atanh, np.cos: _of_turned(pair, cosh), np.sin: _turned(pair, sinh), np.tan: _turned(pair, tanh),
        np.arcsin: _turned(pair, asinh), np.arctan: _turned(pair, atanh),
    }


def _pair(dtype):
    to_dtype = dtype.type

    @device_func
    def pair(x, y):
        """The number with real part x and imaginary part y."""
        return to_dtype(complex(x, y))

    return pair


def _turned(pair, function):
    """z -> -i f(iz): sin of sinh and its like."""
    @device_func
    def turned(z):
        w = function(pair(-z.imag, z.real))
        return pair(w.imag, -w.real)

    return turned


def _of_turned(pair, function):
    """z -> f(iz): cos of cosh."""
    @device_func
    def of_turned(z):
        return function(pair(-z.imag, z.real))

    return of_turned


def _scaled(pair, logarithm, divisor):
    @device_func
    def scaled(z):
        w = logarithm(z)
        return pair(w.real / divisor, w.imag / divisor)

    return scaled


def _square_root(pair, limits):
    large, small = float(limits.max) / 4, float(limits.tiny) * 4
    down = 2.0 ** -(limits.nmant // 2 + 1)
    up = 1 / down**2

    @device_func
    def square_root(z):
        x, y = z.real, z.imag
        if x == 0 and y == 0:
            return pair(0.0, y)
        if np.isinf(y):
            return pair(np.inf, y)
        if np.isinf(x):
            other = 0 * y  # 0 or NaN
            return pair(abs(other), np.copysign(x, y)) if x < 0 else pair(x, np.copysign(other, y))
        scale = 1.0
        if abs(x) >= large or abs(y) >= large:
            x, y, scale = x / 4, y / 4, 2.0
        elif abs(x) < small and abs(y) < small:
            x, y, scale = x * up, y * up, down
        longer = np.sqrt((abs(x) + np.hypot(x, y)) / 2)
        shorter = abs(y) / (2 * longer)
        if x < 0:
            longer, shorter = shorter, longer
        return pair(scale * longer, np.copysign(scale * shorter, y))

    return square_root


def _exponential(pair, limits):
    most = math.log(float(limits.max))

    @device_func
    def exponential(z):
        x, y = z.real, z.imag
        if y == 0:
            return pair(np.exp(x), y)
        if np.isinf(x) and not np.isfinite(y):
            return pair(x, np.nan) if x > 0 else pair(0.0, 0.0)
        if x > most:  # e**x alone does not fit
            half = np.exp(x / 2)
            return pair(half * np.cos(y) * half, half * np.sin(y) * half)
        size = np.exp(x)
        return pair(size * np.cos(y), size * np.sin(y))

    return exponential


def _logarithm(pair):
    @device_func
    def logarithm(z):
        x, y = abs(z.real), abs(z.imag)
        angle = np.arctan2(z.imag, z.real)
        if np.isinf(x) or np.isinf(y):
            return pair(np.inf, angle)
        longer, shorter = max(x, y), min(x, y)
        if longer == 0 or x != x or y != y:
            return pair(np.log(x + y), angle)
        if 0.5 < longer < 2:  # where the logarithm may be near 0
            return pair(np.log1p((longer - 1) * (longer + 1) + shorter * shorter) / 2, angle)
        ratio = shorter / longer
        return pair(np.log(longer) + np.log1p(ratio * ratio) / 2, angle)

    return logarithm


def _hyperbolic(pair, limits):
    most = math.log(float(limits.max))
    far = (limits.nmant + 4) * _LN_2 / 2  # where tanh is 1

    @device_func
    def cosh(z):
        x, y = z.real, z.imag
        if y == 0:
            return pair(np.cosh(x), np.copysign(1.0, x) * y)
        if x == 0:
            return pair(np.cos(y), x * np.sin(y) if np.isfinite(y) else x)
        if np.isinf(x):
            return pair(abs(x) * np.cos(y) if np.isfinite(y) else abs(x), x * np.sin(y))
        if abs(x) > most:
            half = np.exp(abs(x) / 2)
            return pair(half / 2 * np.cos(y) * half, np.copysign(half / 2, x) * np.sin(y) * half)
        return pair(np.cosh(x) * np.cos(y), np.sinh(x) * np.sin(y))

    @device_func
    def sinh(z):
        x, y = z.real, z.imag
        if y == 0:
            return pair(np.sinh(x), y)
        if x == 0:
            return pair(x * np.cos(y) if np.isfinite(y) else x, np.sin(y))
        if np.isinf(x):
            return pair(x * np.cos(y) if np.isfinite(y) else x, abs(x) * np.sin(y))
        if abs(x) > most:
            half = np.exp(abs(x) / 2)
            return pair(np.copysign(half / 2, x) * np.cos(y) * half, half / 2 * np.sin(y) * half)
        return pair(np.sinh(x) * np.cos(y), np.cosh(x) * np.sin(y))

    @device_func
    def tanh(z):
        x, y = z.real, z.imag
        if y == 0:
            return pair(np.tanh(x), y)
        if np.isinf(x):
            return pair(np.copysign(1.0, x), np.copysign(0.0, np.sin(y) * np.cos(y) if np.isfinite(y) else y))
        if not np.isfinite(y):
            return pair(x if x == 0 else np.nan, np.nan)
        if abs(x) > far:
            return pair(np.copysign(1.0, x), 4 * np.sin(y) * np.cos(y) * np.exp(-2 * abs(x)))
        t, s = np.tan(y), np.sinh(x)
        beta = 1 + t * t
        divisor = 1 + beta * s * s
        return pair(beta * np.sqrt(1 + s * s) * s / divisor, t / divisor)

    return cosh, sinh, tanh


def _inverses(pair, limits, root):
    large = float(limits.max) / 4
    root_large, root_small = math.sqrt(large), math.sqrt(float(limits.tiny))

    @device_func
    def is_large(x, y):
        return abs(x) > large or abs(y) > large

    @device_func
    def log_twice(x, y):
        """log(2 |z|), where that does not fit."""
        return np.log(np.hypot(x / 2, y / 2)) + 2 * _LN_2

    @device_func
    def acos(z):
        x, y = z.real, z.imag
        if is_large(x, y):
            return pair(np.arctan2(abs(y), x), -np.copysign(log_twice(x, y), y))
        if x == 0 and y != y:
            return pair(math.pi / 2, y)
        s, t = root(pair(1 - x, -y)), root(pair(1 + x, y))
        return pair(2 * np.arctan2(s.real, t.real), np.arcsinh(t.real * s.imag - t.imag * s.real))

    @device_func
    def acosh(z):
        x, y = z.real, z.imag
        if is_large(x, y):
            return pair(log_twice(x, y), np.arctan2(y, x))
        if x == 0 and y != y:
            return pair(y, math.pi / 2)
        s, t = root(pair(x - 1, y)), root(pair(x + 1, y))
        return pair(np.arcsinh(s.real * t.real + s.imag * t.imag), 2 * np.arctan2(s.imag, t.real))

    @device_func
    def asinh(z):
        x, y = z.real, z.imag
        if is_large(x, y):
            return pair(np.copysign(log_twice(x, y), x), np.arctan2(y, abs(x)))
        if x != x and y == 0:
            return pair(x, y)
        s, t = root(pair(1 + y, -x)), root(pair(1 - y, x))
        return pair(np.arcsinh(s.real * t.imag - t.real * s.imag), np.arctan2(y, s.real * t.real - s.imag * t.imag))

    @device_func
    def atanh(z):
        x, y = abs(z.real), abs(z.imag)
        if np.isinf(x) or np.isinf(y):
            return pair(np.copysign(0.0, z.real), z.imag if y != y else np.copysign(math.pi / 2, z.imag))
        if x == 0 and y != y:
            return z
        if x > root_large or y > root_large:
            size = np.hypot(x / 2, y / 2)
            real, imaginary = x / 4 / size / size, math.pi / 2
        elif x == 1 and y == 0:
            return pair(np.copysign(np.inf, z.real), z.imag)
        elif x == 1 and y < root_small:
            real, imaginary = np.log(np.sqrt(np.hypot(y, 2.0)) / np.sqrt(y)), np.arctan2(2.0, -y) / 2
        else:
            real = np.log1p(4 * x / ((1 - x) * (1 - x) + y * y)) / 4
            imaginary = np.arctan2(2 * y, (1 - x) * (1 + x) - y * y) / 2
        return pair(np.copysign(real, z.real), np.copysign(imaginary, z.imag))

    return acos, acosh, asinh, atanh


def _power(pair, exponential, logarithm):
    @device_func
    def power(base, exponent):
        x, y = exponent.real, exponent.imag
        if x == 0 and y == 0:
            return pair(1.0, 0.0)
        if base.real == 0 and base.imag == 0:
            return pair(0.0, 0.0) if x > 0 else pair(np.nan, np.nan)
        if y == 0 and abs(x) < 100 and x == np.trunc(x):
            n = int(abs(x))
            result, square = pair(1.0, 0.0), base
            while n:
                if n % 2:
                    result = square if result == 1 else result * square
                n //= 2
                if n:
                    square = square * square
            return result if x > 0 else pair(1.0, 0.0) / result
        w = logarithm(base)
        return exponential(pair(x * w.real - y * w.imag, x * w.imag + y * w.real))

    return power
