"""What a compiled function offers besides being called."""

import collections
import inspect

from . import cache as _cache
from . import options as _options
from . import types
from ._metate import Dispatcher
from .travel import reduced

# The stages of driver::Inspect that users see.
_UNTYPED_IR, _IR, _LLVM, _OPTIMISED_LLVM, _ASSEMBLY = range(5)

# infer::Adaptation::Kind
CONVERTED, ELEMENTWISE, GENERALISED = range(3)

Stats = collections.namedtuple("Stats", ["cache_path", "cache_hits", "cache_misses"])


def make_dispatcher(cls, function, options, signatures):
    """A dispatcher of `function`, compiled for the signatures if there are any."""
    _options.check_function(function, "njit", options)
    code, nogil, cached = _options.split(options)
    dispatcher = cls(function, code, nogil, cached)
    dispatcher.targetoptions = options
    _like(dispatcher, function)
    if signatures:
        declare(dispatcher, signatures)
    return dispatcher


def adapt(dispatcher, signatures):
    """From now on arguments and results are converted to those of the signatures."""
    dispatcher._adapt(CONVERTED, [_texts(signature) for signature in signatures], (), 0)
    dispatcher._declared = list(signatures)


def declare(dispatcher, signatures):
    adapt(dispatcher, signatures)
    for signature in signatures:
        dispatcher.compile(signature)


def _parameter_types(function, arguments):
    """One type for each parameter: defaults where there are fewer arguments, a tuple for what *args takes."""
    code, given = function.__code__, list(arguments)
    count = code.co_argcount
    rest = [types.Tuple(given[count:])] if code.co_flags & inspect.CO_VARARGS else given[count:]
    defaults = (function.__defaults__ or ())[len(given) - count:] if len(given) < count else ()
    if len(given) + len(defaults) < count or (len(given) > count and not code.co_flags & inspect.CO_VARARGS):
        raise TypeError(f"{function.__name__}() takes {count} arguments, but types are given for {len(given)}")
    keyword_only = [(function.__kwdefaults__ or {})[name]
                    for name in code.co_varnames[count:count + code.co_kwonlyargcount]]
    return given[:count] + [types.typeof(value) for value in (*defaults, *keyword_only)] + rest


def _texts(signature):
    result = signature.return_type
    return tuple(argument.ir for argument in signature.args), None if result is None else result.ir


def _nest_lines(nests, for_device, filename):
    """A line for each nest; versions of one, and the parts of a reduction, count as one."""
    if not nests:
        yield "no parallel loops and array expressions"
    merged = {}
    for file, line, is_expression, unfused, launches, obstacle, obstacle_line in nests:
        key = (file, line, "array expression" if is_expression else "prange loop")
        entry = merged.setdefault(key, (collections.Counter(), [], [], []))
        if unfused and unfused not in entry[3]:
            entry[3].append(unfused)
        if launches is not None:
            entry[0].update(launches)
            entry[1].append(True)
        elif obstacle:
            entry[2].append(f"a device cannot run {obstacle} (line {obstacle_line})")
    for (file, line, what), (launches, on_device, obstacles, unfused) in merged.items():
        place = f"line {line}" if file == filename else f"{file}, line {line}"
        if on_device:
            counts = [f"{name}: {n} launch{'es' if n != 1 else ''}" for name, n in launches.items()]
            text = f"on {', '.join(counts)}" if counts else "on the device, not launched yet"
        else:
            text = "on threads"
        if obstacles:
            text += f"; {obstacles[0]}" if on_device else f", since {obstacles[0]}"
        elif for_device and not on_device:
            text += ", with the loop around it"
        if unfused:
            text += f"; not fused: {'; '.join(unfused)}"
        yield f"{place}, {what}: {text}"


def _like(dispatcher, function):
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(dispatcher, name, getattr(function, name))  # as functools.update_wrapper, without __dict__


def _rebuild(cls, function, options, signatures):
    return make_dispatcher(cls, function, options, signatures)


