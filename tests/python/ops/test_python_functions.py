"""test_python_functions – Python's functions of numbers give what CPython gives, and raise where it raises."""

import builtins
import cmath
import math
import operator
import random
import struct
import sys

import pytest
from rows import run

MODULES = {"builtins": builtins, "math": math, "operator": operator, "cmath": cmath}
LIMIT = 2**63
COUNT = 200

# Results that are not exact, in units in the last place.
ULPS = {"math.gamma": 20, "math.lgamma": 20, "math.erfc": 3, "math.pow": 2, "operator.pow": 2, "math.log": 4, "builtins.abs": 1}
NAMES = {"b": bool, "i": int, "f": float, "c": complex}


def overloads():
    result = {}
    for line in run("functions"):
        name, loop = line.split()
        module, _, attribute = name.partition(".")
        if hasattr(MODULES[module], attribute):
            result.setdefault(name, []).append(loop)
    return result


OVERLOADS = overloads()

SPECIAL = {
    "b": [False, True],
    "i": [0, 1, -1, 2, -2, 3, 20, 21, 63, 64, 70, 2**53 + 1, -(2**53) - 1, LIMIT - 1, -LIMIT],
    "f": [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 2.5, -2.5, 3.0, 0.1, 1e-300, 5e-324, 1e16, 2.0**53, 2.0**63, -(2.0**63), 710.0, 1e308]
    + [math.inf, -math.inf, math.nan],
    "c": [0j, 1 + 0j, 1j, -2.5 + 1j, 3 - 4j, 1e300 + 1e300j],
}


def draw(letter, random_source, small):
    if letter == "b":
        return random_source.random() < 0.5
    if letter == "i":
        return random_source.randint(-30, 70) if small else random_source.randint(-LIMIT, LIMIT - 1)
    if letter == "f":
        scale = random_source.choice([1, 2, 50, 1e6, 1e18])
        value = random_source.uniform(-scale, scale)
        return float(round(value)) if random_source.random() < 0.2 else value
    return complex(draw("f", random_source, small), draw("f", random_source, small))


def operands_of(name, letters, random_source):
    if len(letters) == 1:
        yield from ((x,) for x in SPECIAL[letters])
    elif len(letters) == 2:
        yield from ((x, y) for x in SPECIAL[letters[0]] for y in SPECIAL[letters[1]])
    for i in range(COUNT):
        yield tuple(draw(letter, random_source, i % 2 == 0) for letter in letters)


def text(value):
    if isinstance(value, bool):
        return f"?{int(value):x}"
    if isinstance(value, int):
        return f"l{value & (2**64 - 1):x}"
    if isinstance(value, float):
        return "d" + struct.pack(">d", value).hex()
    return "D" + struct.pack(">d", value.real).hex() + "," + struct.pack(">d", value.imag).hex()


def number(word):
    bits = [int(part, 16) for part in word[1:].split(",")]
    if word[0] == "?":
        return bool(bits[0])
    if word[0] == "l":
        return bits[0] - 2**64 if bits[0] >= 2**63 else bits[0]
    parts = [struct.unpack(">d", part.to_bytes(8, "big"))[0] for part in bits]
    return complex(*parts) if word[0] == "D" else parts[0]


def wrapped(value):
    """Ints of Python as int64, which is what they are in compiled code."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value + LIMIT) % 2**64 - LIMIT
    return value


def same_float(a, b, ulps):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if a == b:
        return math.copysign(1, a) == math.copysign(1, b)
    return not math.isinf(a) and not math.isinf(b) and abs(a - b) <= ulps * math.ulp(b)


def same(result, expected, ulps):
    if type(result) is not type(expected):
        return False
    if isinstance(expected, float):
        return same_float(result, expected, ulps)
    if isinstance(expected, complex):
        close = abs(result - expected) <= (4 + ulps) * sys.float_info.epsilon * abs(expected)
        return close or repr(result) == repr(expected)
    return result == expected


def decided_by_type(name, operands):
    """Where CPython's result has another type for other values, or is no int64: the table raises instead (or wraps)."""
    if name in ("operator.pow", "math.pow") and all(isinstance(x, int) for x in operands):
        return operands[1] < 0 or operands[1] > 500
    if name == "math.pow" and sys.version_info < (3, 11):
        return operands[0] == 0 and operands[1] == -math.inf  # raised ValueError
    if name == "operator.pow" and isinstance(operands[0], complex):
        return max(map(abs, operands)) > 1e3  # no digit of the angle is right
    if name == "operator.pow" and isinstance(operands[1], float) and isinstance(operands[0], float):
        return operands[0] < 0 and not operands[1].is_integer()
    if name in ("operator.lshift", "operator.rshift", "builtins.round") and len(operands) == 2:
        return abs(operands[1]) > 500  # CPython would compute a number that fills the memory
    if name in ("math.comb", "math.perm", "math.factorial"):
        return max(operands) > 60
    return False


