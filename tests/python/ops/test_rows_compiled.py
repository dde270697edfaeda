"""test_rows_compiled – every row × every dtype on the CPU has the bits of folding and of the interpreter, which
test_rows_against_numpy compares with NumPy; on the device it is compared with NumPy itself.
"""

import linecache

import metate
import numpy as np
import pytest
from rows import evaluate
from test_rows_against_numpy import ROWS, check, operands_of, report, same_numbers

# How Python code says a row that is no function of NumPy of the same name.
TEXTS = {
    "select": "np.where({}, {}, {})",
    "modf_fractional": "np.modf({})[0]",
    "modf_integral": "np.modf({})[1]",
    "frexp_mantissa": "np.frexp({})[0]",
    "frexp_exponent": "np.frexp({})[1]",
    "round": "np.round({0}, 2)",
}
NAMES = [name for name in ROWS if name in TEXTS or hasattr(np, name)]


def text_of(name, operands):
    form = TEXTS.get(name) or f"np.{name}(" + ", ".join("{}" for _ in operands) + ")"
    return form.format(*operands)


def compiled(source, name):
    filename = f"<{name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    namespace = {"np": np, "metate": metate}
    exec(compile(source, filename, "exec"), namespace)
    return namespace["f"]


def loops_with_operands(row):
    """All loops of a row as (operand characters, result character, operands)."""
    rng = np.random.default_rng(len(row.name))
    loops = []
    for characters, result in row.loops:
        operands = operands_of(row, characters, rng)
        if row.name == "round":
            operands[1][:] = 2
        loops.append((characters, result, operands))
    return loops


def names_of(loops):
    return [[f"{'abc'[k]}{i}" for k in range(len(operands))] for i, (_, _, operands) in enumerate(loops)]


def run_cpu(row, loops):
    """All loops in one function, so that there is one to compile: array expressions."""
    names = names_of(loops)
    results = ", ".join(text_of(row.name, operands) for operands in names)
    source = f"def f({', '.join(sum(names, []))}):\n    return ({results},)\n"
    return metate.njit(compiled(source, row.name))(*(x for _, _, operands in loops for x in operands))


def run_device(row, loops):
    """All loops in one kernel: element by element."""
    names = names_of(loops)
    lines = [f"def f({', '.join(sum(names, []))}, {', '.join(f'out{i}' for i in range(len(loops)))}):", "    i = metate.get_global_id(0)"]
    for k, operands in enumerate(names):
        lines += [f"    if i < len(out{k}):", f"        out{k}[i] = {text_of(row.name, [x + '[i]' for x in operands])}"]
    results = [np.empty(len(operands[0]), result) for _, result, operands in loops]
    items = max(map(len, results))
    metate.kernel(compiled("\n".join(lines) + "\n", row.name))[items](*(x for _, _, operands in loops for x in operands), *results)
    return results


def is_compared_here(row, characters):
    """On devices functions of complex numbers are made of others: tests/python/kernels/test_complex_functions.py."""
    return not (set(characters) & set("FD") and (row.ulp64 > 0 or row.name == "sqrt"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", NAMES)
def test_cpu(name):
    row = ROWS[name]
    loops = loops_with_operands(row)
    for (characters, result_character, operands), result in zip(loops, run_cpu(row, loops)):
        expected = evaluate(name, operands)
        assert result.dtype == np.dtype(result_character)
        bad = ~same_numbers(result, expected)
        assert not bad.any(), report(f"{name} {characters} on the CPU", operands, result, expected, bad)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", NAMES)
def test_device(name):
    row = ROWS[name]
    loops = [loop for loop in loops_with_operands(row) if is_compared_here(row, loop[0])]
    for (characters, _, operands), result in zip(loops, run_device(row, loops)):
        check(row, characters, operands, result)
