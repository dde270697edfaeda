"""exports – which functions go out of a module, under which names and for which types."""

import functools
import inspect

from .. import types
from .._metate import Dispatcher
from ..dispatcher import CONVERTED, _texts
from ..errors import AheadOfTimeError
from ..gufunc import GUfunc
from ..kernels import Kernel
from ..options import check_function, split
from ..ufunc import Ufunc
from . import callers

#: What may be exported besides plain functions.
_EXPORTED = (Dispatcher, Kernel, Ufunc, GUfunc)


def export(name, signature):
    """Mark a function for `metate compile`, which gives it the name `name` outside, for the types of `signature`.

    The function stays as it is. Several marks make several exports. It may stand over or under `njit` and `kernel`.

    >>> import metate
    >>> @metate.export("clamp", "f8(f8, f8, f8)")
    ... def clamp(x, low, high):
    ...     return min(max(x, low), high)
    >>> clamp(3.0, 0.0, 1.0)
    1.0
    """
    read = types.parse_signature(signature)
    _check_name(name)

    def mark(function):
        function.__metate_exports__ = [(name, read), *getattr(function, "__metate_exports__", ())]
        return function

    return mark


class Export:
    """A function with its name outside and its types."""

    def __init__(self, name, function, signature):
        self.name, self.signature = name, signature
        self.kernel = function if isinstance(function, Kernel) else None
        self.source = getattr(function, "py_func", function)
        self._function = function

    def __str__(self):
        return f"{self.name}: {self.signature}"

    @functools.cached_property
    def _compiled(self):
        return callers.make(self.name, self._function, self.signature)

    @property
    def python(self):
        """The function that is compiled."""
        return self.source if self.kernel is not None else self._compiled[0]

    @property
    def parameters(self):
        """The names of its parameters."""
        code = self.python.__code__
        return list(code.co_varnames[:code.co_argcount])

    def describe(self, result):
        """What `compile_ahead` says of it."""
        return {"name": self.name, "arguments": [str(each) for each in self.signature.args], "result": str(result)}

    def as_compiled(self):
        """What `_metate.compile_library` takes."""
        if self.kernel is not None:
            raise AheadOfTimeError(f"{self.name} is a kernel: kernels are written with --emit spirv")
        check_function(self.source, "metate.export", {})
        code, given = self.python.__code__, self.signature.args
        if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS) or code.co_kwonlyargcount:
            raise AheadOfTimeError(f"{self.name} has parameters after a *, and an exported function takes a fixed number of "
                                   f"arguments\n  --> {code.co_filename}:{code.co_firstlineno}")
        if len(given) != code.co_argcount:
            raise AheadOfTimeError(f"{self.name} has {code.co_argcount} parameters, but {self.signature} gives types for "
                                   f"{len(given)}\n  --> {code.co_filename}:{code.co_firstlineno}")
        for parameter, argument in zip(self.parameters, given):
            _check_type(f"parameter {parameter} of {self.name}", argument)
        options, nogil, _ = split(self._compiled[1])
        dispatcher = Dispatcher(self.python, options, nogil, False)
        dispatcher._adapt(CONVERTED, [_texts(self.signature)], (), 0)
        return self.name, dispatcher, [argument.ir for argument in given], self.parameters


def _check_type(what, given):
    if isinstance(given, types.Tuple):
        for element in given.types:
            _check_type(f"an element of {what}", element)
    elif isinstance(given, types.CPointer):
        raise AheadOfTimeError(f"{what} is {given}: declare an array of one axis, of which C gives the address too")
    elif not isinstance(given, (types.Number, types.Array)) and given != types.void:
        raise AheadOfTimeError(f"{what} is {given}, and only numbers, arrays and tuples of these go in and out of a library")


def _check_name(name):
    if not isinstance(name, str) or not name.isidentifier() or not name.isascii():
        raise AheadOfTimeError(f"an exported name is made of letters, digits and _, which {name!r} is not")


def _read(text, names):
    """The export that ``"[EXPORTED=]NAME: SIGNATURE"`` says."""
    left, colon, signature = text.partition(":")
    name, _, inside = (part.strip() for part in left.partition("="))
    if not colon or not name or not signature.strip():
        raise AheadOfTimeError(f"an export is written \"NAME: SIGNATURE\", such as \"norm: f8(f8, f8)\", not {text!r}; a "
                                 "NAME alone is one that metate.export gives in the file")
    _check_name(name)
    inside = inside or name
    if inside not in names:
        known = sorted(each for each, value in names.items() if inspect.isfunction(value) or hasattr(value, "py_func"))
        raise AheadOfTimeError(f"there is no function {inside!r}; there are {', '.join(known) or 'none at all'}")
    return Export(name, _function(names[inside], inside), types.parse_signature(signature.strip()))


def _function(value, name):
    if isinstance(value, _EXPORTED) or inspect.isfunction(value):
        return value
    raise AheadOfTimeError(f"{name} is {value!r}, and only functions, those made by njit, vectorize and guvectorize, and kernels can "
                           f"be exported{'; export a function that calls it' if hasattr(value, 'py_func') else ''}")


def _marked(names):
    """What `export` says in a module, in the order of the source."""
    marked = {}  # by Python function, which may have several names
    for name, value in names.items():
        if not isinstance(value, _EXPORTED) and not inspect.isfunction(value):
            continue
        python, marks = getattr(value, "py_func", value), []
        for mark in (*getattr(value, "__metate_exports__", ()), *getattr(python, "__metate_exports__", ())):
            if mark not in marks:  # a kernel has the attributes of its function
                marks.append(mark)
        if marks and (id(python) not in marked or value is not python):
            marked[id(python)] = (_function(value, name), marks)
    found = [Export(name, function, signature) for function, marks in marked.values() for name, signature in marks]
    return sorted(found, key=lambda each: each.source.__code__.co_firstlineno)


def collect(names, texts, kernels):
    """The exports that `texts` say, or else those marked in `names`: the `kernels`, or all that are none."""
    marked = _marked(names)
    if not texts:
        return [each for each in marked if (each.kernel is not None) == kernels]
    found = []
    for text in texts:
        known = [each for each in marked if each.name == text.strip()]
        found += known or [_read(text, names)]
    return found
