"""Elementwise functions of the array API standard at zeros, infinities, NaN and extremes, beside NumPy's."""

import metate
import numpy as np
import pytest

XP = metate.ones(1).__array_namespace__()
SHIFTS = ("bitwise_left_shift", "bitwise_right_shift")
# Of several libraries, each is right by the standard: which sign a zero or an infinity has beside a NaN.
COMPLEX_NAMES = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "exp2", "log", "log2", "log10", "sin", "sinh",
                 "sqrt", "tan", "tanh"]


def special_values(dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return np.array([False, True, True])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return np.array([0, 1, 2, 3, 7, info.max, info.max - 1, info.max // 2, info.min, info.min + 1], dtype)
    info = np.finfo(dtype)
    if dtype.kind == "f":
        large = 1e10 if dtype != "f2" else 1e4
        return np.array([0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 2, 3, -3, 88, -100, 700, large, 0.9999999, np.inf, -np.inf,
                         np.nan, info.max, info.min, info.tiny, -info.tiny, info.smallest_subnormal, info.eps], dtype)
    parts = [0.0, -0.0, 1.0, -1.0, 0.5, 3.0, np.inf, -np.inf, np.nan]
    made = np.empty(len(parts)**2, dtype)
    made.real, made.imag = np.repeat(parts, len(parts)), np.tile(parts, len(parts))
    return made


def operands(name, dtype, count):
    first = second = special_values(dtype)
    if count == 1:
        return [first]
    if name in SHIFTS and dtype != "?":
        second = np.array([0, 1, 3, 7, 8, 63, 64], dtype)
    elif name == "pow" and np.dtype(dtype).kind in "iu":
        second = np.array([0, 1, 2, 3, 7], dtype)
    return [each.ravel() for each in np.meshgrid(first, second)]


def same_parts(given, expected, tolerance):
    """Equal, zeros by their sign too, or both NaN, or near by the size of the number."""
    size = np.maximum(np.abs(expected), np.finfo(expected.dtype).tiny)
    alike = np.ones(expected.shape, bool)
    lenient = np.isnan(expected) if expected.dtype.kind == "c" else alike & False
    for part in (np.real, np.imag) if expected.dtype.kind == "c" else (np.asarray,):
        x, y = part(given), part(expected)
        equal = (x == y) & ((x != 0) | (np.signbit(x) == np.signbit(y)) | lenient)
        infinite = np.isinf(x) & np.isinf(y) & lenient
        alike &= equal | infinite | (np.isnan(x) & np.isnan(y)) | ((y != 0) & (np.abs(x - y) <= tolerance * size))
    return alike


def check(name, given, expected, operands, tolerance):
    assert (given.shape, given.dtype) == (expected.shape, expected.dtype)
    given = metate.asnumpy(given)
    alike = same_parts(given, expected, tolerance) if expected.dtype.kind in "fc" else given == expected
    wrong = [(*(each[i] for each in operands), given[i], expected[i]) for i in np.flatnonzero(~alike)]
    assert not wrong, f"{name}: {wrong[:5]}"


@pytest.mark.parametrize("name", XP._UFUNCS)
def test_values(name):
    ufunc = getattr(np, name)
    for dtype in ("?", "i1", "u1", "i4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"):
        given = operands(name, dtype, ufunc.nin)
        if dtype in ("c8", "c16") and name in ("pow", "maximum", "minimum", *COMPLEX_NAMES):
            continue
        if dtype in ("c8", "c16") and name in ("expm1", "sign"):  # what else there is, the standard has its own say about
            given = [each[np.isfinite(each) & (each != 0)] for each in given]
        # Of two zeros, NumPy takes the first one for this dtype alone; the neighbour of one towards the other is one of both.
        if dtype == "f2" and name in ("maximum", "minimum", "nextafter"):
            given = [each[(given[0] != 0) | (given[1] != 0)] for each in given]
        with np.errstate(all="ignore"):
            try:
                expected = ufunc(*given)
            except TypeError:
                with pytest.raises(TypeError):
                    getattr(XP, name)(*map(metate.asarray, given))
                continue
        eps = np.finfo(expected.dtype).eps if expected.dtype.kind in "fc" else 0
        check(name, getattr(XP, name)(*map(metate.asarray, given)), expected, given, 8 * eps)


@pytest.mark.parametrize("name", COMPLEX_NAMES)
@pytest.mark.parametrize("dtype", ["c8", "c16"])
def test_complex_values(name, dtype):
    info, random = np.finfo(dtype), np.random.default_rng(1)
    parts = [random.normal(size=(400, 2)) * scale for scale in (1e-3, 1, 30, 500)]
    ordinary = np.concatenate(parts) @ [1, 1j]
    near_one = np.exp(1j * random.normal(size=100)) * (1 + random.normal(size=100) * 1e-4)
    huge = [complex(x, y) for x in (info.max, -info.tiny) for y in (info.tiny, -info.max, 1)]
    z = np.concatenate([special_values(dtype), ordinary, near_one, huge]).astype(dtype)
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(z)
    given = getattr(XP, name)(metate.asarray(z))
    if name in ("exp", "exp2"):  # of -inf and a part that has no angle: zeros of any sign
        anywhere = (z.real == -np.inf) & ~np.isfinite(z.imag)
        assert (metate.asnumpy(given)[anywhere] == 0).all()
        expected[anywhere] = metate.asnumpy(given)[anywhere]
    if name == "acosh":  # of 0 and a NaN: an angle of pi / 2, which NumPy 2.2 leaves open
        expected[(z.real == 0) & np.isnan(z.imag)] = complex(np.nan, np.pi / 2)
    check(name, given, expected, [z], 8 * info.eps)


@pytest.mark.parametrize("dtype", ["c8", "c16"])
def test_complex_powers(dtype):
    parts = np.array([0.0, 1, -1, 0.5, 3, -2, 2.5, 101])
    z = (parts[:, None] + 1j * parts).ravel().astype(dtype)
    base, exponent = (each.ravel() for each in np.meshgrid(z, z))
    with np.errstate(all="ignore"):
        expected = np.power(base, exponent)
    given = XP.pow(metate.asarray(base), metate.asarray(exponent))
    usual = np.isfinite(expected)
    np.testing.assert_allclose(metate.asnumpy(given)[usual], expected[usual], rtol=2e-4 if dtype == "c8" else 1e-12)
    assert (np.isfinite(metate.asnumpy(given)) == usual).all()
    check("pow", metate.asarray(z) ** 3, z**3, [z], 8 * np.finfo(dtype).eps)
    check("pow", 2 ** metate.asarray(z), np.power(2, z), [z], 300 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", ["c8", "c16"])
def test_complex_values_that_the_standard_says_more_of_than_numpy(dtype):
    inf, nan = np.inf, np.nan
    z = np.array([complex(-0.0, 0), complex(inf, 0), complex(-inf, inf), complex(inf, inf), complex(-inf, nan), complex(inf, nan),
                  complex(nan, 0), complex(nan, 1), complex(1, nan), complex(-inf, 2), 1e-9 + 1j, complex(0.25, -0.0)], dtype)
    expected = np.array([0, inf, complex(-1, 0), complex(inf, nan), complex(-1, 0), complex(inf, nan), complex(nan, 0),
                         complex(nan, nan), complex(nan, nan), complex(-1, 0), np.expm1(z[-2]), np.expm1(z[-1])], dtype)
    given = metate.asnumpy(XP.expm1(metate.asarray(z)))
    for part in np.real, np.imag:
        np.testing.assert_allclose(part(given), part(expected), rtol=8 * np.finfo(dtype).eps)
    assert (np.signbit(given[[0, 1, -1]].imag) == [False, False, True]).all() and not np.signbit(given[0].real)

    z = np.array([complex(nan, inf), complex(inf, nan), complex(nan, 0), complex(-inf, 1), 0, 3 - 4j], dtype)
    expected = np.array([complex(nan, nan)] * 3 + [-1, 0, 0.6 - 0.8j], dtype)
    np.testing.assert_allclose(metate.asnumpy(XP.sign(metate.asarray(z))), expected, rtol=4 * np.finfo(dtype).eps)
