"""Compiled functions that C can call, and C arrays inside of them: `cfunc`, `carray`, `farray`."""

import functools

import numpy as np

from . import dispatcher as _dispatcher
from . import options as _options
from . import types
from ._metate import Dispatcher
from .travel import reduced


def cfunc(signature, /, **options):
    """Compile a function to one that C can call, by its address.

    Parameters
    ----------
    signature : str or Signature
        With result type: ``"float64(float64, CPointer(float64))"``. Numbers are passed by value; what is behind a
        CPointer is read with ``carray(pointer, shape)``.
    **options
        As for `njit`.

    Returns
    -------
    CFunc
        With `address` (int), `ctypes` (a ctypes function pointer), `native_name` and `inspect_llvm()`. Called from
        Python it is the plain function, from compiled code the compiled one.

    Notes
    -----
    C has no exceptions: one that leaves the function is reported by `sys.unraisablehook` (which prints it), and the
    function returns zero. The code is kept until the process ends.

    Examples
    --------
    >>> from metate import cfunc
    >>> @cfunc("float64(float64)")
    ... def square(x):
    ...     return x * x
    >>> square.ctypes(3.0)
    9.0
    """
    parsed = types.parse_signature(signature)
    return lambda function: CFunc(function, parsed, options)


class CFunc:
    """A compiled function with a C address."""

    def __init__(self, function, signature, options):
        _options.check_function(function, "cfunc", options)
        result = signature.return_type
        if result is None:
            raise TypeError(f"cfunc needs a signature with a result type, such as \"float64{signature}\"")
        for given in (*signature.args, result):
            pointer = isinstance(given, types.CPointer) and given is not result
            if not (isinstance(given, types.Number) or pointer or given == types.void) or _is_complex(given):
                raise TypeError(f"C functions take and return real numbers and take pointers, not {given}")
        code, nogil, cached = _options.split(options)
        self._signature, self._options, self.py_func = signature, options, function
        self._call = self.__metate_dispatcher__ = Dispatcher(function, code, nogil, cached)
        self._call._adapt(_dispatcher.CONVERTED, [(tuple(one.ir for one in signature.args), result.ir)], (), 0)
        self.address, self.native_name = self._call._callback([one.ir for one in signature.args])
        functools.update_wrapper(self, function)

    @functools.cached_property
    def ctypes(self):
        """The function as a pointer of ctypes."""
        from . import foreign

        return foreign.function_type(self._signature)(self.address)

    @property
    def cffi(self):
        """The function as a void pointer of cffi."""
        import cffi

        return cffi.FFI().cast("void *", self.address)

    def __call__(self, *arguments, **keywords):
        return self.py_func(*arguments, **keywords)

    def inspect_llvm(self):
        """The optimised LLVM IR."""
        self._call._compile([one.ir for one in self._signature.args])
        return next(iter(self._call.inspect_llvm().values()))

    def __reduce__(self):
        return reduced(self, CFunc, self.py_func, self._signature, self._options)

    def __repr__(self):
        return f"<metate.cfunc {self.__name__} {self._signature}>"


def _is_complex(given):
    return isinstance(given, types.Number) and given.dtype.kind == "c"


def carray(ptr, shape, dtype=None):
    """The memory behind a pointer as a NumPy array in C order, in compiled functions and in Python.

    Parameters
    ----------
    ptr : CPointer, or outside of compiled code a ctypes pointer
    shape : int or tuple of int
    dtype : numpy.dtype, optional
        By default what the pointer points to.
    """
    return _array_at(ptr, shape, dtype, "C")


def farray(ptr, shape, dtype=None):
    """`carray` in Fortran order."""
    return _array_at(ptr, shape, dtype, "F")


def _array_at(ptr, shape, dtype, order):
    import ctypes

    shape = shape if isinstance(shape, tuple) else (shape,)
    if dtype is None:
        dtype = np.dtype(ptr._type_)
    address = ctypes.cast(ptr, ctypes.c_void_p).value
    count = int(np.prod(shape)) * np.dtype(dtype).itemsize
    memory = (ctypes.c_char * count).from_address(address)
    return np.frombuffer(memory, dtype).reshape(shape, order=order)


carray.__module__ = farray.__module__ = "metate"
