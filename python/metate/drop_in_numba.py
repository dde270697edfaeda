"""The names of Numba, so that programs written for it run unchanged.

A name is offered where `metate` has it, so what Metate learns is there at once; `_REASONS` says of others what to do.
"""

import collections
import os
import types as _python_types

from . import drop_in_environment, errors, stand_in, types
from ._metate import Dispatcher, get_num_threads
from .decorators import is_jit_disabled

#: The release whose names these are. Programs compare it; Metate's own version stands behind the plus sign.
_VERSION = (0, 67, 0)

_NAMES = """
carray cfunc farray from_dtype get_num_threads get_parallel_chunksize get_thread_id guvectorize jit jit_module literal_unroll
literally njit objmode parallel_chunksize prange set_num_threads set_parallel_chunksize stencil threading_layer typeof vectorize
"""
_TYPE_NAMES = """
b1 bool_ boolean byte c16 c8 char complex128 complex64 double f4 f8 float32 float64 i1 i2 i4 i8 int16 int32 int64 int8 int_ intc
intp long_ longlong none short size_t ssize_t u1 u2 u4 u8 uchar uint uint16 uint32 uint64 uint8 uintc uintp ulong ulonglong ushort
void
"""
_OBJECTS = "the compiled functions have no such objects yet"
_NO_OBJECT_MODE = "there is no object mode; call the Python code outside of the compiled function"
_REASONS = {
    "stencil": "write the loop over the inner elements with prange, or an expression of slices",
    "objmode": _NO_OBJECT_MODE,
    "generated_jit": "Numba itself removed it",
    "literally": "arguments have types, not values; make the value a global, a default or part of a closure",
    "literal_unroll": "write the statements out, one for each element of the tuple",
    "optional": "a variable that may be None has no type of its own in signatures",
    "deferred_type": _OBJECTS,
    "gdb": "start the program in gdb, with METATE_DEBUGINFO=1: compiled functions are there by their names; METATE_DISABLE_JIT=1 runs them as Python",
    "set_parallel_chunksize": "iterations are shared out as threads have time, so that there is no size to set",
    "get_thread_id": "which thread runs an iteration is left open; reductions need none",
    "jitclass": _OBJECTS, "structref": _OBJECTS,
    "List": _OBJECTS, "Dict": _OBJECTS, "Set": _OBJECTS,
    "overload": "compiled code calls plain Python functions; write one in place of the overload",
    "overload_method": _OBJECTS, "overload_attribute": _OBJECTS,
    "intrinsic": "LLVM's instructions are out of reach; C functions of ctypes and cffi can be called",
}
_TYPING_ERRORS = """
ByteCodeSupportError CompilerError ConstantInferenceError ForbiddenConstruct ForceLiteralArg LiteralTypingError LoweringError
NotDefinedError NumbaAssertionError NumbaAttributeError NumbaIndexError NumbaKeyError NumbaNotImplementedError NumbaTypeError
NumbaValueError RequireLiteralValue TypingError UnsupportedBytecodeError UnsupportedError UnsupportedParforsError
UnsupportedRewriteError UntypedAttributeError
"""
_WARNINGS = """
NumbaDebugInfoWarning NumbaDeprecationWarning NumbaExperimentalFeatureWarning NumbaPedanticWarning NumbaPendingDeprecationWarning
NumbaPerformanceWarning NumbaSystemWarning NumbaTypeSafetyWarning
"""

VersionInfo = collections.namedtuple("VersionInfo", "major minor patch short full string tuple git_revision")


class _Config(_python_types.ModuleType):
    """`numba.config`: the settings that Metate has, each with its effect. Others raise AttributeError by name."""

    THREADING_LAYERS = ("default", "tbb", "safe", "threadsafe", "forksafe")

    def __getattr__(self, name):
        raise AttributeError(f"numba.config.{name} is not offered by Metate, which stands in for numba here")

    def __setattr__(self, name, value):
        if name in ("__spec__", "__loader__", "__path__", "__file__") or isinstance(getattr(type(self), name, None), property):
            super().__setattr__(name, value)
        else:
            self.__getattr__(name)

    @property
    def NUMBA_NUM_THREADS(self):  # noqa: N802 – Numba's names
        """How many threads there can be."""
        return self.NUMBA_DEFAULT_NUM_THREADS

    @property
    def NUMBA_DEFAULT_NUM_THREADS(self):  # noqa: N802
        """How many threads there were in the beginning."""
        return self._threads

    @property
    def DISABLE_JIT(self):  # noqa: N802
        """Whether decorators give the Python functions back (METATE_DISABLE_JIT)."""
        return is_jit_disabled()

    @DISABLE_JIT.setter
    def DISABLE_JIT(self, value):  # noqa: N802
        os.environ["METATE_DISABLE_JIT"] = "1" if value else "0"

    @property
    def THREADING_LAYER(self):  # noqa: N802
        """What threads are asked for; there is one kind, oneTBB's, which is safe with threads and forks."""
        return "default"

    @THREADING_LAYER.setter
    def THREADING_LAYER(self, value):  # noqa: N802
        if value not in self.THREADING_LAYERS:
            raise ValueError(f"numba.config.THREADING_LAYER is one of {', '.join(self.THREADING_LAYERS)} here, not {value!r}")

    _threads = property(lambda self: self.__dict__["threads"])


