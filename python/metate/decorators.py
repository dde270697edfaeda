"""The decorators that turn Python functions into compiled ones."""

from ._metate import Dispatcher

# Read here, because they say how a function is called and not what code it becomes.
_CALL_OPTIONS = {"nogil": False, "nopython": True, "cache": False, "inline": "never", "forceobj": False, "debug": False}


def njit(function=None, /, **options):
    """Compile a function to machine code the first time it is called with arguments of given types.

    Use it bare (``@njit``) or with options (``@njit(parallel=True)``). The compiled function means what the Python
    function means; `f.py_func` is the Python function.

    Options
    -------
    parallel : bool
        Run `prange` loops and array expressions on several threads.
    fastmath : bool or set of str
        Allow the compiler to reorder floating-point operations; a set names LLVM's flags
        (reassoc, nnan, ninf, nsz, arcp, contract, afn).
    boundscheck : bool
        Check array indices (default True).
    error_model : {"python", "numpy"}
        Whether division by zero raises always, or never. By default Python numbers raise and NumPy ones do not.
    nogil : bool
        Release the interpreter lock even around short calls.

    Examples
    --------
    >>> from metate import njit
    >>> @njit
    ... def add(a, b):
    ...     return a + b
    >>> add(1, 2)
    3
    """
    if function is None:
        return lambda function: njit(function, **options)
    calling = {name: options.pop(name, default) for name, default in _CALL_OPTIONS.items()}
    return _like(Dispatcher(function, options, bool(calling["nogil"])), function)


def _like(dispatcher, function):
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(dispatcher, name, getattr(function, name))  # as functools.update_wrapper, without __dict__
    return dispatcher


jit = njit

# The stages of driver::Inspect that users see.
_UNTYPED_IR, _IR, _LLVM, _OPTIMISED_LLVM, _ASSEMBLY = range(5)


def _inspector(stage, what):
    def inspect(self):
        return {types: self._inspect(stage, i) for i, types in enumerate(self._signatures())}

    inspect.__doc__ = f"{what} of every compiled specialisation, as a dict from argument types to text."
    return inspect


Dispatcher.inspect_ir = _inspector(_IR, "Metate's own IR")
Dispatcher.inspect_llvm = _inspector(_OPTIMISED_LLVM, "The optimised LLVM IR")
Dispatcher.inspect_asm = _inspector(_ASSEMBLY, "The machine code")
Dispatcher.signatures = property(lambda self: self._signatures(), doc="The argument types compiled so far.")
Dispatcher.nopython_signatures = Dispatcher.signatures


class prange:
    """`range` whose iterations may run in parallel, under ``@njit(parallel=True)``; plain `range` elsewhere."""

    def __new__(cls, *arguments):
        return range(*arguments)


prange.__module__ = "metate"
