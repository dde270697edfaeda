"""What the decorators' options mean, and which of them only say how a function is called."""

import types as _types

from . import types

_PARALLEL_PARTS = ("comprehension", "reduction", "inplace_binop", "setitem", "numpy", "stencil", "fusion", "prange")


def _flag(name, value):
    if value is None or isinstance(value, bool):
        return bool(value)
    raise TypeError(f"MT6003: option '{name}' takes a bool, not {value!r}")


def _refuse(reason):
    def check(name, value):
        if _flag(name, value):
            raise TypeError(f"MT6003: option '{name}' cannot be True: {reason}")

    return check


def _nopython(name, value):
    if not _flag(name, value):
        raise TypeError("MT6003: option 'nopython' cannot be False: there is no object mode; what cannot be compiled is an error")


def _locals(name, value):
    for local, given in (value or {}).items():
        if not isinstance(given, types.Number):
            raise TypeError(f"MT6003: option 'locals' gives local variables the types of numbers, such as float32, "
                            f"not {local!r} the type {given!r}")


def _target(name, value):
    if value not in ("cpu", None):
        raise TypeError(f"MT6003: option 'target' is \"cpu\", not {value!r}; kernels for devices are made by metate.kernel")


# Options that change no code: what each accepts. `cache` is kept for programs that ask for it: nothing is stored on
# disk yet. So is `debug`: errors name the lines they come from always, and indices are checked unless boundscheck=False.
_CHECKED = {
    "nogil": _flag, "cache": _flag, "debug": _flag, "forceinline": _flag, "nopython": _nopython,
    "forceobj": _refuse("there is no object mode"), "looplift": _refuse("there is no object mode"), "locals": _locals,
    "target": _target,
}
_OF_CODE = ("parallel", "fastmath", "boundscheck", "error_model", "inline")
KNOWN = tuple(sorted((*_CHECKED, *_OF_CODE)))


def _parallel(value):
    if not isinstance(value, dict):
        return value
    for part, on in value.items():
        if part not in _PARALLEL_PARTS:
            raise TypeError(f"MT6003: option 'parallel' has no part {part!r} (known: {', '.join(_PARALLEL_PARTS)})")
        if not on:
            raise TypeError(f"MT6003: option 'parallel' cannot turn off its part {part!r} alone; it is True or False for all")
    return True


_PYTHON_NUMBERS = {types.int64: int, types.float64: float, types.complex128: complex, types.boolean: bool}


def _conversion(number):
    """What makes a number of that type out of another."""
    return _PYTHON_NUMBERS.get(number, number.dtype.type)


def split(options):
    """The options that the compiler takes, and whether calls give the interpreter lock away.

    Raises TypeError for options that are unknown or cannot have that value.
    """
    for name in options:
        if name not in KNOWN:
            raise TypeError(f"MT6001: unknown option '{name}' (known: {', '.join(KNOWN)})")
    for name, check in _CHECKED.items():
        if name in options:
            check(name, options[name])
    code = {name: options[name] for name in _OF_CODE if options.get(name) is not None}
    if "parallel" in code:
        code["parallel"] = _parallel(code["parallel"])
    if options.get("locals"):
        code["locals"] = {local: _conversion(given) for local, given in options["locals"].items()}
    if options.get("forceinline"):
        code["inline"] = "always"
    return code, bool(options.get("nogil"))


def check_function(function, decorator, options):
    """Raises TypeError unless it is a Python function, with the local variables that options name."""
    if hasattr(function, "py_func"):
        raise TypeError(f"{decorator} was given {function!r}, which is compiled already; use its py_func")
    if not isinstance(function, _types.FunctionType):
        raise TypeError(f"{decorator} compiles Python functions, not {function!r}")
    code = function.__code__
    for local in options.get("locals") or ():
        if local not in code.co_varnames + code.co_cellvars:
            raise TypeError(f"MT6003: option 'locals' names {local!r}, which is no local variable of {function.__name__}()")