def expected_of(name, function, operands):
    try:
        result = function(*operands)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        return f"{type(error).__name__}: {error}"
    return result if isinstance(result, tuple) else (result,)


def agree(name, operands, line, expected):
    raised = "Error: " in line
    if isinstance(expected, str) or raised:
        # Messages differ between the versions of CPython; classes do not.
        return raised and isinstance(expected, str) and line.split(":")[0] == expected.split(":")[0]
    results = [number(word) for word in line.split()]
    ulps = ULPS.get(name, 2 if name.startswith(("math.", "cmath.")) else 0)
    if isinstance(expected[0], complex) and name == "operator.pow":
        ulps = 4 * abs(operands[1]) * (1 + abs(math.log(abs(operands[0]) or 1)))  # the error of the angle
    if name == "math.lgamma" and abs(expected[0]) < 1:
        return abs(results[0] - expected[0]) < 1e-15  # CPython's own is off by more near its zeros
    return len(results) == len(expected) and all(same(r, wrapped(e), ulps) for r, e in zip(results, expected))


def beyond_int64(name, line, expected):
    """An OverflowError of ours where CPython has a longer int."""
    if line.startswith("OverflowError") and not isinstance(expected, str):
        return isinstance(expected[0], int) and wrapped(expected[0]) != expected[0]
    # These do not wrap: what is wrong in between is not the low bits of the right result.
    return name in ("math.comb", "math.perm") and wrapped(expected[0]) != expected[0] if not isinstance(expected, str) else False


def with_keywords(name, function):
    if name == "math.isclose":
        return lambda a, b, rel, tolerance: function(a, b, rel_tol=rel, abs_tol=tolerance)
    return function


@pytest.mark.parametrize("name", OVERLOADS)
def test_function(name):
    module, _, attribute = name.partition(".")
    function = with_keywords(name, getattr(MODULES[module], attribute))
    random_source = random.Random(name)
    cases = []
    for loop in OVERLOADS[name]:
        letters = loop.split("->")[0]
        if len(letters) == 3 and name == "math.nextafter":
            if sys.version_info < (3, 12):
                continue
            function = lambda *o, _f=function: _f(*o[:2], steps=o[2]) if len(o) == 3 else _f(*o)
        cases += [(o, expected_of(name, function, o)) for o in operands_of(name, letters, random_source) if not decided_by_type(name, o)]
    lines = run("call", [" ".join((name, *map(text, operands))) for operands, _ in cases])
    bad = [
        f"{name}{operands} -> {line if 'Error' in line else [number(w) for w in line.split()]}, expected {expected}"
        for (operands, expected), line in zip(cases, lines)
        if not agree(name, operands, line, expected) and not beyond_int64(name, line, expected)
    ]
    assert not bad, f"{len(bad)} of {len(cases)} differ\n" + "\n".join(bad[:12])


@pytest.mark.skipif(sys.version_info[:2] != (3, 13), reason="the messages are those of CPython 3.13")
@pytest.mark.parametrize("name", OVERLOADS)
def test_messages(name):
    module, _, attribute = name.partition(".")
    function = with_keywords(name, getattr(MODULES[module], attribute))
    cases = []
    for loop in OVERLOADS[name]:
        letters = loop.split("->")[0]
        for operands in operands_of(name, letters, random.Random(name)):
            if len(operands) < 3 and not decided_by_type(name, operands):
                expected = expected_of(name, function, operands)
                if isinstance(expected, str):
                    cases.append((operands, expected))
    lines = run("call", [" ".join((name, *map(text, operands))) for operands, _ in cases])
    bad = [f"{name}{o}: {line}, expected {e}" for (o, e), line in zip(cases, lines) if line != e]
    assert not bad, "\n".join(bad[:12])
