"""Functions of elements, over broadcast device arrays, as kernels on the arrays' queue.

Any NumPy ufunc that compiled code knows, or a Python function.
"""

import functools

import numpy as np

from .._metate import RowCalls
from ..device_functions import device_func
from ..errors import ExecutionQueueInferenceError
from . import layout
from .array import DeviceArray, empty_on
from .element_kernels import element, kernel_of, launch_runs, number, row_operator


def fill(out, function, operands, ways):
    """out[i] = function(operands …) for all i of an array with one axis, with the place i for operands that are `position`."""
    if out.size:
        launch_runs(out.queue, function, ways, operands, out._layout)


def common_queue(arrays):
    """The queue of all device arrays among `arrays`."""
    common = None
    for array in arrays:
        if not isinstance(array, DeviceArray):
            continue
        if common is None:
            common = array.queue
        elif array.queue is not common:
            raise ExecutionQueueInferenceError(f"device arrays work together on one queue, and these have two: {common!r} "
                                               f"and {array.queue!r}; a.to_device(queue) moves one")
    return common


_COERCION = ("device", "shared", "host")


def usm_type_of(arrays):
    """The kind of memory of what is made of `arrays`: device before shared before host."""
    kinds = {array._memory._kind for array in arrays if isinstance(array, DeviceArray)}
    return kinds.pop() if len(kinds) == 1 else next(kind for kind in _COERCION if kind in kinds)


def _common_shape(arrays):
    shape = arrays[0].shape
    for array in arrays:
        if array.shape != shape:
            return np.broadcast_shapes(*(array.shape for array in arrays))
    return shape


def apply(function, operands, dtype, out=None):
    """An array of function(…) of the elements of `operands`, device arrays or numbers, broadcast against each other.

    It is of `dtype`, or `out`, which is then written and given back.
    """
    arrays = [each for each in operands if isinstance(each, DeviceArray)]
    queue = common_queue([*arrays, out])
    shape = _common_shape(arrays)
    sources = arrays
    if out is None:
        out = empty_on(queue, shape, dtype, usm_type_of(arrays))
    elif shape != out.shape and np.broadcast_shapes(shape, out.shape) != out.shape:
        raise ValueError(f"an array of shape {out.shape} cannot take results of shape {shape}")
    elif not out._layout.flags.writeable:
        raise ValueError("output array is read-only")
    else:
        sources = [_apart(out, array) for array in arrays]  # which keep their memory until the kernels are done
    if out.size == 0:
        return out
    ways = tuple(element if isinstance(each, DeviceArray) else number for each in operands)
    read = [array._layout if array.shape == out.shape else np.broadcast_to(array._layout, out.shape) for array in sources]
    for views in layout.launches(layout.merged([*read, out._layout])):
        given = iter(views)
        arguments = [next(given) if way is element else each for way, each in zip(ways, operands)]
        launch_runs(queue, function, ways, arguments, views[-1])
    return out


@device_func
def same(value):
    """The function that copies."""
    return value


def _apart(out, array):
    """`array`, or a copy of it where writing `out` would change it while it is read."""
    if not layout.overlap(out._layout, np.broadcast_to(array._layout, out.shape)):
        return array
    return apply(same, [array], array.dtype)


_OPERANDS = (DeviceArray, np.generic, int, float, complex)
_COMPARISONS = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)


def _type_of(operand):
    if isinstance(operand, (DeviceArray, np.generic)):
        return operand.dtype
    return np.dtype(bool) if type(operand) is bool else type(operand)


def _number_for(ufunc, value, dtype):
    """A number as one of `dtype`, the ufunc's. Comparisons take integers of any size."""
    if isinstance(value, np.generic):
        return value
    try:
        return dtype.type(value)
    except OverflowError:
        if ufunc not in _COMPARISONS:
            raise
    return np.int64(value) if -2**63 <= value < 2**63 else np.uint64(value) if 0 <= value < 2**64 else np.float64(value)


@functools.cache
def _resolved(ufunc, *types):
    """The dtypes of the ufunc's loop for operands of these types, and of its result."""
    return ufunc.resolve_dtypes((*types, None))


@device_func
def _whole_power(base, exponent):
    if exponent < 0:
        raise ValueError("Integers to negative integer powers are not allowed.")
    return np.power(base, exponent)


# The array API standard says more than NumPy of numbers with a part that is not finite.

@device_func
def _complex_expm1(z):
    return np.expm1(z) if np.isfinite(z) and z != 0 else np.exp(z) - 1


@device_func
def _complex_sign(z):
    return z * np.nan if np.isnan(z) else np.sign(z)


_OF_COMPLEX = {np.expm1: _complex_expm1, np.sign: _complex_sign}


def _in_kernels(ufunc, dtypes):
    """The function that kernels have for a ufunc's loop of these dtypes."""
    if dtypes[0].kind == "c":
        return _OF_COMPLEX.get(ufunc, ufunc)
    return _whole_power if ufunc is np.power and dtypes[1].kind == "i" else ufunc


def _plan(ufunc, *types):
    """For operands in rows of these types: the kernel's dispatcher, and the ufunc's dtypes; or None."""
    if len(types) != ufunc.nin:
        return None
    dtypes = _resolved(ufunc, *types)
    if _in_kernels(ufunc, dtypes) is not ufunc:
        return None
    ways = tuple(element if isinstance(each, np.dtype) else number for each in types)
    return kernel_of(ufunc, 1, ways)._dispatcher, dtypes


