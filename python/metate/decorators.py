"""The decorators that turn Python functions into compiled ones."""

import os
import sys
import types

from ._metate import Dispatcher
from .dispatcher import make_dispatcher
from .options import check_function
from .types import is_signature, parse_signatures


def njit(function=None, /, **options):
    """Compile a function to machine code the first time it is called with arguments of given types.

    Use it bare (``@njit``), with options (``@njit(parallel=True)``), or with signatures
    (``@njit("float64(float64, float64)")``, ``@njit([int32(int32), float64(float64)])``). With signatures the function
    is compiled at once, for these types alone: arguments of other types are converted to the first signature that
    takes them, and the result to the declared one. The compiled function means what the Python function means;
    `f.py_func` is the Python function.

    With ``METATE_DISABLE_JIT=1`` in the environment the Python function itself comes back, for debuggers and tools that
    measure coverage.

    Options
    -------
    parallel : bool
        Run `prange` loops and array expressions on several threads, or, called with device arrays or inside of a
        `device_context`, on the device: `parallel_diagnostics` says which. Without it array expressions run on the device
        too if the function is called with device arrays; `prange` is `range` then as in other calls.
    fastmath : bool or set of str
        Allow the compiler to reorder floating-point operations; a set names LLVM's flags
        (reassoc, nnan, ninf, nsz, arcp, contract, afn; fast is all of them).
    boundscheck : bool
        Check array indices (default True).
    error_model : {"python", "numpy"}
        Whether division by zero raises always, or never. By default Python numbers raise and NumPy ones do not.
    nogil : bool
        Release the interpreter lock even around short calls.
    inline : {"never", "always"}
        "always": calls of the function become its code wherever that is possible; the
        default "never" does so for small functions only, and else leaves it to LLVM, which
        goes by cost. ``forceinline=True`` is the same as "always".
    cache : bool
        Whether code is kept on disk and found there by later processes (default True, see `metate.cache`).
    debug : bool
        Tell debuggers such as gdb the name, file and lines of the compiled code (default False, or True with
        ``METATE_DEBUGINFO=1`` in the environment). The code is as fast. Errors name the lines they come from, and
        indices are checked, in any case.
    locals : dict of str to number types
        ``locals={"total": float32}``: whatever is stored in the local variable `total` becomes a float32 first.
    nopython, forceobj, looplift, target
        See `metate.options`.

    Raises
    ------
    TypeError
        For a signature that cannot be read, and for options that are unknown or make no sense.

    Examples
    --------
    >>> from metate import njit
    >>> @njit
    ... def add(a, b):
    ...     return a + b
    >>> add(1, 2)
    3
    """
    return _decorator(Dispatcher, function, options)


def _decorator(cls, function, options):
    if is_signature(function):
        signatures = parse_signatures(function)
        return lambda function: _compiled(cls, function, options, signatures)
    if function is None:
        return lambda function: _compiled(cls, function, options, ())
    return _compiled(cls, function, options, ())


def is_jit_disabled():
    """Whether METATE_DISABLE_JIT asks decorators to give Python functions back as they are."""
    return os.environ.get("METATE_DISABLE_JIT", "0") not in ("", "0")


def _compiled(cls, function, options, signatures):
    if not is_jit_disabled():
        return make_dispatcher(cls, function, options, signatures)
    check_function(function, "njit", options)
    function.py_func = function  # as a compiled function has it
    return function


def jit(function=None, /, **options):
    """The same as `njit`. There is no object mode: ``forceobj=True`` and ``nopython=False`` are refused."""
    return njit(function, **options)


def jit_module(**options):
    """Compile the functions that the calling module has defined so far: as if each had the decorator ``jit(**options)``.

    Call it at the end of the module. Functions that it imported, and those that have a decorator, are left as they are.
    """
    module = sys._getframe(1).f_globals
    for name, value in list(module.items()):
        if type(value) is types.FunctionType and value.__module__ == module["__name__"]:
            module[name] = jit(value, **options)


def dpjit(function=None, /, **options):
    """`njit` with ``parallel=True``: parallel loops and array expressions run on the device of the arguments.

    A function that makes arrays by the functions of `dpnp` (see `install_as_numba_dpex`) and is given none belongs to the
    current queue, and gives device arrays. One that launches kernels (`call_kernel`), names a place for arrays (``device=``,
    ``usm_type=``, ``queue=``), or is given a `Queue`, an `Event` or a range is run by Python; what it calls is compiled, and so
    are its `prange` loops.

    numba-dpex's name; its `forceobj` and `pipeline_class` are taken and change nothing, as there.

    >>> import metate
    >>> @metate.kernel
    ... def double(item, x):
    ...     x[item.get_id(0)] *= 2
    >>> @metate.dpjit
    ... def twos(n):
    ...     x = metate.ones(n)
    ...     metate.call_kernel(double, metate.Range(n), x)
    ...     return x
    >>> metate.asnumpy(twos(3))
    array([2., 2., 2.])
    """
    options = {"parallel": True} | {name: value for name, value in options.items()
                                    if name not in ("forceobj", "pipeline_class")}
    from .device_programs import DeviceProgram

    return _decorator(DeviceProgram, function, options)


class prange:
    """`range` whose iterations may run in parallel, under ``@njit(parallel=True)``; plain `range` elsewhere."""

    def __new__(cls, *arguments):
        return range(*arguments)


prange.__module__ = "metate"
