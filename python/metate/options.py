"""What the decorators' options mean, and which of them only say how a function is called."""

import types as _types

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


def _inline(name, value):
    if value not in ("never", "always"):
        raise TypeError(f"MT6003: option 'inline' is \"never\" or \"always\", not {value!r}; LLVM decides by cost on its own")


def _locals(name, value):
    if value:
        raise TypeError("MT6003: option 'locals' is not supported: write the type where the value is made, "
                        "such as x = np.float32(0)")


def _target(name, value):
    if value not in ("cpu", None):
        raise TypeError(f"MT6003: option 'target' is \"cpu\", not {value!r}; kernels for devices are made by metate.kernel")


# Options that change no code: what each accepts. `cache` is kept for programs that ask for it (nothing is stored on
# disk yet); `debug` too (errors name their lines always, and indices are checked unless boundscheck=False).
_CHECKED = {
    "nogil": _flag, "cache": _flag, "debug": _flag, "forceinline": _flag, "inline": _inline, "nopython": _nopython,
    "forceobj": _refuse("there is no object mode"), "looplift": _refuse("there is no object mode"), "locals": _locals,
    "target": _target,
}
_OF_CODE = ("parallel", "fastmath", "boundscheck", "error_model")
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
    return code, bool(options.get("nogil"))


def check_function(function, decorator):
    """Raises TypeError unless it is a Python function."""
    if hasattr(function, "py_func"):
        raise TypeError(f"{decorator} was given {function!r}, which is compiled already; use its py_func")
    if not isinstance(function, _types.FunctionType):
        raise TypeError(f"{decorator} compiles Python functions, not {function!r}")