@functools.cache
def _rows_of(ufunc):
    return RowCalls(functools.partial(_plan, ufunc))


def operator_of(ufunc, otherwise, reflected=False):
    """The ufunc of arrays in rows, and `otherwise` for other operands: see `row_operator`."""
    return row_operator(_rows_of(ufunc), otherwise, reflected)


@functools.cache
def _function_of(ufunc):
    return operator_of(ufunc, functools.partial(_call, ufunc))


def call(ufunc, *operands, out=None):
    """A NumPy ufunc of device arrays and numbers; Python's numbers take the dtypes of the arrays, as in NumPy."""
    return _function_of(ufunc)(*operands) if out is None else _call(ufunc, *operands, out=out)


def _call(ufunc, *operands, out=None):
    for each in operands:
        if not isinstance(each, _OPERANDS):
            refuse_host(each)
    types = _resolved(ufunc, *map(_type_of, operands))
    if out is not None and not np.can_cast(types[-1], out.dtype, "same_kind"):
        raise TypeError(f"cannot cast results of {ufunc.__name__} from {types[-1]} to {out.dtype} by the rule 'same_kind'")
    function = _in_kernels(ufunc, types)
    if function is not ufunc:  # which is for one dtype
        operands = [astype(each, types[0], copy=False) if isinstance(each, DeviceArray) else types[0].type(each)
                    for each in operands]
    else:
        operands = [each if isinstance(each, DeviceArray) else _number_for(ufunc, each, dtype)
                    for each, dtype in zip(operands, types)]
    return apply(function, operands, types[-1], out)


def refuse_host(operand):
    """Raise the error for an operand that is no device array."""
    if isinstance(operand, np.ndarray):
        raise TypeError("a NumPy array and a device array do not mix: metate.asarray(a) copies the one to the device, "
                        "metate.asnumpy(a) the other to the host")
    raise TypeError(f"device arrays do not work together with a {type(operand).__name__}")


def _conversion(dtype):
    return _is_true if dtype.kind == "b" else dtype.type


@device_func
def _is_true(value):
    return value != 0


def astype(array, dtype, copy=True):
    """The elements as numbers of `dtype`; the array itself if it is of that dtype and no `copy` is wanted."""
    dtype = np.dtype(dtype)
    if dtype == array.dtype:
        return apply(same, [array], dtype) if copy else array
    if array.dtype.kind == "c" and dtype.kind not in "cb":
        raise TypeError(f"{array.dtype} has no meaning as {dtype}: take the real part of it first")
    return apply(_conversion(dtype), [array], dtype)


def assign(out, value):
    """out[...] = value, a device array or a number."""
    if not isinstance(value, DeviceArray):
        apply_number(out, value)
    elif value.dtype == out.dtype:
        apply(same, [value], out.dtype, out)
    elif value.dtype.kind == "c" and out.dtype.kind not in "cb":
        raise TypeError(f"{value.dtype} has no meaning as {out.dtype}: take the real part of it first")
    else:
        apply(_conversion(out.dtype), [value], out.dtype, out)


def into(out, result, name):
    """The `result` of a function; or `out`, a device array of its shape, which gets it, cast by NumPy's rule "same_kind"."""
    if out is None:
        return result
    if not isinstance(out, DeviceArray):
        refuse_host(out)
    if out.shape != result.shape:
        raise ValueError(f"{name}: the result is of shape {result.shape}, and out of shape {out.shape}")
    if not np.can_cast(result.dtype, out.dtype, "same_kind"):
        raise TypeError(f"cannot cast results of {name} from {result.dtype} to {out.dtype} by the rule 'same_kind'")
    assign(out, result)
    return out


def apply_number(out, value):
    """out[...] = value, a number."""
    if not out._layout.flags.writeable:
        raise ValueError("assignment destination is read-only")
    if out.size == 0:
        return
    value = np.array(value).astype(out.dtype)[()] if isinstance(value, np.generic) else np.array(value, out.dtype)[()]
    for (view,) in layout.launches(layout.merged([out._layout])):
        launch_runs(out.queue, same, (number,), (value,), view)


def of_numpy(self, ufunc, method, *inputs, out=None, **options):
    """`__array_ufunc__`: NumPy's ufuncs, and those that `metate.vectorize` makes, of device arrays."""
    if ufunc.signature is not None:
        raise TypeError(f"{ufunc.__name__}() takes whole axes, {ufunc.signature}, and such ufuncs compute on the host alone: "
                        "metate.asnumpy(a) copies a device array there; on the device compute kernels, njit(parallel=True) "
                        "functions and the functions of a.__array_namespace__()")
    if method != "__call__" or options or ufunc.nout != 1:
        what = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        more = f" with {', '.join(options)}" if options else ""
        raise TypeError(f"{what}{more} is not there for device arrays")
    (out,) = out or (None,)
    if out is not None and not isinstance(out, DeviceArray):
        refuse_host(out)
    if isinstance(ufunc, np.ufunc):
        return call(ufunc, *inputs, out=out)
    for each in inputs:
        if not isinstance(each, _OPERANDS):
            refuse_host(each)
    samples = [np.empty(0, each.dtype) if isinstance(each, DeviceArray) else each for each in inputs]
    return apply(ufunc.py_func, inputs, ufunc._result_dtype(samples), out)
