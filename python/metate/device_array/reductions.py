"""One number out of many: sums, extremes, their places, and running sums.

The function that reduces, NumPy's, is frozen into a kernel that applies it to a run of a row. Long rows are cut into runs,
by their length alone, so that results do not depend on the device's state, and a second kernel reduces what the runs gave.
"""

import functools
import operator

import numpy as np

from ..decorators import njit
from ..kernel_language import get_global_id
from ..kernels import kernel
from . import elementwise, layout
from .array import DeviceArray, empty_on
from .element_kernels import launch

_RUN, _MOST_RUNS = 4096, 256
_least, _most = min, max  # of Python: below these names are of the arrays' functions


@functools.cache
def _partial(function):
    def partial(rows, length, out):
        row, run = get_global_id(0), get_global_id(1)
        start = run * length
        out[row, run] = function(rows[row, start:_least(start + length, rows.shape[1])])

    return kernel(partial, boundscheck=False)


@functools.cache
def _partial_place(function):
    def partial_place(rows, length, places, values):
        row, run = get_global_id(0), get_global_id(1)
        start = run * length
        place = start + function(rows[row, start:_least(start + length, rows.shape[1])])
        places[row, run] = place
        values[row, run] = rows[row, place]

    return kernel(partial_place, boundscheck=False)


@functools.cache
def _best_place(function):
    def best_place(places, values, out):
        row = get_global_id(0)
        out[row] = places[row, function(values[row, :])]

    return kernel(best_place, boundscheck=False)


@njit(boundscheck=False)
def _any(run):
    for k in range(run.size):
        if run[k] != 0:
            return True
    return False


@njit(boundscheck=False)
def _all(run):
    for k in range(run.size):
        if run[k] == 0:
            return False
    return True


def _run_length(rows, extent):
    """How many elements a work-item reduces."""
    if extent <= 2 * _RUN or rows >= _MOST_RUNS:
        return _most(extent, 1)
    return _most(_RUN, -(-extent // _MOST_RUNS))


def _launch(queue, kernel, rows, runs, arguments):
    shape = (rows, runs)
    launch(queue, kernel, shape, arguments, [1, 1] if queue.device.is_cpu and rows * runs <= 4096 else ())


def _axes(axis, ndim):
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = [operator.index(each) for each in axes]
    for each in axes:
        if not -ndim <= each < ndim:
            raise np.exceptions.AxisError(each, ndim)
    axes = sorted(each % ndim for each in axes)
    if len(set(axes)) < len(axes):
        raise ValueError("duplicate value in 'axis'")
    return axes


class _Rows:
    """An array as rows to be reduced, and the shape of the result."""

    def __init__(self, x, axis, keepdims):
        if not isinstance(x, DeviceArray):
            elementwise.refuse_host(x)
        axes = _axes(axis, x.ndim)
        kept = [i for i in range(x.ndim) if i not in axes]
        turned = x._view(x._layout.transpose(*kept, *axes))
        self.extent = layout.count(x.shape[i] for i in axes)
        self.count = layout.count(x.shape[i] for i in kept)
        self.array = reshaped(turned, (self.count, self.extent))
        self.shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape) if keepdims or i not in axes)

    def finish(self, result):
        return result._view(result._layout.reshape(self.shape))


def reshaped(x, shape):
    """The elements in C's order in another shape, as a view where that can be."""
    try:
        return x._view(np.reshape(x._layout, shape, copy=False))
    except ValueError:
        copied = elementwise.astype(x, x.dtype)
        return copied._view(copied._layout.reshape(shape))


