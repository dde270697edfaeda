"""gen_ufunc_types – asks the installed NumPy which loop each ufunc takes for every combination of operands.

Its output is tests/unit/data/ufunc_types.txt: one line per ufunc and operands but the last, then for every last operand
the loop in NumPy's type characters: `add b : ?=bbb L=ddd int=bbb`. `int`, `float` and `complex` are Python's (weak)
numbers. Where NumPy raises TypeError nothing follows the `=`.

    python compiler/tools/gen_ufunc_types.py > tests/unit/data/ufunc_types.txt
"""

import itertools

import numpy as np

DTYPES = "?bBhHiIlLefdFD"
WEAK = {"int": int, "float": float, "complex": complex}


def ufuncs():
    found = {}
    for name in dir(np):
        ufunc = getattr(np, name)
        if isinstance(ufunc, np.ufunc) and ufunc.signature is None and ufunc.__name__ != "isnat":
            found[ufunc.__name__] = ufunc
    found["clip"] = np._core.umath.clip
    return sorted(found.items())


def resolve(ufunc, operands):
    given = tuple(WEAK.get(o) or np.dtype(o) for o in operands)
    try:
        return "".join(dtype.char for dtype in ufunc.resolve_dtypes(given + (None,) * ufunc.nout))
    except TypeError:
        return ""


def main():
    print(f"# NumPy {np.__version__}, by compiler/tools/gen_ufunc_types.py")
    for name, ufunc in ufuncs():
        choices = list(DTYPES) + list(WEAK) if ufunc.nin < 3 else list("?bLfD") + list(WEAK)
        for first in itertools.product(choices, repeat=ufunc.nin - 1):
            loops = (f"{last}={resolve(ufunc, (*first, last))}" for last in choices)
            print(name, *first, ":", *loops)


main()
