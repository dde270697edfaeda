"""Kernels: functions that run once for every work-item of a launch, on a Level Zero device."""

import functools
import inspect

from . import options as _options
from . import types
from ._metate import KernelDispatcher, kernel_check_wanted
from .launch_ranges import NdRange, Range, extents, offset_of, offsets
from .queues import context_queue
from .travel import reduced

#: As local size: the device chooses.
DEFAULT_LOCAL_SIZE = ()


class Kernel:
    """A compiled kernel. Launch it with ``k[global_size, local_size](*args)`` or ``k[global_size](*args)``.

    A third size, ``k[global_size, local_size, offset]``, is where global ids begin.
    """

    __slots__ = ("_launch_on", "__dict__", "__weakref__")  # a slot is found in half the time, by every launch

    def __init__(self, function, options, signatures=()):
        _options.check_function(function, "kernel", {})
        code = function.__code__
        if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS) or code.co_kwonlyargcount:
            raise TypeError(f"kernel {function.__name__} has parameters after a *, and a kernel takes a fixed number of "
                            "arguments by position")
        parts = _options.split_kernel(function, options)
        check = options.get("check")
        self._dispatcher = KernelDispatcher(function, *parts, kernel_check_wanted() if check is None else check)
        self._launch_on = self._dispatcher.launch
        self._parameters = function.__code__.co_argcount
        self._options, self._signatures = options, list(signatures)
        functools.update_wrapper(self, function)
        if signatures:
            self._declare()

    def _declare(self):
        for signature in self._signatures:
            self._check_signature(signature)
        self._dispatcher.declare([([argument.ir for argument in signature.args], None) for signature in self._signatures])
        for signature in self._signatures:
            arguments, item, rank = split_item(signature)
            if len(arguments) + bool(item) == self._parameters:
                self._dispatcher.compile(rank, item, [argument.ir for argument in arguments])

    def _check_signature(self, signature):
        count, most = len(signature.args), self._parameters
        if signature.return_type not in (None, types.void):
            raise TypeError(f"MT6002: the signature {signature} declares a result, and a kernel has none: it is void(…)")
        if count == most or (count == most - 1 and not any(isinstance(each, types.ItemType) for each in signature.args)):
            return
        raise TypeError(f"MT6002: the signature {signature} has {count} argument types, and kernel {self.__name__} has "
                        f"{most} parameters; one type less leaves out that of an item as first parameter")

    def __reduce__(self):
        return reduced(self, Kernel, self.py_func, self._options, self._signatures)

    @property
    def signatures(self):
        """The argument types that it is declared for, as a list of tuples of types; empty where it takes all."""
        return [signature.args for signature in self._signatures]

    @property
    def specialisations(self):
        """The argument types for which there is code, the last used first: at most `cache_size` of them (see `kernel`)."""
        return [tuple(map(types.from_ir, texts)) for texts in self._dispatcher.specialisations()]

    @property
    def py_func(self):
        """The Python function."""
        return self._dispatcher.py_func

    def __getitem__(self, sizes):
        offset = None
        if isinstance(sizes, NdRange):
            sizes = (sizes.global_range, sizes.local_range)
        elif not isinstance(sizes, tuple) or isinstance(sizes, Range):
            sizes = (sizes, DEFAULT_LOCAL_SIZE)
        elif len(sizes) == 1:
            sizes = (sizes[0], DEFAULT_LOCAL_SIZE)
        elif len(sizes) == 3:
            *sizes, offset = sizes
        if len(sizes) != 2:
            raise TypeError(f"{self.__name__}[global_size, local_size, offset] takes up to three sizes, not {len(sizes)}; "
                            "sizes in several dimensions are tuples: k[(64, 64), (8, 8)]")
        global_size = extents(sizes[0])
        offset = offset_of(sizes[0]) if offset is None else offsets(offset, global_size)
        return functools.partial(self._launch, "", global_size, extents(sizes[1]), offset)

    def __call__(self, *_):
        raise TypeError(f"kernel {self.__name__} is launched with {self.__name__}[global_size, local_size](...)")

    def _launch(self, item, global_size, local_size, offset, *arguments, **named):
        if named:
            raise TypeError(f"kernel {self.__name__} takes its arguments by position, not by name: {', '.join(named)}")
        self._launch_on(None, context_queue(), item, global_size, local_size, offset, arguments, None, True)

    def inspect_spirv(self, *arguments, launch=None):
        """The SPIR-V for such arguments, as assembly text. `launch`: a `Range` or `NdRange`, for kernels that take an item.

        Without arguments a dict of it, by the argument types of `specialisations`.
        """
        return self._inspect(launch, arguments, "spirv")

    inspect_asm = inspect_spirv  # SPIR-V is the assembly of devices; numba-dpex's name

    def inspect_llvm(self, *arguments, launch=None):
        """The LLVM IR that becomes the SPIR-V for such arguments; `launch`, and no arguments, as in `inspect_spirv`."""
        return self._inspect(launch, arguments, "llvm")

    def inspect_ir(self, *arguments, launch=None):
        """Metate's own IR for such arguments, as code generation takes it; others as in `inspect_spirv`."""
        return self._inspect(launch, arguments, "ir")

    def report(self, signature=None):
        """What the compiler made of the kernel, as a `metate.reports.Report`: a page for browsers and notebooks.

        The source beside each stage of the compiler; for each loop whether it was fused, runs in parallel and in vectors,
        or why not; what became of index checks; the time of each stage. `signature` picks one list of argument types. The
        kernel is compiled once more for it.
        """
        from .reports import report_of

        return report_of(self, signature)

    def _inspect(self, launch, arguments, stage):
        if not arguments and launch is None:
            kept = list(zip(self.specialisations, self._dispatcher.inspect_kept(stage)))
            return {**dict(kept), **dict(reversed(kept))}  # of one for several devices, the last used
        item, global_size, *_ = _item_and_sizes(Range(1) if launch is None else launch)
        return self._dispatcher.inspect(context_queue(), len(global_size), item if launch is not None else "", arguments, stage)


