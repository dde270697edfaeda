"""Functions of arrays that work on the last axes of bigger ones, as NumPy's generalised ufuncs do: `guvectorize`."""

import functools
import re

import numpy as np

from . import dispatcher as _dispatcher
from . import options as _options
from . import types
from ._metate import Dispatcher
from .travel import reduced
from .ufunc import array_ufunc_override, parallel_options

_ARGUMENT = re.compile(r"\(([^()]*)\)")
_NAME = re.compile(r"[A-Za-z_]\w*\Z")


def guvectorize(*arguments, target="cpu", writable_args=(), identity=None, **options):
    """Make a generalised ufunc out of a function that writes its results into its last arguments.

    ``guvectorize(signatures, layout)`` or ``guvectorize(layout)``: the layout says which axes of each argument one call
    of the function sees, ``"(m,n),(n)->(m)"``; all axes in front of these are looped over, with broadcasting. An
    input with no axes is a number (declared as ``float64[:]``, an array of one element, as a result with no axes is). Without signatures it is compiled
    for the dtypes that it is called with.

    Parameters
    ----------
    signatures : list of str or Signature, optional
        The types of all arguments, results included; the result type is void.
    layout : str
    target : {"cpu", "parallel"}
        "parallel" runs over the looped axes on several threads.
    writable_args : tuple of int or str
        Inputs that the function writes into as well; all others are read-only.

    Examples
    --------
    >>> import numpy as np
    >>> from metate import guvectorize
    >>> @guvectorize(["void(float64[:], float64, float64[:])"], "(n),()->(n)")
    ... def shifted(x, by, out):
    ...     for i in range(x.shape[0]):
    ...         out[i] = x[i] + by
    >>> shifted(np.zeros((2, 3)), np.array([1.0, 2.0]))
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    if len(arguments) == 1:
        signatures, layout = [], arguments[0]
    elif len(arguments) == 2:
        signatures, layout = types.parse_signatures(arguments[0]), arguments[1]
    else:
        raise TypeError("guvectorize takes signatures and a layout, or a layout")
    return lambda function: GUfunc(function, signatures, layout, target, writable_args, options)


def parse_layout(layout):
    """The names of the core axes of each input and each result."""
    sides = layout.replace(" ", "").split("->") if isinstance(layout, str) else ()
    if len(sides) != 2:
        raise ValueError(f"cannot read the layout {layout!r}: it is written like \"(m,n),(n)->(m)\"")
    parsed = []
    for side in sides:
        if side and ",".join(f"({axes})" for axes in _ARGUMENT.findall(side)) != side:
            raise ValueError(f"cannot read the layout {layout!r}: {side!r} is no list of axes in ()")
        parsed.append([axes.split(",") if axes else [] for axes in _ARGUMENT.findall(side)])
    inputs, results = parsed
    for axes in inputs + results:
        for name in axes:
            if not _NAME.match(name):
                raise ValueError(f"cannot read the layout {layout!r}: {name!r} is no name of an axis")
    return inputs, results


class GUfunc(_dispatcher.Shown):
    """A compiled function that is called for each place of its arguments' leading axes."""

    def __init__(self, function, signatures, layout, target, writable_args, options):
        _options.check_function(function, "guvectorize", options)
        self._inputs, self._results = parse_layout(layout)
        self.nin, self.nout = len(self._inputs), len(self._results)
        self.nargs, self.signature, self.py_func = self.nin + self.nout, layout, function
        names = function.__code__.co_varnames[:function.__code__.co_argcount]
        if len(names) != self.nargs:
            raise TypeError(f"{function.__name__}() takes {len(names)} arguments, but its layout has {self.nargs}")
        self._writable = {names.index(one) if isinstance(one, str) else one for one in writable_args}
        split, nogil, cached = _options.split(parallel_options(target, options))
        self._signatures, self._made_of = signatures, (layout, target, writable_args, options)
        self._declared = [self._check(signature) for signature in signatures]
        numbers = {}
        axes = [[numbers.setdefault(name, len(numbers)) for name in one] for one in self._inputs + self._results]
        self._call = self.__metate_dispatcher__ = Dispatcher(function, split, nogil, cached)
        texts = [tuple(self._part(i, one) for i, one in enumerate(arguments)) for arguments in self._declared]
        self._call._adapt(_dispatcher.GENERALISED, [(arguments, None) for arguments in texts], axes, self.nout)
        functools.update_wrapper(self, function)
        for arguments in self._declared:
            self._call._compile([self._whole(one, core) for one, core in zip(arguments, self._inputs + self._results)])

    def _check(self, signature):
        if signature.return_type not in (None, types.void):
            raise TypeError(f"a function made by guvectorize returns nothing, but {signature} is declared")
        if len(signature.args) != self.nargs:
            raise TypeError(f"{signature} has {len(signature.args)} types, but the layout has {self.nargs} arguments")
        for i, (given, axes) in enumerate(zip(signature.args, self._inputs + self._results)):
            ndim = max(len(axes), 1) if i >= self.nin else len(axes)
            has = given.ndim if isinstance(given, types.Array) else 0
            # A number may be declared as an array of one element.
            if has != ndim and not (not axes and has == 1):
                raise TypeError(f"argument {i + 1} of {signature} has {has} axes, but the layout gives it {len(axes)}")
        return signature.args

    def _part(self, i, given):
        """An argument of one call of the function. What is only read may be, and after broadcasting is, read-only."""
        if not isinstance(given, types.Array):
            return given.element
        return types.Array(given.dtype, given.ndim, given.layout, i < self.nin and i not in self._writable).ir

    @staticmethod
    def _whole(given, core):
        """An argument of one call, one loop axis in front."""
        element = given.dtype.element if isinstance(given, types.Array) else given.element
        return f"array<{element},{len(core) + 1},C>"

    def __call__(self, *args, out=None, **kwargs):
        if kwargs:
            raise TypeError(f"{self.__name__}() got an unexpected keyword argument {next(iter(kwargs))!r}")
        if not self.nin <= len(args) <= self.nargs:
            raise TypeError(f"{self.__name__}() takes from {self.nin} to {self.nargs} arguments but {len(args)} were given")
        outs = args[self.nin:] or (() if out is None else out if isinstance(out, tuple) else (out,))
        override = array_ufunc_override(self, "__call__", args[:self.nin], {"out": tuple(outs)} if outs else {})
        if override is not NotImplemented:
            return override
        inputs = [np.asarray(given) for given in args[:self.nin]]
        wanted, given_back = self._find(inputs, outs)
        for i in self._writable:
            if inputs[i].dtype != wanted[i]:
                raise TypeError(f"argument {i} is written, so it has to be an array of dtype {wanted[i]}")
        inputs = [given.astype(dtype, copy=False) for given, dtype in zip(inputs, wanted)]
        sizes, loop = self._shapes(inputs, outs)
        results, targets = [], []
        for axes, dtype, given in zip(self._results, given_back, [*outs, *([None] * self.nout)]):
            shape = loop + tuple(sizes[name] for name in axes)
            if given is not None and given.shape != shape:
                raise ValueError(f"{self.__name__}(): the array for a result has shape {given.shape}, not {shape}")
            direct = given is not None and given.dtype == dtype and not any(np.may_share_memory(given, one) for one in inputs)
            results.append(given if direct else np.empty(shape, dtype))
            targets.append(None if direct or given is None else given)
        spread = [np.broadcast_to(one, loop + one.shape[one.ndim - len(axes):]) if one.ndim > len(axes) else one
                  for one, axes in zip(inputs, self._inputs)]
        spread = [inputs[i] if i in self._writable else one for i, one in enumerate(spread)]
        self._call(*spread, *results)
        for i, target in enumerate(targets):
            if target is not None:
                np.copyto(target, results[i], casting="same_kind")
                results[i] = target
        finished = [one[()] if one.ndim == 0 else one for one in results]
        return None if not finished else finished[0] if len(finished) == 1 else tuple(finished)

    def _find(self, inputs, outs):
        """The dtypes of inputs and of results: of the first declaration that takes the inputs safely, else their own."""
        for arguments in self._declared:
            dtypes = [one.dtype.dtype if isinstance(one, types.Array) else one.dtype for one in arguments]
            if all(np.can_cast(given.dtype, dtype) for given, dtype in zip(inputs, dtypes)):
                return dtypes[:self.nin], dtypes[self.nin:]
        if self._declared:
            raise TypeError(f"ufunc '{self.__name__}' not supported for the input types "
                            f"({', '.join(str(given.dtype) for given in inputs)}), and the inputs could not be safely "
                            f"coerced to any supported types according to the casting rule 'safe'")
        if len(outs) != self.nout:
            raise TypeError(f"{self.__name__}() has no signatures, so it needs arrays for its results: "
                            f"{self.nargs} arguments")
        return [given.dtype for given in inputs], [given.dtype for given in outs]

    def _shapes(self, inputs, outs):
        """The sizes of the core axes by name, and the broadcast extents of the loop."""
        sizes, loops = {}, []
        for i, (one, axes) in enumerate(zip(inputs, self._inputs)):
            if one.ndim < len(axes):
                raise ValueError(f"{self.__name__}: Input operand {i} does not have enough dimensions (has {one.ndim}, "
                                 f"gufunc core with signature {self.signature} requires {len(axes)})")
            loops.append(one.shape[:one.ndim - len(axes)])
            for k, name in enumerate(axes):
                size = one.shape[one.ndim - len(axes) + k]
                if sizes.setdefault(name, size) != size:
                    raise ValueError(f"{self.__name__}: Input operand {i} has a mismatch in its core dimension {k}, with "
                                     f"gufunc signature {self.signature} (size {size} is different from {sizes[name]})")
        loop = np.broadcast_shapes(*loops)
        for axes, given in zip(self._results, outs):
            for k, name in enumerate(axes):
                if name not in sizes and given.ndim >= len(axes):
                    sizes[name] = given.shape[given.ndim - len(axes) + k]
        missing = [name for axes in self._results for name in axes if name not in sizes]
        if missing:
            raise ValueError(f"{self.__name__}: the size of axis {missing[0]!r} is that of no input; give an array for the result")
        return sizes, loop

    @property
    def types(self):
        """The declared loops as `numpy.ufunc` writes them: "dd->d"."""
        dtypes = [[one.dtype.dtype if isinstance(one, types.Array) else one.dtype for one in arguments]
                  for arguments in self._declared]
        return ["".join(one.char for one in loop[:self.nin]) + "->" + "".join(one.char for one in loop[self.nin:])
                for loop in dtypes]

    def __reduce__(self):
        return reduced(self, _rebuild, self.py_func, self._signatures, self._made_of)

    def __repr__(self):
        return f"<metate.guvectorize ufunc {self.__name__!r} {self.signature}>"


def _rebuild(function, signatures, made_of):
    layout, target, writable_args, options = made_of
    return GUfunc(function, signatures, layout, target, writable_args, options)
