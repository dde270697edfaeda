"""NumPy's spelling of what device arrays can do, as dpnp has it; and what the host computes for them under dpnp's names."""

import functools
import math
import types

import numpy as np

from .device_array import DeviceArray, asarray, asnumpy
from .device_array import complex_parts, creation, elementwise, linear_algebra, log_sums, manipulation, namespace
from .device_array import numpy_methods, numpy_reductions, reductions, selection, sorting
from .device_functions import device_func
from .queues import get_current_queue

_RENAMED = {
    "amax": numpy_reductions.max, "amin": numpy_reductions.min, "around": numpy_methods.around,
    "expand_dims": manipulation.expand_dims, "imag": complex_parts.imag, "nonzero": selection.nonzero, "real": complex_parts.real,
    "reshape": manipulation.reshape, "round": numpy_methods.around, "round_": numpy_methods.around,
    "swapaxes": manipulation.swapaxes, "unique": sorting.unique_values,
}
#: Functions whose parameter `axis` is the second here, and a keyword there; and what it is where it is not given.
_OF_AXIS = {
    "argsort": (sorting.argsort, -1), "concatenate": (manipulation.concat, 0),
    "count_nonzero": (reductions.count_nonzero, None), "flip": (manipulation.flip, None),
    "logsumexp": (log_sums.logsumexp, None), "sort": (sorting.sort, -1), "stack": (manipulation.stack, 0),
}
#: What NumPy computes on the host.
_BY_HOST = """
append argwhere array_split average bincount choose convolve corrcoef correlate cov cross delete digitize ediff1d einsum
flatnonzero fliplr flipud gradient histogram insert interp kron logspace median nan_to_num nanargmax nanargmin nanmax nanmean
nanmin nanprod nanstd nansum nanvar partition percentile polyfit polyval ptp quantile rot90 setdiff1d split trapezoid
unravel_index vander
"""
_METHODS = "diagonal dot ravel squeeze trace transpose"
_LINALG_BY_HOST = "cholesky cond det eig eigh eigvals eigvalsh inv lstsq matrix_power matrix_rank multi_dot norm pinv qr slogdet solve svd"
_FFT_BY_HOST = "fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfftn rfft rfftfreq rfftn"


def _by_axis(name, function, default):
    def of_axis(a, axis=default, out=None, **options):
        return elementwise.into(out, function(a, axis=axis, **options), name)

    of_axis.__name__ = of_axis.__qualname__ = name
    of_axis.__doc__ = function.__doc__
    return of_axis


def where(condition, x1=None, x2=None, /):
    """`x1` where `condition` is true and `x2` elsewhere; without them the places where it is true."""
    return selection.nonzero(condition) if x1 is None and x2 is None else selection.where(condition, x1, x2)


def diag(v, k=0):
    """A matrix with `v` on its diagonal, or the diagonal of a matrix."""
    if v.ndim != 1:
        return numpy_methods.diagonal(v, k)
    extent = v.shape[0] + abs(k)
    made = creation.zeros((extent, extent), v.dtype, usm_type=v.usm_type, queue=v.queue)
    made[numpy_methods.diagonal_of(made.shape, k, v.queue)] = v
    return made


def vdot(a, b):
    """The sum of the products of all elements, those of `a` conjugated."""
    return linear_algebra.vecdot(numpy_methods.ravel(a), numpy_methods.ravel(b))


def inner(a, b):
    """The sum of products along the last axes."""
    return linear_algebra.tensordot(a, b, axes=((-1,), (-1,)))


def outer(a, b):
    """The products of each element of `a` with each of `b`."""
    return elementwise.call(np.multiply, numpy_methods.ravel(a)[:, None], numpy_methods.ravel(b)[None, :])


def identity(n, dtype=None, **options):
    """The square matrix with ones on its diagonal."""
    return creation.eye(n, dtype=dtype, **options)


def _at_least(ndim):
    def at_least(a):
        shapes = {1: (1,), 2: (1, -1)} if a.ndim < ndim else {}
        return a if a.ndim >= ndim else manipulation.reshape(a, (1,) * ndim if a.ndim == 0 else shapes[ndim])

    at_least.__name__ = at_least.__qualname__ = f"atleast_{ndim}d"
    at_least.__doc__ = f"The array with at least {ndim} axes."
    return at_least


def vstack(arrays):
    """Arrays one below the other."""
    return manipulation.concat([_at_least(2)(each) for each in arrays], axis=0)


def hstack(arrays):
    """Arrays side by side."""
    arrays = [_at_least(1)(each) for each in arrays]
    return manipulation.concat(arrays, axis=0 if arrays[0].ndim == 1 else 1)


def column_stack(arrays):
    """Vectors as columns of a matrix, matrices as they are."""
    return manipulation.concat([each[:, None] if each.ndim == 1 else each for each in arrays], axis=1)


def array_equal(a1, a2):
    """Whether two arrays have the same shape and elements."""
    return a1.shape == a2.shape and bool(reductions.all(elementwise.call(np.equal, a1, a2)))


