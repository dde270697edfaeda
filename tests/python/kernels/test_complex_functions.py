"""Functions of complex numbers in kernels, which are made of real ones there: against NumPy's in twice the digits.

The bound is that of compiler/ops/complex_formulas.h, for each part by itself. NumPy's long double stands for the exact
result of float64.
"""

import itertools

import numpy as np
import pytest

import metate
from metate import get_global_id, kernel

BOUND = 12
FUNCTIONS = ["exp", "log", "sqrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh",
             "arccosh", "arctanh"]
DTYPES = [np.complex64, np.complex128]
WIDE = {np.complex64: np.clongdouble, np.complex128: np.clongdouble}


def applied(function, *operands):
    @kernel
    def apply(x, out):
        i = get_global_id(0)
        out[i] = function(x[i])

    @kernel
    def apply_two(x, y, out):
        i = get_global_id(0)
        out[i] = function(x[i], y[i])

    out = np.empty_like(operands[0])
    (apply if len(operands) == 1 else apply_two)[out.size](*operands, out)
    return out


def ulps(result, exact):
    limits = np.finfo(result.dtype)
    size = np.maximum(np.abs(exact), np.longdouble(limits.smallest_normal))
    unit = np.exp2(np.floor(np.log2(size))) * np.longdouble(limits.eps)
    with np.errstate(invalid="ignore"):
        distance = np.abs(result.astype(np.longdouble) - exact) / unit
    same = (np.isnan(result) & np.isnan(exact)) | (result == exact)
    overflowed = np.isinf(result) & (np.abs(exact) >= np.longdouble(limits.max)) & (np.sign(result) == np.sign(exact))
    return np.where(same | overflowed, 0, np.where(np.isnan(distance), np.inf, distance))


def assert_close(result, operands, exact, bound):
    for part in "real", "imag":
        distance = ulps(getattr(result, part), getattr(exact, part))
        worst = int(np.argmax(distance))
        assert distance[worst] <= bound, (f"{part} of {[o[worst] for o in operands]}: {result[worst]!r}, exact {exact[worst]!r}, "
                                          f"{distance[worst]:.1f} units")


def complex_of(real, imaginary, dtype):
    made = np.empty(len(real), dtype)
    made.real, made.imag = real, imaginary
    return made


def samples(dtype, count=1500):
    """Of several sizes, around the unit circle, and of very different parts."""
    rng = np.random.default_rng(3)
    parts = [(rng.random((2, count)) * 2 - 1) * scale for scale in (1, 8, 1e-3, 50)]
    angle = rng.random(count) * 2 * np.pi
    modulus = 1 + (rng.random(count) - 0.5) * 10 ** -(rng.random(count) * 8)
    parts.append(np.array([modulus * np.cos(angle), modulus * np.sin(angle)]))
    parts.append(rng.choice([-1, 1], (2, count)) * 10 ** rng.uniform(-30, 30, (2, count)))
    return complex_of(*np.concatenate(parts, axis=1), dtype)