def reduce(function, x, axis, keepdims, dtype, identity=None, again=None):
    """`function` of the elements along the axes; `again` puts together what runs gave, `function` itself if None."""
    rows = _Rows(x, axis, keepdims)
    array, queue = rows.array, x.queue
    if rows.extent == 0:
        if identity is None:
            raise ValueError(f"zero-size array to reduction operation {function.__name__} which has no identity")
        made = empty_on(queue, rows.shape, dtype, x.usm_type)
        elementwise.assign(made, np.dtype(dtype).type(identity))
        return made
    while True:
        length = _run_length(rows.count, array.shape[1])
        runs = -(-array.shape[1] // length)
        made = empty_on(queue, (rows.count, runs), dtype, x.usm_type)
        if rows.count:
            _launch(queue, _partial(function), rows.count, runs, (array._layout, length, made._layout))
        if runs == 1:
            return rows.finish(made)
        array, function = made, again or function


def _sum_dtype(dtype):
    return np.add.reduce(np.empty(0, dtype)).dtype


def _converted(x, dtype):
    return x if dtype is None else elementwise.astype(x, dtype, copy=False)


def sum(x, /, *, axis=None, dtype=None, keepdims=False):  # noqa: A001 – NumPy's name
    """The sum along `axis`: one, a tuple of them, or None for all. Of `dtype`; by default integers are summed as int64."""
    x = _converted(x, dtype)
    result = x.dtype if dtype is not None else _sum_dtype(x.dtype)
    return elementwise.astype(reduce(np.sum, x, axis, keepdims, _sum_dtype(x.dtype), 0), result, copy=False)


def prod(x, /, *, axis=None, dtype=None, keepdims=False):
    """The product along `axis`; parameters as for `sum`."""
    x = _converted(x, dtype)
    result = x.dtype if dtype is not None else _sum_dtype(x.dtype)
    return elementwise.astype(reduce(np.prod, x, axis, keepdims, _sum_dtype(x.dtype), 1), result, copy=False)


def min(x, /, *, axis=None, keepdims=False):  # noqa: A001
    """The smallest element along `axis`, NaN if there is one."""
    return reduce(np.min, x, axis, keepdims, x.dtype)


def max(x, /, *, axis=None, keepdims=False):  # noqa: A001
    """The largest element along `axis`, NaN if there is one."""
    return reduce(np.max, x, axis, keepdims, x.dtype)


def any(x, /, *, axis=None, keepdims=False):  # noqa: A001
    """Whether an element along `axis` is not zero."""
    return reduce(_any, x, axis, keepdims, np.bool, False)


def all(x, /, *, axis=None, keepdims=False):  # noqa: A001
    """Whether no element along `axis` is zero."""
    return reduce(_all, x, axis, keepdims, np.bool, True)


def count_nonzero(x, /, *, axis=None, keepdims=False):
    """How many elements along `axis` are not zero."""
    return sum(elementwise.call(np.not_equal, x, 0) if x.dtype != bool else x, axis=axis, keepdims=keepdims)


def _inexact(x):
    return x if x.dtype.kind in "fc" else elementwise.astype(x, np.float64)


def mean(x, /, *, axis=None, keepdims=False):
    """The mean along `axis`, of integers as float64."""
    x = _inexact(x)
    total = sum(x, axis=axis, keepdims=keepdims)
    return elementwise.call(np.true_divide, total, float(layout.count(x.shape[i] for i in _axes(axis, x.ndim))))


def var(x, /, *, axis=None, correction=0.0, keepdims=False):
    """The variance along `axis`: the sum of squares of differences from the mean, by their number less `correction`."""
    x = _inexact(x)
    away = elementwise.call(np.subtract, x, mean(x, axis=axis, keepdims=True))
    if x.dtype.kind == "c":
        away = elementwise.call(np.absolute, away)
    total = sum(elementwise.call(np.multiply, away, away), axis=axis, keepdims=keepdims)
    count = layout.count(x.shape[i] for i in _axes(axis, x.ndim)) - correction
    return elementwise.call(np.true_divide, total, float(count if count > 0 else 0))


def std(x, /, *, axis=None, correction=0.0, keepdims=False):
    """The square root of the variance along `axis`; parameters as for `var`."""
    return elementwise.call(np.sqrt, var(x, axis=axis, correction=correction, keepdims=keepdims))


def _place(function, x, axis, keepdims):
    rows = _Rows(x, axis, keepdims)
    queue, shape = x.queue, rows.shape
    if rows.extent == 0:
        raise ValueError(f"attempt to get {function.__name__} of an empty sequence")
    made = empty_on(queue, (rows.count,), np.int64, x.usm_type)
    if rows.count:
        length = _run_length(rows.count, rows.extent)
        runs = -(-rows.extent // length)
        places, values = (empty_on(queue, (rows.count, runs), dtype, "device") for dtype in (np.int64, x.dtype))
        _launch(queue, _partial_place(function), rows.count, runs,
                (rows.array._layout, length, places._layout, values._layout))
        launch(queue, _best_place(function), (rows.count,), (places._layout, values._layout, made._layout))
    return made._view(made._layout.reshape(shape))


def argmin(x, /, *, axis=None, keepdims=False):
    """The index along `axis` of the first smallest element; of all elements in C's order if `axis` is None."""
    return _place(np.argmin, x, axis, keepdims)


def argmax(x, /, *, axis=None, keepdims=False):
    """The index along `axis` of the first largest element; of all elements in C's order if `axis` is None."""
    return _place(np.argmax, x, axis, keepdims)


@functools.cache
def _running(ufunc):
    def along_runs(rows, length, out):
        row, start = get_global_id(0), get_global_id(1) * length
        taken, written = rows[row, start:start + length], out[row, start:start + length]
        total = written[0] = taken[0]
        for k in range(1, written.size):
            total = ufunc(total, taken[k])
            written[k] = total

    def along_ends(out, length):
        row = get_global_id(0)
        for end in range(2 * length - 1, out.shape[1], length):
            out[row, end] = ufunc(out[row, end - length], out[row, end])

    def add_before(out, length):
        row, start = get_global_id(0), (get_global_id(1) + 1) * length
        before = out[row, start - 1]
        # The end of a whole run is right already.
        stop = start + length - 1 if start + length <= out.shape[1] else out.shape[1]
        for k in range(start, stop):
            out[row, k] = ufunc(before, out[row, k])

    return tuple(kernel(each, boundscheck=False) for each in (along_runs, along_ends, add_before))


def accumulate(ufunc, x, axis, dtype, include_initial, initial):
    """What `ufunc` makes of the first elements along the axis, of `dtype` or as NumPy sums; `initial` in front if asked."""
    if axis is None:
        if x.ndim != 1:
            raise ValueError("axis is needed where there is more than one")
        axis = 0
    (axis,) = _axes(axis, x.ndim)
    x = elementwise.astype(x, _sum_dtype(x.dtype) if dtype is None else dtype, copy=False)
    moved = x._view(np.moveaxis(x._layout, axis, -1))
    extent = moved.shape[-1]
    before = 1 if include_initial else 0
    made = empty_on(x.queue, (*moved.shape[:-1], extent + before), x.dtype, x.usm_type)
    if include_initial:
        elementwise.assign(made._view(made._layout[..., :1]), x.dtype.type(initial))
    if x.size:
        rows = reshaped(moved, (-1, extent))
        out = made._layout.reshape(-1, extent + before)[:, before:]
        length = _run_length(rows.shape[0], extent)
        runs = -(-extent // length)
        along_runs, along_ends, add_before = _running(ufunc)
        _launch(x.queue, along_runs, rows.shape[0], runs, (rows._layout, length, out))
        if runs > 1:
            launch(x.queue, along_ends, (rows.shape[0],), (out, length))
            _launch(x.queue, add_before, rows.shape[0], runs - 1, (out, length))
    return made._view(np.moveaxis(made._layout, -1, axis))


def cumulative_sum(x, /, *, axis=None, dtype=None, include_initial=False):
    """The sums of the first elements along `axis`, which may be left out where there is one; with 0 in front if asked."""
    return accumulate(np.add, x, axis, dtype, include_initial, 0)


def cumulative_prod(x, /, *, axis=None, dtype=None, include_initial=False):
    """The products of the first elements along `axis`; parameters as for `cumulative_sum`."""
    return accumulate(np.multiply, x, axis, dtype, include_initial, 1)
