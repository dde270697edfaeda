"""Functions of numbers that work on arrays, as NumPy's ufuncs do: `vectorize`."""

import functools

import numpy as np

from . import dispatcher as _dispatcher
from . import options as _options
from . import types
from ._metate import Dispatcher
from .travel import reduced

_NUMBERS = (int, float, complex, np.generic)  # bool is an int
# What compiled code takes as it is.
_PLAIN = frozenset([np.ndarray, bool, int, float, complex, *(np.dtype(char).type for char in "?bhilqBHILQefdFD")])
_NOT_GIVEN = np._NoValue


def vectorize(signatures=None, /, *, identity=None, target="cpu", **options):
    """Make a NumPy-like ufunc out of a function of numbers that returns a number.

    Without signatures it is compiled for the dtypes that it is called with. With a list of them
    (``@vectorize(["int32(int32, int32)", "float64(float64, float64)"])``) it is compiled at once, and a call uses the
    first to whose types all arguments can be cast safely, as NumPy's ufuncs choose their loops.

    Parameters
    ----------
    signatures : str, Signature or list of these, optional
    identity : number, optional
        What `reduce` of nothing gives.
    target : {"cpu", "parallel"}
        "parallel" runs over the elements on several threads.
    fastmath, error_model, boundscheck, cache, nopython …
        As for `njit`.

    Examples
    --------
    >>> import numpy as np
    >>> from metate import vectorize
    >>> @vectorize
    ... def clipped(x, low):
    ...     return x if x > low else low
    >>> clipped(np.arange(4.0), 2.0)
    array([2., 2., 2., 3.])
    """
    if signatures is None or types.is_signature(signatures):
        parsed = [] if signatures is None else types.parse_signatures(signatures)
        return lambda function: Ufunc(function, parsed, identity, target, options)
    return Ufunc(signatures, [], identity, target, options)


def element_signature(signature):
    """A signature's types as NumPy numbers, which is what arrays hold, and not Python's."""
    for given in (*signature.args, signature.return_type):
        if not isinstance(given, types.Number) and given is not None:
            raise TypeError(f"a function made by vectorize takes and returns numbers, not {given}")
    result = signature.return_type
    return tuple(argument.element for argument in signature.args), None if result is None else result.element


def parallel_options(target, options):
    """The options of the compiler for a target of vectorize or guvectorize."""
    if target not in ("cpu", "parallel"):
        raise TypeError(f"MT6003: option 'target' is \"cpu\" or \"parallel\", not {target!r}")
    return {**options, "parallel": True} if target == "parallel" else options


def array_ufunc_override(ufunc, method, inputs, kwargs):
    """What another array type makes of the call (NEP 13), or NotImplemented where there is none."""
    for given in (*inputs, *(kwargs.get("out") or ())):
        override = getattr(type(given), "__array_ufunc__", _NOT_GIVEN)
        if override is _NOT_GIVEN or override is np.ndarray.__array_ufunc__:
            continue
        if override is None:
            raise TypeError(f"operand {type(given).__name__!r} does not support ufuncs (__array_ufunc__=None)")
        result = given.__array_ufunc__(ufunc, method, *inputs, **kwargs)
        if result is not NotImplemented:
            return result
    return NotImplemented


def _operand(given):
    return given if isinstance(given, (np.ndarray, *_NUMBERS)) else np.asarray(given)