class _Methods:
    """The members of Dispatcher that are written in Python."""

    _declared = ()

    def compile(self, signature):
        """Compile for a signature's argument types now. Of a function with declared signatures, these must lead to one."""
        given = types.parse_signature(signature).args
        self._compile([argument.ir for argument in _parameter_types(self.py_func, given)])

    def recompile(self):
        """Forget all code, and the values of globals and closures that it has frozen. Declared types are compiled again."""
        self._forget()
        if self._declared:
            declare(self, self._declared)

    @property
    def signatures(self):
        """The argument types that it is declared for, or else those compiled so far, as a list of tuples of types."""
        if self._declared:
            return [signature.args for signature in self._declared]
        return [tuple(map(types.from_ir, texts)) for texts in self._signatures()]

    nopython_signatures = signatures

    @property
    def stats(self):
        """How often code came from the cache on disk: its folder, and two dicts from argument types to counts, as in Numba.

        >>> import metate
        >>> @metate.njit(cache=False)
        ... def double(x):
        ...     return x * 2
        >>> double(1.0)
        2.0
        >>> double.stats.cache_misses
        {(float64,): 1}
        """
        counts = ({}, {})
        for texts, from_disk in zip(self._signatures(), self._from_disk()):
            counts[not from_disk][tuple(map(types.from_ir, texts))] = 1
        return Stats(_cache.path(), *counts)

    def inspect_ir(self, signature=None):
        """Metate's own IR, as code generation takes it: a dict from argument types to text, or the text for `signature`."""
        return self._inspect_all(_IR, signature)

    def inspect_llvm(self, signature=None):
        """The optimised LLVM IR: a dict from argument types to text, or the text for `signature`."""
        return self._inspect_all(_OPTIMISED_LLVM, signature)

    def inspect_asm(self, signature=None):
        """The machine code: a dict from argument types to text, or the text for `signature`."""
        return self._inspect_all(_ASSEMBLY, signature)

    def inspect_types(self, file=None):
        """Write the typed IR of all that was compiled to `file` (sys.stdout)."""
        for text in self.inspect_ir().values():
            print(text, file=file)

    def parallel_diagnostics(self, signature=None, level=1, file=None):
        """Write where each parallel loop and array expression of what was compiled runs, to `file` (sys.stdout).

        On threads, or on which devices and how often so far. What stays on threads in a call that belongs to a device says
        why, and so does what is not fused: an expression whose result fills an array though another loop could have computed
        it on the way, and a loop with another behind it. `signature` picks one list of argument types. `level` is Numba's and has no influence.

        >>> import metate
        >>> @metate.njit(parallel=True)
        ... def double(x):
        ...     return x * 2
        >>> _ = double(metate.arange(3.0))
        >>> double.parallel_diagnostics()  # doctest: +ELLIPSIS
        double(float64[::1]) in calls that belong to a device
          line 3, array expression: on ...: 1 launch
        """
        wanted = None if signature is None else types.parse_signature(signature).args
        for texts, for_device, nests in self._nests():
            arguments = tuple(map(types.from_ir, texts))
            if wanted is not None and arguments != wanted:
                continue
            where = "in calls that belong to a device" if for_device else "on the CPU"
            print(f"{self.__name__}({', '.join(map(str, arguments))}) {where}", file=file)
            for line in _nest_lines(nests, for_device, self.py_func.__code__.co_filename):
                print(f"  {line}", file=file)

    def report(self, signature=None):
        """What the compiler made of the function, as a `metate.reports.Report`: a page for browsers and notebooks.

        The source beside each stage of the compiler; for each loop whether it was fused, runs in parallel and in vectors,
        or why not; what became of index checks; the time of each stage. `signature` picks one list of argument types. The
        function is compiled once more for it.
        """
        from .reports import report_of

        return report_of(self, signature)

    def _inspect_all(self, stage, signature):
        compiled = [tuple(map(types.from_ir, texts)) for texts in self._signatures()]
        if signature is None:
            return {arguments: self._inspect(stage, i) for i, arguments in enumerate(compiled)}
        arguments = types.parse_signature(signature).args
        if arguments not in compiled:
            raise KeyError(f"{self.__name__} was not compiled for {arguments}")
        return self._inspect(stage, compiled.index(arguments))

    def __reduce__(self):
        return reduced(self, _rebuild, type(self), self.py_func, self.targetoptions, list(self._declared))

    def __repr__(self):
        return f"<metate.njit function {self.__module__}.{self.__qualname__}>"


for _name, _member in vars(_Methods).items():
    if _name not in ("__module__", "__dict__", "__weakref__", "__qualname__", "__firstlineno__", "__static_attributes__"):
        setattr(Dispatcher, _name, _member)


class Shown:
    """What ufuncs of both kinds show of what was compiled. Their dispatcher is `_call`."""

    def inspect_ir(self):
        """Metate's own IR of what was compiled, by argument types."""
        return self._call.inspect_ir()

    def inspect_llvm(self):
        """The optimised LLVM IR of what was compiled, by argument types."""
        return self._call.inspect_llvm()

    report = _Methods.report
