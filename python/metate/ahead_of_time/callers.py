"""callers – functions that call what is exported, where it does not take the signature's arguments as it is."""

import numpy as np

from .. import types
from .._metate import Dispatcher
from ..dispatcher import make_dispatcher
from ..errors import AheadOfTimeError
from ..gufunc import GUfunc
from ..ufunc import Ufunc, parallel_options


def make(name, function, signature):
    """The Python function that is compiled for `signature` and exported as `name`, and its options."""
    if isinstance(function, Ufunc):
        return _calling(function.py_func, function.nin, function), parallel_options(function._target, function._options)
    if isinstance(function, GUfunc):
        _, target, _, options = function._made_of
        return _calling_gufunc(name, function, signature), parallel_options(target, options)
    python, options = getattr(function, "py_func", function), getattr(function, "targetoptions", {})
    missing = python.__code__.co_argcount - len(signature.args)
    if 0 < missing <= len(python.__defaults__ or ()):
        callee = make_dispatcher(Dispatcher, python, {**options, "cache": False}, ())
        return _calling(python, len(signature.args), callee), options
    return python, options


def _calling(python, count, callee):
    """A function of the first `count` parameters of `python` that gives them to `callee`."""
    names = python.__code__.co_varnames[:count]
    return _define(python, names, f"return _metate_callee({', '.join(names)})", {"_metate_callee": callee})


def _define(python, parameters, body, names):
    """The function of that body in the place of `python`, so that messages point at the source that people know."""
    code, names = python.__code__, {**names, "__name__": python.__module__}
    text = "\n" * (code.co_firstlineno - 1) + f"def {python.__name__}({', '.join(parameters)}): {body}\n"
    exec(compile(text, code.co_filename, "exec"), names)
    function = names[python.__name__]
    function.__doc__ = python.__doc__
    return function


def _calling_gufunc(name, gufunc, signature):
    """Of the inputs, if the signature says these alone: then it makes the arrays for the results, else they are given too."""
    count = len(signature.args)
    if count == gufunc.nargs:
        return _calling(gufunc.py_func, count, gufunc)
    if count != gufunc.nin:
        raise AheadOfTimeError(f"{name} has {gufunc.nin} inputs and {gufunc.nout} results by its layout {gufunc.signature}: a signature "
                               f"gives types for the inputs, or for all of them, which {signature} does not")
    results = _results(name, gufunc, signature)
    parameters = gufunc.py_func.__code__.co_varnames[:count]
    loops = _loop_axes(name, gufunc, signature, parameters)
    loop = [_extent(axis - max(loops), loops, parameters) for axis in range(max(loops))]
    sizes = {core: f"{parameter}.shape[{front + i}]" for parameter, front, axes in zip(parameters, loops, gufunc._inputs)
             for i, core in enumerate(axes)}
    body, names, given = [], {"_metate_callee": gufunc, "_metate_empty": np.empty}, []
    for i, (result, axes) in enumerate(zip(results, gufunc._results)):
        unknown = [core for core in axes if core not in sizes]
        if unknown:
            raise AheadOfTimeError(f"the size of axis {unknown[0]!r} in the layout {gufunc.signature} of {name} is that of no input: "
                                   "give it arrays for the results too, by a signature with all types")
        extents = loop + [sizes[core] for core in axes]
        if len(extents) != getattr(result, "ndim", 0):
            raise AheadOfTimeError(f"result {i} of {name} has {len(extents)} axes for such arguments, by the layout "
                                   f"{gufunc.signature}, and {signature} says that it is {result}")
        element = result.dtype if isinstance(result, types.Array) else result
        names[f"_metate_dtype_{i}"] = element.dtype.type
        # A number is the only element of an array, which is a loop of one step.
        body.append(f"_metate_out_{i} = _metate_empty(({', '.join(extents or ['1'])},), _metate_dtype_{i})")
        given.append(f"_metate_out_{i}" + ("" if extents else "[0]"))
    outs = [f"_metate_out_{i}" for i in range(gufunc.nout)]
    body += [f"_metate_callee({', '.join([*parameters, *outs])})", f"return {', '.join(given)}"]
    return _define(gufunc.py_func, parameters, "; ".join(body), names)


def _results(name, gufunc, signature):
    """The type of each result."""
    result = signature.return_type
    found = list(result.types) if isinstance(result, types.Tuple) else [result]
    if len(found) != gufunc.nout or not all(isinstance(one, (types.Array, types.Number)) for one in found):
        wanted = "a number or an array" if gufunc.nout == 1 else f"a Tuple of {gufunc.nout} numbers or arrays"
        raise AheadOfTimeError(f"a signature of {name} for its inputs alone says what it returns, {wanted}, which {signature} does not")
    return found


def _loop_axes(name, gufunc, signature, parameters):
    """How many axes each input has in front of those that the layout names."""
    loops = []
    for parameter, given, axes in zip(parameters, signature.args, gufunc._inputs):
        loops.append(getattr(given, "ndim", 0) - len(axes))
        if loops[-1] < 0:
            raise AheadOfTimeError(f"parameter {parameter} of {name} has at least {len(axes)} axes by the layout {gufunc.signature}, and "
                                   f"{signature} says that it is {given}")
    return loops


def _extent(axis, loops, parameters):
    """What NumPy's broadcasting makes of a loop axis, counted from the last one as -1; whether all fit is checked by the call."""
    having = [f"{parameter}.shape[{front + axis}]" for parameter, front in zip(parameters, loops) if front + axis >= 0]
    return "(" + " ".join(f"{one} if {one} != 1 else" for one in having[:-1]) + f" {having[-1]})"
