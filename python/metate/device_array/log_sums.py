"""Reductions that dpctl.tensor has beyond the array API standard: of logarithms and of squares, without overflow."""

import numpy as np

from ..decorators import njit
from . import elementwise, reductions


@njit(boundscheck=False)
def _log_sum_exp(run):
    greatest = np.max(run)
    if not np.isfinite(greatest):  # which no other number changes, or NaN
        return greatest
    total = greatest - greatest
    for k in range(run.size):
        total += np.exp(run[k] - greatest)
    return greatest + np.log(total)


@njit(boundscheck=False)
def _root_of_squares(run):
    greatest = np.abs(run[0])
    for k in range(run.size):
        size = np.abs(run[k])
        if size > greatest or greatest != greatest:
            greatest = size
    if np.isinf(greatest):  # NaN beside it or not, as C's hypot has it
        return greatest
    scale = greatest if greatest > 0 else greatest + 1
    total = greatest - greatest
    for k in range(run.size):
        part = run[k] / scale
        total += part * part
    return scale * np.sqrt(total)


def _as_real(x, dtype, name):
    """As floats of `dtype`, by default of its own, or float64 for integers."""
    dtype = np.dtype(dtype) if dtype is not None else x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
    if x.dtype.kind == "c" or dtype.kind != "f":
        raise TypeError(f"{name} is there for real numbers and gives floats; {x.dtype} as {dtype} is neither")
    return elementwise.astype(x, dtype, copy=False)


def logsumexp(x, /, *, axis=None, dtype=None, keepdims=False):
    """The logarithm of the sum of exponentials along `axis`; parameters as for `sum`. Of integers it is float64."""
    x = _as_real(x, dtype, "logsumexp")
    return reductions.reduce(_log_sum_exp, x, axis, keepdims, x.dtype, -np.inf)


def cumulative_logsumexp(x, /, *, axis=None, dtype=None, include_initial=False):
    """The logarithms of the sums of exponentials of the first elements along `axis`, as `cumulative_sum`."""
    x = _as_real(x, dtype, "cumulative_logsumexp")
    return reductions.accumulate(np.logaddexp, x, axis, x.dtype, include_initial, -np.inf)


def reduce_hypot(x, /, *, axis=None, dtype=None, keepdims=False):
    """The square root of the sum of squares along `axis`; parameters as for `sum`. Of integers it is float64."""
    x = _as_real(x, dtype, "reduce_hypot")
    return reductions.reduce(_root_of_squares, x, axis, keepdims, x.dtype, 0)