def isclose(a, b, rtol=1e-05, atol=1e-08):
    """For each element whether it is near that of `b`: not farther than ``atol + rtol * abs(b)``."""
    reach = elementwise.call(np.add, elementwise.call(np.multiply, elementwise.call(np.absolute, b), rtol), atol)
    distance = elementwise.call(np.absolute, elementwise.call(np.subtract, a, b))
    near = elementwise.call(np.less_equal, distance, reach)
    return elementwise.call(np.logical_or, near, elementwise.call(np.equal, a, b))


def copyto(dst, src):
    """``dst[...] = src``"""
    elementwise.assign(dst, src)


def ascontiguousarray(a, dtype=None):
    """The array in C's order; a copy where it is in another."""
    a = elementwise.astype(a, a.dtype if dtype is None else dtype, copy=False)
    return a if a._layout.flags.c_contiguous else namespace.copy(a)


def shape(a):
    """The extents."""
    return a.shape


def ndim(a):
    """The number of axes."""
    return a.ndim


def size(a, axis=None):
    """The number of elements, or the extent of an axis."""
    return a.size if axis is None else a.shape[axis]


def synchronize_array_data(a):
    """Wait for what the queue of an array does."""
    a.queue.wait()


def is_supported_array_type(a):
    """Whether it is a device array."""
    return isinstance(a, DeviceArray)


@functools.cache
def _special_functions():
    return {function.__name__: _special(function) for function in (math.erf, math.erfc)}


def _special(function):
    from .ufunc import vectorize

    of_number = device_func(_of_number(function))

    def of_elements(x, out=None):
        x = x if x.dtype.kind == "f" else elementwise.astype(x, np.float64)
        return elementwise.apply(of_number, [x], x.dtype, out)

    of_elements.__name__ = of_elements.__qualname__ = function.__name__
    of_elements.__doc__ = f"`math.{function.__name__}` of the elements."
    of_elements.__metate_compiled_as__ = vectorize(_of_number(function))
    return of_elements


def by_host(function):
    """A function of NumPy's, for device arrays: the host computes it, and the result goes to the queue of the arrays."""

    @functools.wraps(function)
    def on_host(*arguments, **options):
        found = []
        arguments, options = _fetched(arguments, found), {name: _fetched(each, found) for name, each in options.items()}
        return _sent(function(*arguments, **options), elementwise.common_queue(found) or get_current_queue())

    return on_host


def _fetched(value, found):
    if isinstance(value, DeviceArray):
        found.append(value)
        return asnumpy(value)
    return type(value)(_fetched(each, found) for each in value) if type(value) in (tuple, list) else value


def _sent(value, queue):
    if isinstance(value, (np.ndarray, np.generic)):
        return asarray(value, queue=queue)
    if isinstance(value, (tuple, list)):
        parts = [_sent(each, queue) for each in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value


def host_functions(package):
    """The functions of ``dpnp.linalg`` or ``dpnp.fft``, by name."""
    names = {np.linalg: _LINALG_BY_HOST, np.fft: _FFT_BY_HOST}[package]
    return {name: by_host(getattr(package, name)) for name in names.split()}


@functools.cache
def in_compiled_code():
    """The module that stands for dpnp and dpctl.tensor in compiled functions: NumPy, and the functions that it lacks."""
    module = types.ModuleType("numpy", "NumPy, with the functions of `math` that dpnp has.")
    module.__dict__.update(vars(np))
    for function in _special_functions().values():
        setattr(module, function.__name__, function.__metate_compiled_as__)
    return module


def _of_number(function):
    def of_number(x):
        return function(x)

    of_number.__name__ = of_number.__qualname__ = function.__name__
    return of_number


def functions():
    """What dpnp has beside creation and the functions of the array API standard, by name."""
    ufuncs = {name: each for name, each in vars(np).items()
              if isinstance(each, np.ufunc) and each.signature is None and each.nout == 1}
    made = {name: namespace._function(each, name) for name, each in ufuncs.items()}
    made |= {name: by_host(getattr(np, name)) for name in _BY_HOST.split() if hasattr(np, name)}
    made |= {name: _by_axis(name, *what) for name, what in _OF_AXIS.items()} | _RENAMED
    made |= {each.__name__: each for each in map(_at_least, (1, 2))}
    made |= _special_functions()
    made |= {name: getattr(numpy_methods, name) for name in _METHODS.split()}
    made |= {each.__name__: each for each in numpy_reductions.METHODS}
    own = (array_equal, ascontiguousarray, column_stack, copyto, diag, hstack, identity, inner, is_supported_array_type, isclose,
           ndim, outer, shape, size, synchronize_array_data, vdot, vstack, where)
    made |= {each.__name__: each for each in own}
    return made | {"bool": np.bool_, "bool_": np.bool_, "integer": np.integer, "floating": np.floating, "number": np.number,
                   "int_": np.int_, "float": float, "int": int, "complex": complex, "finfo": np.finfo, "iinfo": np.iinfo,
                   "isscalar": np.isscalar, "float_": np.float64}
