"""test_rows_against_numpy – every row of the tables × every dtype computes what NumPy computes.

Rows with one right answer must have NumPy's bits. The others are measured in units in the last place from the exact
result, for which NumPy's long double stands; float16 loops round once more.
"""

import itertools
import warnings

import numpy as np
import pytest
from rows import all_rows, draw, evaluate, from_texts, random_values, run, special_values, texts

COUNT = 300

NUMPY = {
    "select": lambda c, x, y: np.where(c, x, y),
    "truth": lambda x: x != 0,
    "complex": lambda x, y: np.array([complex(a, b) for a, b in zip(x, y)], {"f": "F", "d": "D"}[x.dtype.char]),
    "modf_fractional": lambda x: np.modf(x)[0],
    "modf_integral": lambda x: np.modf(x)[1],
    "frexp_mantissa": lambda x: np.frexp(x)[0],
    "frexp_exponent": lambda x: np.frexp(x)[1],
    "clip": lambda x, low, high: np.clip(x, low, high),
    "first_minimum": lambda x, y: np.where(y < x, y, x),
    "first_maximum": lambda x, y: np.where(y > x, y, x),
}

def rounded(x, digits):
    return np.concatenate([np.round(x[i : i + 1], int(d)) for i, d in enumerate(digits)])


NUMPY["round"] = rounded

# Zeros of different signs are equal: NumPy's result is either of them, it differs between its own loops.
EITHER_ZERO = {"maximum", "minimum", "fmax", "fmin", "clip"}
# NumPy fuses multiplications and additions of complex numbers where the machine can.
ROUNDED_COMPLEX = {"multiply", "divide", "square", "reciprocal", "absolute", "sign", "sinc", "angle"}
# Sums that cancel are as exact as their terms, sines of multiples of pi as those.
RELATIVE_TO_OPERANDS = {"logaddexp", "logaddexp2", "sinc"}

# What newer versions of NumPy do otherwise than the installed one; the rows follow the newer.
OLDER = np.lib.NumpyVersion(np.__version__)
if OLDER < "2.5.0":
    EITHER_ZERO.add("nextafter")  # of halves the first of two zeros was given
if OLDER < "2.4.0":
    NUMPY["sinc"] = lambda x: np.where(x == 0, x.dtype.type(1), np.sinc(x))  # of half 0.0 nan
    ROUNDED_COMPLEX.add("arccosh")  # of nan

ROWS = {row.name: row for row in all_rows()}
COMPARED = [name for name in ROWS if name in NUMPY or hasattr(np, name)]


def same_numbers(result, expected, either_zero=False):
    """Element by element: equal bits, or both nan."""
    if result.dtype.kind == "c":
        return same_numbers(result.real, expected.real, either_zero) & same_numbers(result.imag, expected.imag, either_zero)
    if result.dtype.kind != "f":
        return result == expected
    same_zero = either_zero | (np.signbit(result) == np.signbit(expected))
    return ((result == expected) & same_zero) | (np.isnan(result) & np.isnan(expected))


def ulps(result, exact, least=0):
    """Distance from the exact (long double) results in units in the last place of `result`'s dtype, of numbers not
    smaller than `least`."""
    limits = np.finfo(result.dtype)
    size = np.maximum(np.maximum(np.abs(exact), least), np.longdouble(limits.smallest_normal))
    unit = np.exp2(np.floor(np.log2(size))) * np.longdouble(limits.eps)
    distance = np.abs(result.astype(np.longdouble) - exact) / unit
    # Beyond the largest number infinity is right.
    too_large = np.abs(exact) >= np.longdouble(limits.max) * (1 + np.longdouble(limits.eps) / 4)
    distance = np.where(np.isinf(result) & too_large & (np.sign(result) == np.sign(exact)), 0, distance)
    both_nan = np.isnan(result) & np.isnan(exact)
    same_infinity = np.isinf(result) & (result == exact)
    return np.where(both_nan | same_infinity, 0, distance)


def complex_close(result, expected, tolerance):
    part = np.finfo(result.dtype)
    exact = same_numbers(result, expected)
    with np.errstate(all="ignore"):
        near = np.abs(result - expected) <= tolerance * part.eps * np.abs(expected)
    return exact | near


def report(name, operands, result, expected, bad):
    lines = [f"{name}: {np.count_nonzero(bad)} of {bad.size} differ"]
    for i in np.flatnonzero(bad)[:8]:
        lines.append(f"  {', '.join(repr(o[i]) for o in operands)} -> {result[i]!r}, expected {expected[i]!r}")
    return "\n".join(lines)


def operands_of(row, characters, rng):
    operands = draw(rng, row, characters, COUNT, complex_specials=row.name not in ROUNDED_COMPLEX)
    if row.name == "power" and operands[1].dtype.kind == "i":
        operands[1] = np.abs(operands[1] // 2)
    if row.name == "round":
        operands[1] = operands[1] % 9 - 4
    return operands


def check(row, characters, operands, result):
    function = NUMPY.get(row.name) or getattr(np, row.name)
    is_complex = any(c in "FD" for c in characters)
    with np.errstate(all="ignore"):
        if is_complex and (row.ulp64 or row.name in ROUNDED_COMPLEX):
            expected = function(*operands)
            bad = ~complex_close(result, expected, 16) if result.dtype.kind == "c" else ~(np.abs(result - expected) <= 4 * np.spacing(np.abs(expected)))
        elif row.ulp64 and result.dtype.kind == "f":
            wide = [o.astype(np.longdouble) if o.dtype.kind == "f" else o for o in operands]
            expected = function(*wide)
            bound = row.ulp64 if result.dtype.char == "d" else row.ulp32
            least = np.maximum(np.abs(wide[0]), np.abs(wide[-1])) if row.name in RELATIVE_TO_OPERANDS else 0
            if row.name == "sinc":  # of x * pi rounded, as NumPy has it
                expected, least = function(*operands).astype(np.longdouble), 1
            bad = ~(ulps(result, expected, least) <= bound + (0.5 if result.dtype.char == "e" else 0))
        else:
            expected = function(*operands)
            bad = ~same_numbers(result, expected, row.name in EITHER_ZERO)
    assert result.dtype == expected.dtype or expected.dtype == np.longdouble, (row.name, characters)
    assert not bad.any(), report(f"{row.name} {characters}", operands, result, expected, bad)


def test_casts():
    rng = np.random.default_rng(0)
    for source, target in itertools.product("?bBhHiIlLefdFD", repeat=2):
        dtype = np.dtype(source)
        # Beyond the target's range C says nothing; below 2^31 NumPy wraps on all machines that it runs on here.
        limit = 2.0**31 if np.dtype(target).kind in "iu" and dtype.kind in "fc" else np.inf
        if dtype.kind in "fc" and target == "L":
            values = random_values(rng, dtype, 0, limit, COUNT)
        else:
            values = random_values(rng, dtype, -limit, limit, COUNT)
            values = np.concatenate([values, special_values(dtype)]) if limit == np.inf else values
        result = from_texts(run("cast", [f"{target} {text}" for text in texts(values)]))
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = values.astype(target)
        assert result.dtype == expected.dtype
        bad = ~same_numbers(result, expected)
        assert not bad.any(), report(f"cast {source} to {target}", [values], result, expected, bad)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", COMPARED)
def test_row(name):
    rng = np.random.default_rng(len(name))
    for characters, _ in ROWS[name].loops:
        operands = operands_of(ROWS[name], characters, rng)
        check(ROWS[name], characters, operands, evaluate(name, operands))