def _config():
    made = _Config("numba.config", _Config.__doc__)
    made.__dict__.update(threads=get_num_threads(), __spec__=stand_in.spec("numba.config"))
    return made


def _module(name, **names):
    return stand_in.module(name, f"`{name}` as far as Metate offers it: see `metate.install_as_numba`.", reasons=_REASONS, **names)


def _offered(module, names):
    return {name: getattr(module, name) for name in names.split() if hasattr(module, name)}


def _errors():
    """Numba's exceptions, as what Metate raises in their place; and its warnings, of which most have no occasion."""
    named = {name: errors.TypingError for name in _TYPING_ERRORS.split()}
    named |= {name: errors.MetateError for name in ("NumbaError", "NumbaRuntimeError", "InternalError", "IRError")}
    named |= {"NumbaWarning": errors.MetateWarning, "NumbaParallelSafetyWarning": errors.MetateWarning}
    return named | {name: type(name, (errors.MetateWarning,), {"__doc__": "A warning of Numba's that Metate never gives."})
                    for name in _WARNINGS.split()}


def _is_jitted(function):
    """Whether a function is compiled by `njit`."""
    return isinstance(function, Dispatcher)


def _register_jitable(*args, **options):
    """Numba's decorator for functions that compiled code may call. It may call any here, so they are left as they are."""
    return args[0] if args else lambda function: function


def _cuda():
    return _module("numba.cuda", is_available=lambda: False)


def _modules():
    import metate

    offered = {**_offered(metate, _NAMES), **_offered(types, _TYPE_NAMES), "bool": types.boolean}
    numba_types = _module("numba.types", **{name: getattr(types, name) for name in types.__all__}, **{"bool": types.boolean})
    error_names = _errors()
    numba_errors = _module("numba.core.errors", **error_names)
    config = _config()
    extending = _module("numba.extending", is_jitted=_is_jitted, register_jitable=_register_jitable,
                        **_offered(getattr(metate, "extending", None), "overload overload_method overload_attribute intrinsic"))
    parts = {
        "config": config, "errors": numba_errors, "types": numba_types, "extending": extending, "cuda": _cuda(),
        "typed": getattr(metate, "typed", None) or _module("numba.typed"),
        "experimental": getattr(metate, "experimental", None) or _module("numba.experimental"),
    }
    text = ".".join(map(str, _VERSION))
    full = f"{text}+metate{metate.__version__}"
    version = VersionInfo(*_VERSION, _VERSION[:2], _VERSION, full, _VERSION, None)
    dispatcher = _module("numba.core.dispatcher", Dispatcher=Dispatcher)
    registry = _module("numba.core.registry", CPUDispatcher=Dispatcher)
    decorators = _module("numba.core.decorators", **_offered(metate, "cfunc jit jit_module njit"))
    support = _module("numba.np.numpy_support", as_dtype=types.as_dtype, from_dtype=types.from_dtype)
    core_parts = {"config": config, "decorators": decorators, "dispatcher": dispatcher, "errors": numba_errors, "registry": registry,
                  "types": numba_types}
    core = _module("numba.core", **core_parts)
    numpy = _module("numba.np", numpy_support=support)
    top = _module("numba", **offered, **parts, **error_names, core=core, np=numpy, __version__=full, version_info=version)
    return {"numba": top, "numba.core": core, "numba.np": numpy, "numba.np.numpy_support": support,
            **{f"numba.{name}": part for name, part in parts.items()},
            **{f"numba.core.{name}": part for name, part in core_parts.items()}}


def install_as_numba():
    """Make `import numba` give Metate, for programs written for Numba.

    What Numba has and Metate does not raises an AttributeError, or an ImportError where it is imported, that names it and says
    what to do. ``NUMBA_DISABLE_JIT`` and ``NUMBA_NUM_THREADS`` in the environment are heeded. ImportError if Numba itself was
    imported before.

    >>> import metate
    >>> metate.install_as_numba()
    >>> from numba import njit, prange
    >>> njit is metate.njit
    True
    """
    stand_in.install(_modules(), "install_as_numba")
    drop_in_environment.heed_numba()