class Ufunc(_dispatcher.Shown):
    """A compiled function of numbers that broadcasts over arrays. The members are those of `numpy.ufunc`."""

    nout = 1
    signature = None

    def __init__(self, function, signatures, identity, target, options):
        _options.check_function(function, "vectorize", options)
        code = function.__code__
        names = code.co_varnames[:code.co_argcount]
        if code.co_kwonlyargcount or code.co_flags & 0x0C or function.__defaults__ or not names:
            raise TypeError(f"vectorize takes functions of positional parameters without defaults, not {function!r}")
        if "out" in names:
            raise TypeError("vectorize gives functions a parameter named 'out'; name yours otherwise")
        for signature in signatures:
            if len(signature.args) != len(names):
                raise TypeError(f"{function.__name__}() takes {len(names)} arguments, but {signature} is declared")
        split, nogil, cached = _options.split(parallel_options(target, options))
        self._call = self.__metate_dispatcher__ = Dispatcher(function, split, nogil, cached)
        self._call._adapt(_dispatcher.ELEMENTWISE, [element_signature(one) for one in signatures], (), 0)
        self._signatures, self._target, self._options = signatures, target, options
        self.nin, self.nargs, self.identity = len(names), len(names) + 1, identity
        self.py_func = function
        functools.update_wrapper(self, function)
        for signature in signatures:
            self._call._compile([f"array<{argument.element},1,C>" for argument in signature.args] + ["const[None]"])

    # Called.

    def __call__(self, *args, **kwargs):
        if not kwargs and _PLAIN.issuperset(map(type, args)):
            if len(args) == self.nin:
                return self._call(*args, None)
            if len(args) == self.nargs and type(args[-1]) is np.ndarray:
                return self._call(*args)
        return self._general(args, kwargs)

    def _general(self, args, kwargs):
        if not self.nin <= len(args) <= self.nargs:
            raise TypeError(f"{self.__name__}() takes from {self.nin} to {self.nargs} positional arguments but "
                            f"{len(args)} were given")
        inputs, out = args[:self.nin], kwargs.pop("out", None)
        if len(args) == self.nargs:
            if out is not None:
                raise TypeError(f"{self.__name__}() got 'out' twice")
            out = args[-1]
        out = out[0] if isinstance(out, tuple) else out
        override = array_ufunc_override(self, "__call__", inputs, kwargs if out is None else {**kwargs, "out": (out,)})
        if override is not NotImplemented:
            return override
        return self._broadcast([_operand(given) for given in inputs], out, **kwargs)

    def _broadcast(self, inputs, out, *, where=True, dtype=None, casting="same_kind", order="K", subok=True):
        if out is not None and not isinstance(out, np.ndarray):
            raise TypeError("return arrays must be of ArrayType")
        if dtype is not None:
            inputs = self._cast(inputs, np.dtype(dtype), casting)
        if where is True:
            if out is None or casting == "same_kind":  # which compiled code checks itself
                return self._call(*inputs, out)
            if not np.can_cast(self._result_dtype(inputs), out.dtype, casting):
                raise TypeError(f"cannot cast ufunc {self.__name__!r} output from {self._result_dtype(inputs)} to "
                                f"{out.dtype} with casting rule {casting!r}")
            np.copyto(out, self._call(*inputs, None), casting=casting)
            return out
        return self._masked(inputs, out, np.asarray(where), casting)

    def _masked(self, inputs, out, mask, casting):
        if mask.dtype != bool:
            raise TypeError(f"where= takes bools, not {mask.dtype}")
        shape = np.broadcast_shapes(*(np.shape(given) for given in inputs), mask.shape,
                                    *([] if out is None else [out.shape]))
        mask = np.broadcast_to(mask, shape)
        chosen = [given if np.ndim(given) == 0 else np.broadcast_to(given, shape)[mask] for given in inputs]
        values = self._call(*chosen, None) if mask.any() else np.empty(0, self._result_dtype(inputs))
        if out is None:
            out = np.empty(shape, np.asarray(values).dtype)
        elif out.shape != shape:
            raise ValueError(f"non-broadcastable output operand with shape {out.shape} doesn't match the broadcast "
                             f"shape {shape}")
        if not np.can_cast(np.asarray(values).dtype, out.dtype, casting):
            raise TypeError(f"cannot cast ufunc {self.__name__!r} output to {out.dtype} with casting rule {casting!r}")
        out[mask] = values
        return out

    def _cast(self, inputs, dtype, casting):
        """The operands for the loop whose result is `dtype`; without declared loops that is where all are of it."""
        loops = [one for one in self._signatures if one.return_type is not None and one.return_type.dtype == dtype]
        if self._signatures and not loops:
            raise TypeError(f"No loop matching the specified signature and casting was found for ufunc {self.__name__}")
        wanted = [argument.dtype for argument in loops[0].args] if loops else [dtype] * self.nin
        return [np.asarray(given).astype(to, casting=casting, copy=False) for given, to in zip(inputs, wanted)]

    def _result_dtype(self, inputs):
        empty = [given if np.ndim(given) == 0 else np.empty(0, given.dtype) for given in inputs]
        if all(np.ndim(given) == 0 for given in inputs):
            empty[0] = np.empty(0, np.asarray(inputs[0]).dtype)
        return self._call(*empty, None).dtype

    # Methods, over loops in ufunc_loops.py.

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False, initial=_NOT_GIVEN, where=True):
        """Combine the elements along `axis` (one, several, or None for all) with the function, from the first on."""
        self._needs_two("reduce")
        array = np.asarray(array)
        axes = _axes(axis, array.ndim)
        array = self._for_accumulation(array, dtype)
        shape = tuple(1 if i in axes else n for i, n in enumerate(array.shape))
        rest = tuple(n for i, n in enumerate(array.shape) if i not in axes)
        rows = np.moveaxis(array, axes, range(len(axes))).reshape(-1, int(np.prod(rest, dtype=int)))
        mask = None
        if where is not True:
            if initial is _NOT_GIVEN and self.identity is None:
                raise ValueError(f"reduction operation {self.__name__!r} does not have an identity, so to use a where mask "
                                 "one has to specify 'initial'")
            mask = np.broadcast_to(where, array.shape)
            mask = np.moveaxis(mask, axes, range(len(axes))).reshape(rows.shape)
        totals = np.empty(rows.shape[1], array.dtype)
        if initial is not _NOT_GIVEN and initial is not None:
            totals[...] = initial
        elif mask is not None or (len(rows) == 0 and self.identity is not None):
            totals[...] = self.identity
        elif len(rows) == 0:
            raise ValueError(f"zero-size array to reduction operation {self.__name__} which has no identity")
        else:
            totals[...] = rows[0]
            rows = rows[1:]
        self._loops().reduce(self._call, rows, mask, totals)
        totals = totals.reshape(shape if keepdims else rest)
        return _into(out, totals)

    def accumulate(self, array, axis=0, dtype=None, out=None):
        """All results on the way of `reduce` along one axis."""
        self._needs_two("accumulate")
        array = np.asarray(array)
        (axis,) = _axes(axis, array.ndim)
        array = self._for_accumulation(array, dtype)
        moved = np.moveaxis(array, axis, 0)
        totals = np.ascontiguousarray(moved) if moved.base is None else moved.copy()
        if totals is array:
            totals = totals.copy()
        self._loops().accumulate(self._call, totals.reshape(len(totals), -1) if totals.size else totals.reshape(0, 0))
        return _into(out, np.moveaxis(totals, 0, axis))

    def reduceat(self, array, indices, axis=0, dtype=None, out=None):
        """`reduce` of array[indices[i]:indices[i + 1]] for each i; of the one element where that is empty."""
        self._needs_two("reduceat")
        array, indices = np.asarray(array), np.asarray(indices, np.intp)
        (axis,) = _axes(axis, array.ndim)
        if len(indices) and not (0 <= indices.min() and indices.max() < array.shape[axis]):
            raise IndexError(f"index {indices.max()} out-of-bounds in {self.__name__}.reduceat [0, {array.shape[axis]})")
        array = np.moveaxis(self._for_accumulation(array, dtype), axis, 0)
        rest = array.shape[1:]
        totals = np.empty((len(indices), int(np.prod(rest, dtype=int))), array.dtype)
        self._loops().reduceat(self._call, array.reshape(len(array), -1), np.ascontiguousarray(indices), totals)
        return _into(out, np.moveaxis(totals.reshape(len(indices), *rest), 0, axis))

    def outer(self, a, b, /, **kwargs):
        """The function of every pair of an element of `a` and one of `b`."""
        self._needs_two("outer")
        a, b = np.asarray(a), np.asarray(b)
        return self(a.reshape(a.shape + (1,) * b.ndim), b, **kwargs)

    def at(self, a, indices, b=None, /):
        """``a[indices] = f(a[indices], b)``, in turn for indices that are there several times."""
        if self.nin > 2 or (self.nin == 2) != (b is not None):
            raise TypeError(f"{self.__name__}.at takes {self.nin - 1} operand beside the array and the indices")
        if not isinstance(a, np.ndarray):
            raise TypeError("first operand must be array")
        if not a.flags.writeable:
            raise ValueError("output array is read-only")
        places = np.arange(a.size).reshape(a.shape)[indices]
        flat = a.reshape(-1) if a.flags.c_contiguous and a.flags.aligned else a.ravel()
        if self.nin == 1:
            self._loops().at_one(self._call, flat, places.ravel())
        else:
            self._loops().at_two(self._call, flat, places.ravel(), np.broadcast_to(b, places.shape).ravel())
        if flat.base is not a and not np.may_share_memory(flat, a):
            a[...] = flat.reshape(a.shape)

    def _needs_two(self, method):
        if self.nin != 2:
            raise ValueError(f"{method} only supported for binary functions")

    def _for_accumulation(self, array, dtype):
        """The array as what the function gives of two of its elements, or as `dtype`."""
        if dtype is None:
            empty = np.empty(0, array.dtype)
            dtype = self._call(empty, empty, None).dtype
        return array.astype(dtype, copy=False)

    @staticmethod
    def _loops():
        from . import ufunc_loops  # compiled on first use, so that importing Metate stays fast

        return ufunc_loops

    # Seen from outside.

    @property
    def signatures(self):
        """The argument types of its loops, as tuples of types."""
        if self._signatures:
            return [one.args for one in self._signatures]
        found = []
        for texts in self._call._signatures():
            loop = tuple(types.from_ir(text.partition("<")[2].partition(",")[0] if text.startswith("array") else text)
                         for text in texts[:-1])
            if loop not in found:
                found.append(loop)
        return found

    @property
    def types(self):
        """The loops as `numpy.ufunc` writes them: "dd->d"."""
        loops = []
        for arguments in self.signatures:
            result = self._result_dtype([np.empty(0, argument.dtype) for argument in arguments])
            loops.append("".join(argument.dtype.char for argument in arguments) + "->" + result.char)
        return loops

    @property
    def ntypes(self):
        """How many loops there are."""
        return len(self.signatures)

    def __reduce__(self):
        return reduced(self, Ufunc, self.py_func, self._signatures, self.identity, self._target, self._options)

    def __repr__(self):
        return f"<metate.vectorize ufunc {self.__name__!r}>"


def _axes(axis, ndim):
    axes = tuple(range(ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    wrapped = tuple(one + ndim if one < 0 else one for one in axes)
    if any(not 0 <= one < ndim for one in wrapped):
        raise np.exceptions.AxisError(axis, ndim)
    if len(set(wrapped)) < len(wrapped):
        raise ValueError("duplicate value in 'axis'")
    return wrapped


def _into(out, values):
    if isinstance(out, tuple):
        (out,) = out
    if out is None:
        return values[()] if values.ndim == 0 else values
    if out.shape != values.shape:
        raise ValueError(f"output parameter has shape {out.shape}, but the result has {values.shape}")
    np.copyto(out, values, casting="same_kind")
    return out