def extremes(dtype):
    """Beside poles, branch points and the ends of the range."""
    limits = np.finfo(dtype)
    sizes = [0.0, limits.smallest_subnormal, limits.smallest_normal, limits.eps, 1e-10, 0.5, 1 - limits.eps / 2, 1.0,
             1 + limits.eps, 2.0, 1e5, limits.max / 4, limits.max]
    sizes += [-size for size in sizes]
    return complex_of(*zip(*itertools.product(sizes, repeat=2)), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_finite_numbers(name, dtype):
    function = getattr(np, name)
    for x in samples(dtype), extremes(dtype):
        with np.errstate(all="ignore"):
            exact = function(x.astype(WIDE[dtype]))
        assert_close(applied(function, x), [x], exact, BOUND)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_special_values(name, dtype):
    """Of what is not finite, C's Annex G leaves the sign of some zeros and infinities open: those are not compared."""
    function = getattr(np, name)
    parts = [0.0, -0.0, 1.0, -2.5, 1e30, np.inf, -np.inf, np.nan]
    x = complex_of(*zip(*itertools.product(parts, repeat=2)), dtype)
    with np.errstate(all="ignore"):
        expected = function(x)
    if name == "arccosh":  # of 0 and a NaN: an angle of pi / 2, which NumPy 2.2 leaves open
        expected[(x.real == 0) & np.isnan(x.imag)] = complex(np.nan, np.pi / 2)
    result = applied(function, x)
    for given, got, wanted in zip(x, result, expected):
        has_nan = np.isnan(wanted.real) or np.isnan(wanted.imag)
        for a, b in (got.real, wanted.real), (got.imag, wanted.imag):
            near = np.isnan(a) and np.isnan(b) or a == b or abs(a - b) <= BOUND * np.spacing(abs(b))
            open_sign = (has_nan or not np.isfinite(given)) and (b == 0 or has_nan and np.isinf(b) and np.isinf(a))
            assert near or open_sign and abs(a) == abs(b), (given, got, wanted)
            assert open_sign or np.isnan(b) or np.signbit(a) == np.signbit(b), (given, got, wanted)


@pytest.mark.parametrize("dtype", DTYPES)
def test_power(dtype):
    rng = np.random.default_rng(4)
    part = np.finfo(dtype)
    x, y = (complex_of(*rng.uniform(-4, 4, (2, 2000)), dtype) for _ in range(2))
    exact = x.astype(np.clongdouble) ** y.astype(np.clongdouble)
    # As exact as y log x, of which a whole turn of the angle is lost.
    bound = part.eps * (16 + 4 * np.abs(y * np.log(x)))
    assert (np.abs(applied(np.power, x, y) - exact) <= bound * np.abs(exact)).all()

    whole = complex_of(rng.integers(-12, 13, 2000), np.zeros(2000), dtype)
    exact = x.astype(np.clongdouble) ** whole.astype(np.clongdouble)
    assert (np.abs(applied(np.power, x, whole) - exact) <= 64 * part.eps * np.abs(exact)).all()


def test_powers_of_zero():
    x = np.zeros(6, np.complex128)
    y = np.array([0, 1, 2.5, -1, 1j, 2 + 1j])
    with np.errstate(all="ignore"):
        expected = x ** y
    np.testing.assert_array_equal(applied(np.power, x, y), expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_zeros_of_negative_whole_powers(dtype):
    @metate.njit
    def on_cpu(x, y):
        return x ** y

    x, y = (each.ravel().astype(dtype) for each in np.meshgrid([2, -2, 3j, complex(3, -0.0)], [-1, -2, -3]))
    expected = x ** y
    for result in applied(np.power, x, y), on_cpu(x, y):
        for part in "real", "imag":
            a, b = getattr(result, part), getattr(expected, part)
            np.testing.assert_allclose(a, b, rtol=4 * np.finfo(dtype).eps)
            assert (np.signbit(a) == np.signbit(b)).all(), (x, y, result, expected)


@pytest.mark.parametrize("function", [
    lambda z: z + z * z - z / (z - 3), lambda z: abs(z) + 0j, lambda z: np.conj(z) * z.real - z.imag, lambda z: z ** 2,
    lambda z: np.exp2(z), lambda z: np.log2(z), lambda z: np.log10(z), lambda z: np.expm1(z), lambda z: np.log1p(z),
    lambda z: np.angle(z) * 1j, lambda z: np.sign(z), lambda z: np.square(z), lambda z: np.reciprocal(z),
    lambda z: z ** 0.5, lambda z: 2 ** z, lambda z: complex(1, 2) * z,
], ids=range(16))
def test_other_arithmetic(function):
    rng = np.random.default_rng(5)
    x = complex_of(*rng.uniform(-2, 2, (2, 200)), np.complex128)
    np.testing.assert_allclose(applied(function, x), [function(z) for z in x], rtol=1e-13)


def test_as_scalar_arguments_and_in_local_memory():
    @kernel
    def spread(out, factor, weak):
        slm = metate.local.array(4, np.complex64)
        i = metate.get_local_id(0)
        slm[i] = np.exp(factor) * i
        metate.barrier(metate.LOCAL_MEM_FENCE)
        out[get_global_id(0)] = slm[3 - i] + weak

    out = np.zeros(8, np.complex64)
    spread[8, 4](out, np.complex64(1 + 1j), 2j)
    np.testing.assert_allclose(out, np.tile(np.exp(np.complex64(1 + 1j)) * np.arange(3, -1, -1) + np.complex64(2j), 2), rtol=1e-6)


def test_device_arrays():
    z = np.linspace(-2, 2, 7) + 1j
    np.testing.assert_allclose(metate.asnumpy(np.exp(metate.asarray(z)) + np.log(metate.asarray(z))), np.exp(z) + np.log(z), rtol=1e-14)
