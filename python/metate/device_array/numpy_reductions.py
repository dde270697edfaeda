"""The reductions of device arrays with the parameters of NumPy's methods.

NumPy's functions forward to methods of their names and pass all that they have: ``numpy.sum(a)`` calls
``a.sum(axis=None, out=None)``. So these compute on the device, and write to `out`, a device array of the result's shape.
"""

from . import elementwise, manipulation, reductions


def _of_dtype(function):
    def reduction(a, axis=None, dtype=None, out=None, keepdims=False):
        return elementwise.into(out, function(a, axis=axis, dtype=dtype, keepdims=keepdims), function.__name__)

    return _named(reduction, function.__name__, function.__doc__)


def _without_dtype(function):
    def reduction(a, axis=None, out=None, keepdims=False):
        return elementwise.into(out, function(a, axis=axis, keepdims=keepdims), function.__name__)

    return _named(reduction, function.__name__, function.__doc__)


def _running(name, function):
    def running(a, axis=None, dtype=None, out=None):
        row = manipulation.reshape(a, (-1,)) if axis is None else a
        return elementwise.into(out, function(row, axis=0 if axis is None else axis, dtype=dtype), name)

    return _named(running, name, f"{function.__doc__} Of all elements in a row where there is no `axis`.")


def _named(function, name, text):
    function.__name__ = function.__qualname__ = name
    function.__doc__ = text
    return function


def _converted(a, dtype):
    return a if dtype is None else elementwise.astype(a, dtype, copy=False)


def mean(a, axis=None, dtype=None, out=None, keepdims=False):
    """The mean along `axis`, computed in `dtype`; by default that of integers as float64."""
    result = reductions.mean(_converted(a, dtype), axis=axis, keepdims=keepdims)
    return elementwise.into(out, _converted(result, dtype), "mean")


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """The standard deviation along `axis`, computed in `dtype`; `ddof` is what the number of elements is lessened by."""
    result = reductions.std(_converted(a, dtype), axis=axis, correction=ddof, keepdims=keepdims)
    return elementwise.into(out, result, "std")


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """The variance along `axis`, computed in `dtype`; `ddof` is what the number of elements is lessened by."""
    result = reductions.var(_converted(a, dtype), axis=axis, correction=ddof, keepdims=keepdims)
    return elementwise.into(out, result, "var")


sum, prod = map(_of_dtype, (reductions.sum, reductions.prod))  # noqa: A001 – NumPy's names
min, max, any, all, argmin, argmax = map(  # noqa: A001
    _without_dtype, (reductions.min, reductions.max, reductions.any, reductions.all, reductions.argmin, reductions.argmax))
cumsum = _running("cumsum", reductions.cumulative_sum)
cumprod = _running("cumprod", reductions.cumulative_prod)

METHODS = (all, any, argmax, argmin, cumprod, cumsum, max, mean, min, prod, std, sum, var)
