"""test_python_functions_compiled – Python's functions of numbers, called from compiled code, do what test_python_functions
has shown of their tables: on the CPU for Python numbers, exceptions too, and on the device for what raises none.
"""

import linecache
import math
import random
import sys

import metate
import numpy as np
import pytest
from metate import njit
from test_python_functions import MODULES, OVERLOADS, agree, beyond_int64, decided_by_type, expected_of, operands_of, text, with_keywords

# math.nextafter has steps= since CPython 3.12.
CASES = [
    (name, loop)
    for name, loops in OVERLOADS.items()
    for loop in loops
    if (name, loop) != ("math.nextafter", "ffi->f") or sys.version_info >= (3, 12)
]
DTYPES = {"b": np.bool_, "i": np.int64, "f": np.float64}
# Called by syntax, or not by this name.
OPERATORS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "lshift": "<<",
             "rshift": ">>", "and_": "&", "or_": "|", "xor": "^", "lt": "<", "le": "<=", "eq": "==", "ne": "!=", "gt": ">",
             "ge": ">="}  # fmt: skip
PREFIXES = {"neg": "-", "pos": "+", "invert": "~", "not_": "not "}


def call_text(name, operands):
    module, _, attribute = name.partition(".")
    if module == "operator" and attribute in OPERATORS:
        return f"({operands[0]} {OPERATORS[attribute]} {operands[1]})"
    if module == "operator" and attribute in PREFIXES:
        return f"({PREFIXES[attribute]}{operands[0]})"
    if name == "operator.truth":
        return f"bool({operands[0]})"
    if name == "math.nextafter" and len(operands) == 3:
        return "math.nextafter({}, {}, steps={})".format(*operands)
    if name == "math.isclose":
        return "math.isclose({}, {}, rel_tol={}, abs_tol={})".format(*operands)
    if module == "builtins":
        return f"{attribute}({', '.join(operands)})"
    return f"{name}({', '.join(operands)})"


def define(source, name):
    filename = f"<{name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    namespace = dict(MODULES, np=np, metate=metate)
    exec(compile(source, filename, "exec"), namespace)
    return namespace["f"]


def cases_of(name, loop):
    module, _, attribute = name.partition(".")
    function = with_keywords(name, getattr(MODULES[module], attribute))
    letters = loop.split("->")[0]
    if (name, len(letters)) == ("math.nextafter", 3):
        function = lambda x, y, steps: math.nextafter(x, y, steps=steps)  # noqa: E731
    operands = [o for o in operands_of(name, letters, random.Random(name)) if not decided_by_type(name, o)]
    step = max(1, len(operands) // 120)
    return [(o, expected_of(name, function, o)) for o in operands[::step]]


def line_of(function, operands):
    try:
        result = function(*operands)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        return f"{type(error).__name__}: {error}"
    return " ".join(text(value) for value in (result if isinstance(result, tuple) else (result,)))


@pytest.mark.parametrize("name, loop", CASES, ids=[f"{name}-{loop}" for name, loop in CASES])
def test_cpu(name, loop):
    cases = cases_of(name, loop)
    parameters = list("abcd")[: len(loop.split("->")[0])]
    function = njit(define(f"def f({', '.join(parameters)}):\n    return {call_text(name, parameters)}\n", name))
    bad = []
    for operands, expected in cases:
        line = line_of(function, operands)
        if not agree(name, operands, line, expected) and not beyond_int64(name, line, expected):
            bad.append(f"{name}{operands} -> {line}, expected {expected}")
    assert not bad, f"{len(bad)} of {len(cases)} differ\n" + "\n".join(bad[:12])


def on_device(name, loop):
    letters, results = loop.split("->")
    return set(letters + results) <= set("bif") and len(results) == 1


@pytest.mark.parametrize("name, loop", [c for c in CASES if on_device(*c)], ids=[f"{n}-{k}" for n, k in CASES if on_device(n, k)])
def test_device(name, loop):
    """Python numbers, so that division by zero means what it means in Python: bool(), int() or float() of each element."""
    letters, results = loop.split("->")
    cases = [(o, e) for o, e in cases_of(name, loop) if not isinstance(e, str)]
    cases = [(o, e) for o, e in cases if not isinstance(e[0], int) or -(2**63) <= e[0] < 2**63]
    arrays = [np.array([o[k] for o, _ in cases], DTYPES[letter]) for k, letter in enumerate(letters)]
    conversions = {"b": "bool", "i": "int", "f": "float"}
    values = [f"{conversions[letter]}({'abcd'[k]}[i])" for k, letter in enumerate(letters)]
    source = f"def f({', '.join('abcd'[: len(letters)])}, out):\n    i = metate.get_global_id(0)\n    out[i] = {call_text(name, values)}\n"
    out = np.zeros(len(cases), DTYPES[results])
    metate.kernel(define(source, name))[len(cases)](*arrays, out)
    bad = [
        f"{name}{operands} -> {value!r}, expected {expected}"
        for (operands, expected), value in zip(cases, out)
        if not agree(name, operands, text(value.item()), expected)
    ]
    assert not bad, f"{len(bad)} of {len(cases)} differ\n" + "\n".join(bad[:12])
