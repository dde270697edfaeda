"""What the decorators' options mean, and which of them only say how a function is called."""

import os
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


# Options that change no code: what each accepts.
_CHECKED = {
    "nogil": _flag, "cache": _flag, "debug": _flag, "forceinline": _flag, "nopython": _nopython,
    "forceobj": _refuse("there is no object mode"), "looplift": _refuse("there is no object mode"), "locals": _locals,
    "target": _target,
}
_OF_CODE = ("parallel", "debug", "fastmath", "boundscheck", "error_model", "inline")
KNOWN = tuple(sorted({*_CHECKED, *_OF_CODE}))


def _parallel(value):
    if not isinstance(value, dict):
        return value
    value = {part: on for part, on in value.items() if part != "offload"}  # numba_dppy's: arguments and contexts decide
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


def _chosen(options, known, checks, of_code):
    """Of `options` those that change the code, after all have been looked at."""
    for name, value in options.items():
        if name not in known:
            raise TypeError(f"MT6001: unknown option '{name}' (known: {', '.join(known)})")
        if name in checks:
            checks[name](name, value)
    return {name: options[name] for name in of_code if options.get(name) is not None}


def _is_cached(options):
    return options.get("cache") is not False


def split(options):
    """The options that the compiler takes; whether calls give the interpreter lock away; whether code is kept on disk.

    Raises TypeError for options that are unknown or cannot have that value.
    """
    code = _chosen(options, KNOWN, _CHECKED, _OF_CODE)
    if "parallel" in code:
        code["parallel"] = _parallel(code["parallel"])
    if options.get("locals"):
        code["locals"] = {local: _conversion(given) for local, given in options["locals"].items()}
    if options.get("forceinline"):
        code["inline"] = "always"
    if "debug" not in code and os.environ.get("METATE_DEBUGINFO", "0") not in ("", "0"):
        code["debug"] = True
    return code, bool(options.get("nogil")), _is_cached(options)


# Of kernels. `debug`, `enable_cache` and `inline_threshold` are numba-dpex's; they change nothing: errors name the lines they
# come from always, every kernel keeps its specialisations, and everything that a kernel calls is put in the place of the call.
def _threshold(name, value):
    if value is not None and not isinstance(value, int):
        raise TypeError(f"MT6003: option '{name}' takes an int, not {value!r}")


def _cache_size(name, value):
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise TypeError(f"MT6003: option '{name}' takes an int of at least 1, not {value!r}")


def _sub_group_size(name, value):
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 2**32):
        raise TypeError(f"MT6003: option '{name}' takes an int of at least 1, not {value!r}")


_CHECKED_OF_KERNELS = {
    "cache": _flag, "cache_size": _cache_size, "check": _flag, "debug": _flag, "enable_cache": _flag,
    "inline_threshold": _threshold, "sub_group_size": _sub_group_size,
}
_OF_KERNEL_CODE = ("boundscheck", "error_model", "fastmath")
_KNOWN_OF_KERNELS = tuple(sorted((*_CHECKED_OF_KERNELS, *_OF_KERNEL_CODE, "access_types")))
_ACCESSES = {"read_only": 1, "write_only": 2, "read_write": 3}  # AccessType of python/ext/kernel.cpp


def split_kernel(function, options):
    """Of a kernel's options those that the compiler takes, what is said of each parameter, the `cache_size`, whether code
    is kept on disk, and the size of sub-groups that it asks for, or 0.

    Raises TypeError for options that are unknown or cannot have that value.
    """
    code = _chosen(options, _KNOWN_OF_KERNELS, _CHECKED_OF_KERNELS, _OF_KERNEL_CODE)
    return code, _accesses(function, options.get("access_types")), options.get("cache_size", 128), _is_cached(options), \
        options.get("sub_group_size") or 0


def _accesses(function, access_types):
    """A number for each parameter, or none at all where nothing is said."""
    if not access_types:
        return []
    parameters = function.__code__.co_varnames[:function.__code__.co_argcount]
    accesses = dict.fromkeys(parameters, 0)
    for access, names in access_types.items():
        if access not in _ACCESSES:
            raise TypeError(f"MT6003: option 'access_types' has no key {access!r} (known: {', '.join(_ACCESSES)})")
        for name in (names,) if isinstance(names, str) else names:
            if name not in accesses:
                raise TypeError(f"MT6003: option 'access_types' names {name!r}, which is no parameter of "
                                f"{function.__name__}({', '.join(parameters)})")
            if accesses[name]:
                raise TypeError(f"MT6003: option 'access_types' names {name!r} twice")
            accesses[name] = _ACCESSES[access]
    return list(accesses.values())


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
