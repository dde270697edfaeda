"""numpy_twin – runs a function compiled and plain on equal arguments, and compares everything that NumPy promises."""

import ctypes

import numpy as np

from metate import njit

DTYPES = [np.dtype(c) for c in "?bhilBHILfdFD"]
NUMBERS = [d for d in DTYPES if d.kind != "b"]
LAYOUTS = ["C", "F", "strided", "reversed", "readonly", "misaligned"]


def laid_out(values, layout):
    """The same elements in a memory layout."""
    values = np.asarray(values)
    if layout == "C" or values.ndim == 0:
        return values.copy()
    if layout == "F":
        return np.asfortranarray(values)
    if layout == "readonly":
        result = values.copy()
        result.flags.writeable = False
        return result
    if layout == "misaligned":
        buffer = np.empty(values.nbytes + 1, np.uint8)
        result = np.ndarray(values.shape, values.dtype, buffer, offset=1)
    elif layout == "strided":
        result = np.empty([2 * n for n in values.shape], values.dtype)[tuple(slice(None, None, 2) for _ in values.shape)]
    elif layout == "reversed":
        result = np.empty_like(values)[tuple(slice(None, None, -1) for _ in values.shape)]
    else:
        raise ValueError(layout)
    result[...] = values
    return result


def samples(dtype, shape, seed=0):
    """Small numbers of both signs (where there are signs) that sums and products keep exact, or nearly."""
    rng = np.random.default_rng([seed, *shape])
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        values = rng.random(shape) < 0.6
    elif dtype.kind in "ui":
        values = rng.integers(0 if dtype.kind == "u" else -9, 9, shape)
    elif dtype.kind == "c":
        values = (rng.integers(-20, 20, shape) + 1j * rng.integers(-20, 20, shape)) / 4
    else:
        values = rng.integers(-40, 40, shape) / 4
    return np.asarray(values, dtype)


def twin(value):
    """An argument of its own memory: same elements, same strides, same alignment, same flags."""
    if isinstance(value, tuple):
        return tuple(twin(item) for item in value)
    if not isinstance(value, np.ndarray) or value.size == 0:
        return value
    low, high = np.lib.array_utils.byte_bounds(value)
    buffer = np.empty(high - low + 64, np.uint8)
    shift = (low - buffer.ctypes.data) % 64
    ctypes.memmove(buffer.ctypes.data + shift, low, high - low)
    result = np.ndarray(value.shape, value.dtype, buffer, value.ctypes.data - low + shift, value.strides)
    result.flags.writeable = value.flags.writeable
    return result


def assert_same(actual, expected, ulp=0):
    """Type, dtype, shape and elements; nan is nan, and -0.0 is not 0.0."""
    assert type(actual) is type(expected), (type(actual), type(expected))
    if isinstance(expected, tuple):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected):
            assert_same(one, other, ulp)
        return
    if not isinstance(expected, (np.ndarray, np.generic)):
        assert actual == expected or (actual != actual and expected != expected), (actual, expected)
        return
    assert actual.dtype == expected.dtype
    assert actual.shape == expected.shape
    if ulp and expected.dtype.kind in "fc":
        real = np.dtype(expected.dtype.char.lower())
        one, other = (np.ascontiguousarray(np.atleast_1d(x)).view(real) for x in (actual, expected))
        np.testing.assert_array_max_ulp(one, other, ulp)
        return
    np.testing.assert_array_equal(actual, expected)
    if expected.dtype.kind == "f":
        there = ~np.isnan(expected)
        np.testing.assert_array_equal(np.signbit(actual)[there], np.signbit(expected)[there])


_compiled = {}


def compiled(function, **options):
    key = (function, *sorted(options.items()))
    if key not in _compiled:
        _compiled[key] = njit(**options)(function)
    return _compiled[key]


def outcome(function, arguments):
    with np.errstate(all="ignore"):
        try:
            return function(*arguments)
        except Exception as error:  # noqa: BLE001 – whatever it is, the other way must raise it too
            return error


def check(function, *arguments, ulp=0, **options):
    """Same result, same exception, and the same done to the arguments."""
    plain, ours = twin(arguments), twin(arguments)
    expected = outcome(function, plain)
    if isinstance(expected, Exception):
        actual = outcome(compiled(function, **options), ours)
        assert type(actual) is type(expected), (actual, expected)
        assert str(actual) == str(expected)
    else:
        with np.errstate(all="ignore"):
            assert_same(compiled(function, **options)(*ours), expected, ulp)
    assert_same(ours, plain, ulp)
