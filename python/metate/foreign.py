"""C functions and C types as ctypes has them."""

import ctypes

import numpy as np

from . import types

_TAKES_GIL = 0x4  # FUNCFLAG_PYTHONAPI of _ctypes


def describe(function):
    """What compiled code needs of a C function: its address, name, and types (result first), each as None (nothing),
    "f64" (a number), "*f64" (a pointer to them) or "*" (any pointer)."""
    if hasattr(function, "__wrapper_address__"):
        return _describe_by_address(function)
    name = getattr(function, "__name__", None) or type(function).__name__
    if function._flags_ & _TAKES_GIL:
        raise TypeError(f"{name}() is part of Python's C API, which compiled code cannot call")
    if function.argtypes is None:
        raise TypeError(f"compiled code can call {name}() when its argtypes (and restype) are set")
    address = ctypes.cast(function, ctypes.c_void_p).value
    return address, name, (_code(function.restype, name), *(_code(one, name) for one in function.argtypes))


def _describe_by_address(function):
    """The same for an object that follows `types.WrapperAddressProtocol`."""
    signature = types.parse_signature(function.signature())
    name = getattr(function, "__name__", None) or type(function).__name__
    if signature.return_type is None:
        raise TypeError(f"the signature of {name}() has no result type")
    return function.__wrapper_address__(), name, tuple(_declared(one) for one in (signature.return_type, *signature.args))


def _declared(given):
    if given == types.void:
        return None
    if isinstance(given, types.CPointer):
        return "*" if given.dtype == types.void else "*" + given.dtype.element
    if isinstance(given, types.Number):
        return given.element
    raise TypeError(f"C functions take and return numbers and pointers, not {given}")


def _code(c_type, name):
    if c_type is None:
        return None
    if c_type in (ctypes.c_void_p, ctypes.c_char_p):
        return "*"
    pointee = getattr(c_type, "_type_", None)
    if isinstance(c_type, type) and issubclass(c_type, ctypes._Pointer):
        return "*" + (_number(pointee) or "")
    if hasattr(c_type, "_dtype_"):  # of numpy.ctypeslib.ndpointer
        return "*" + ("" if c_type._dtype_ is None else types.from_dtype(c_type._dtype_).element)
    if isinstance(pointee, str) and (number := _number(c_type)):
        return number
    raise TypeError(f"compiled code cannot pass {c_type!r} to {name}(): it has numbers and pointers to them")


def _number(c_type):
    try:
        return types.from_dtype(np.dtype(c_type)).element
    except TypeError:
        return None


def function_type(signature):
    """The ctypes type of pointers to functions with this signature."""
    return ctypes.CFUNCTYPE(_c_type(signature.return_type), *map(_c_type, signature.args))


def _c_type(given):
    if given == types.void:
        return None
    if isinstance(given, types.CPointer):
        return ctypes.c_void_p if given.dtype == types.void else ctypes.POINTER(_c_type(given.dtype))
    return np.ctypeslib.as_ctypes_type(given.dtype)