def split_item(signature):
    """The types of what a launch passes, the kind of item that the kernel takes before them ("": none), and its dimensions."""
    arguments = list(signature.args)
    if arguments and isinstance(arguments[0], types.ItemType):
        item = arguments.pop(0)
        return arguments, item.kind, item.ndim
    return arguments, "", 1  # over how many dimensions it is launched does not matter then


def _item_and_sizes(launch):
    if isinstance(launch, Range):
        return "item", launch, DEFAULT_LOCAL_SIZE, launch._offset
    if isinstance(launch, NdRange):
        return "nd_item", launch.global_range, launch.local_range, launch.global_range._offset
    raise TypeError(f"a launch is a Range or NdRange, not {type(launch).__name__}")


def kernel(function=None, /, **options):
    """Make a kernel out of a Python function that writes its results into array arguments.

    Use it bare (``@kernel``), with options, or with signatures (``@kernel("void(float32[::1], int64)")``,
    ``@kernel([void(float32[:]), void(float64[:])])``): then it takes arguments of these types alone, or numbers that
    can be converted to them, and is compiled at once. The type of an `Item` or `NdItem` as first parameter can be left
    out (the kernel is compiled when it is launched then) or be given as ``types.ItemType(1)``, ``types.NdItemType(2)``.

    Options
    -------
    access_types : dict
        ``{"read_only": [...], "write_only": [...], "read_write": [...]}``, names of array parameters. Where the device
        works on copies of NumPy arrays, `write_only` ones are not copied to it, so that elements that the kernel does not
        write are undefined afterwards; one that the kernel reads all the same is copied. `read_only` ones cannot be
        assigned to. Without it what the kernel may write to is copied back.
    cache_size : int
        For how many lists of argument types code is kept (128); what was not used for longest goes, and is compiled again
        when it is needed.
    boundscheck, error_model, fastmath
        See `njit`.
    sub_group_size : int
        How many work-items the kernel's sub-groups have (but for the last one of a group), which must be one of the device's
        `sub_group_sizes`. Without it the device chooses.
    check : bool
        With ``check=True``, or ``METATE_KERNEL_CHECK=1`` in the environment, the kernel runs slowly on the software device,
        and what devices leave to chance is an error, `metate.errors.KernelCheckError`: going out of the bounds of an array
        (with ``boundscheck=False`` too), data races between work-items, reading local memory that nobody has written, and
        work-items of a group that wait at different barriers.
    cache : bool
        Whether code is kept on disk and found there by later processes (default True, see `metate.cache`).
    debug, enable_cache, inline_threshold
        numba-dpex's; accepted, and change nothing.

    Examples
    --------
    >>> import numpy as np, metate
    >>> @metate.kernel
    ... def add(a, b, c):
    ...     i = metate.get_global_id(0)
    ...     c[i] = a[i] + b[i]
    >>> a = np.arange(4.0); c = np.empty(4)
    >>> add[4](a, a, c)
    >>> c
    array([0., 2., 4., 6.])
    """
    if function is None and "signature" in options:  # numba_dppy's spelling
        function = options.pop("signature")
    if types.is_signature(function):
        signatures = types.parse_signatures(function)
        return lambda function: Kernel(function, options, signatures)
    if function is None:
        return lambda function: Kernel(function, options)
    return Kernel(function, options)


def call_kernel(kernel, launch, *arguments):
    """Run `kernel` over a `Range` or `NdRange` and wait for it.

    Its first parameter becomes an `Item` or `NdItem` (see `metate.kernel_api`); a kernel that has just as many parameters
    as there are `arguments` asks `get_global_id` and friends instead. Parameters with defaults may be left out; where both
    ways are open, the first one is the item.
    """
    _call("call_kernel", kernel, launch, arguments, None, True)


def call_kernel_async(kernel, launch, dependent_events, *arguments):
    """As `call_kernel`, behind the `dependent_events` (an `Event`, or a sequence of them) and without waiting.

    Gives a pair of events: when the arguments may go, and when the kernel is done. Both are the same moment here, and the
    arguments live until then in any case. NumPy arrays of which the device works on copies have to come back, so that
    such a call is done when it returns.

    >>> import numpy as np, metate
    >>> @metate.kernel
    ... def double(item, x):
    ...     x[item.get_id(0)] *= 2
    >>> x = np.arange(4.0)
    >>> _, first = metate.call_kernel_async(double, metate.Range(4), (), x)
    >>> _, second = metate.call_kernel_async(double, metate.Range(4), (first,), x)
    >>> second.wait()
    >>> x
    array([ 0.,  4.,  8., 12.])
    """
    event = _call("call_kernel_async", kernel, launch, arguments, dependent_events, False)
    return event, event


def _call(name, kernel, launch, arguments, after, wait):
    if not isinstance(kernel, Kernel):
        raise TypeError(f"{name}() needs a function decorated with @kernel, not {type(kernel).__name__}")
    item, global_size, local_size, offset = _item_and_sizes(launch)
    return kernel._launch_on(None, context_queue(), item, global_size, local_size, offset, arguments, after,
                                     wait)
