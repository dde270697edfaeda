"""reference_tables – writes the page of what NumPy's functions compiled code has, out of the compiler's tables (./dev docs)."""

import re
import sys
from pathlib import Path

import numpy

OPS = Path(__file__).parents[1] / "compiler" / "ops"
_TEXT = r'"((?:[^"\\]|\\.)*)"'


def rows(file, macro, *fields):
    """The fields of each row of a table that are asked for: texts by their number among the texts."""
    for line in (OPS / file).read_text(encoding="utf-8").splitlines():
        if line.startswith(macro + "("):
            texts = re.findall(_TEXT, line)
            yield tuple(texts[field] for field in fields)


def names(*found):
    return ", ".join(f"`{name}`" for name in sorted(set(found)))


def elementwise():
    found = [name for macro in ("UFUNC", "UFUNC_ALIAS", "UFUNC_PAIR") for (name,) in rows("ufuncs.def", macro, 0)]
    found += [name for (name,) in rows("ufuncs.def", "NUMPY_OP", 1)]
    return [f"np.{name}" for name in found]


def reductions():
    return [f"np.{name}" for macro in ("REDUCTION", "REDUCTION_ALIAS") for (name,) in rows("reductions.def", macro, 0)]


def functions():
    """Those that NumPy has under this name; the others are methods."""
    return [f"np.{name}({signature})" for name, signature in rows("array_functions.def", "ARRAY_FUNCTION", 0, 1)
            if hasattr(numpy, name)]


def of_python():
    return [name.removeprefix("builtins.") for (name,) in rows("python_functions.def", "PYTHON", 0)
            if not name.startswith("operator.")]


def members():
    methods = [f"{name}()" for (name,) in rows("array_functions.def", "ARRAY_METHOD", 0)]
    return methods + [name for (name,) in rows("array_functions.def", "ARRAY_ATTRIBUTE", 0)]


def page():
    return f"""# What of NumPy compiled code has

This page is made of the compiler's tables. What is not here is refused with its line; [a loop](../tutorial.md) says most of it.

## Functions of elements

They work on numbers and on arrays, broadcast as in NumPy, take `out=`, and fuse into one loop. So do Python's operators.

{names(*elementwise())}

## Reductions

As functions with `axis` and `keepdims`, and the plain ones as methods of arrays too.

{names(*reductions())}

## Functions of arrays

{chr(10).join(f"- `{each}`" for each in functions())}

## Functions of Python's numbers

Of `math`, `cmath` and the built-in ones, with Python's errors. Besides them there are `len`, `range`, `enumerate`, `zip` and `print`.

{names(*of_python())}

## Methods and attributes of arrays

Besides the reductions:

{names(*members())}
"""


Path(sys.argv[1]).write_text(page(), encoding="utf-8")
