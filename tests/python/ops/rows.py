"""rows – runs metate-ops, and draws operands for its rows."""

import itertools
import os
import subprocess
from dataclasses import dataclass

import metate
import numpy as np
import pytest

BITS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


def tool():
    build = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(metate.__file__)))))
    path = os.path.join(build, "compiler", "tools", "metate-ops")
    if not os.path.exists(path):
        pytest.skip("metate-ops is built with the tests, not installed")
    return path


def run(command, lines=()):
    # A sanitizer that Python needs in front of all is in the tool already.
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    done = subprocess.run([tool(), command], input="\n".join(lines), capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@dataclass
class Row:
    name: str
    loops: list  # of (operand characters, result character)
    ulp64: float
    ulp32: float
    domains: list  # of (low, high), one an operand


def all_rows():
    rows = []
    for line in run("list"):
        name, loops, ulp64, ulp32, *limits = line.split()
        limits = [float(x) for x in limits]
        rows.append(
            Row(
                name,
                [tuple(loop.split("->")) for loop in loops.split(",")],
                float(ulp64),
                float(ulp32),
                list(zip(limits[::2], limits[1::2])),
            )
        )
    return rows


def bits_of(values):
    """Text of each value of a real array."""
    return [format(int(b), "x") for b in values.view(BITS[values.dtype.itemsize])]


def texts(values):
    char = values.dtype.char
    if values.dtype.kind != "c":
        return [char + b for b in bits_of(values)]
    return [char + r + "," + i for r, i in zip(bits_of(values.real.copy()), bits_of(values.imag.copy()))]


def from_texts(lines):
    dtype = np.dtype(lines[0][0])
    words = [line[1:].split(",") for line in lines]
    part = np.dtype(dtype.char.lower()) if dtype.kind == "c" else dtype
    unsigned = BITS[part.itemsize]
    real = np.array([int(w[0], 16) for w in words], unsigned).view(part)
    if dtype.kind != "c":
        return real
    result = np.empty(len(words), dtype)
    result.real = real
    result.imag = np.array([int(w[1], 16) for w in words], unsigned).view(part)
    return result


def evaluate(name, operands):
    columns = [texts(operand) for operand in operands]
    return from_texts(run("evaluate", [" ".join((name, *words)) for words in zip(*columns)]))


def special_values(dtype, complex_specials=True):
    if dtype.kind == "b":
        return np.array([False, True])
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        values = {0, 1, 2, 3, 7, limits.max, limits.max - 1, limits.min, limits.min + 1, max(limits.min, -1), max(limits.min, -5)}
        return np.array(sorted(values), dtype)
    if dtype.kind == "f":
        limits = np.finfo(dtype)
        positive = [0.0, 1.0, 0.5, 2.0, 3.5, limits.max, limits.smallest_normal, limits.smallest_subnormal, np.inf]
        return np.array(positive + [-x for x in positive] + [np.nan], dtype)
    parts = [0.0, -0.0, 1.0, -2.5] + ([np.inf, -np.inf, np.nan] if complex_specials else [])
    values = np.empty(len(parts) ** 2, dtype)
    for i, (real, imaginary) in enumerate(itertools.product(parts, repeat=2)):
        values.real[i], values.imag[i] = real, imaginary
    return values


def random_values(rng, dtype, low, high, count):
    if dtype.kind == "b":
        return rng.random(count) < 0.5
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        low = limits.min if low == -np.inf else max(limits.min, int(low))
        high = limits.max if high == np.inf else min(limits.max, int(high))
        wide = rng.integers(low, high, count, dtype, endpoint=True)
        small = rng.integers(max(low, -20 if low < 0 else 0), min(high, 20), count, dtype, endpoint=True)
        return np.where(rng.random(count) < 0.6, wide, small)
    if dtype.kind == "c":
        part = np.dtype(dtype.char.lower())
        values = np.empty(count, dtype)
        values.real = random_values(rng, part, max(low, -8), min(high, 8), count)
        values.imag = random_values(rng, part, max(low, -8), min(high, 8), count)
        return values
    limits = np.finfo(dtype)
    low, high = max(low, -float(limits.max)), min(high, float(limits.max))
    uniform = rng.uniform(max(low, -1000), min(high, 1000), count)
    exponent = np.exp2(rng.uniform(limits.minexp, np.log2(max(-low, high, 1e-4)), count))
    spread = np.clip(exponent * np.where(rng.random(count) < 0.5, -1, 1), low, high)
    whole = np.clip(np.rint(uniform), low, high)
    kind = rng.random(count)
    return np.where(kind < 0.5, uniform, np.where(kind < 0.8, spread, whole)).astype(dtype)


def draw(rng, row, characters, count, complex_specials=True):
    """Operands of one loop: all pairs of special values, then random ones."""
    dtypes = [np.dtype(c) for c in characters]
    specials = [special_values(dtype, complex_specials) for dtype in dtypes]
    if len(dtypes) > 2:
        specials = [values[rng.permutation(len(values))[:6]] for values in specials]
    grid = [axis.ravel() for axis in np.meshgrid(*specials, indexing="ij")]
    domains = row.domains + [row.domains[-1]] * 2
    return [
        np.concatenate([grid[i], random_values(rng, dtype, *domains[i], count)]).astype(dtype)
        for i, dtype in enumerate(dtypes)
    ]
