"""The loops of ufuncs' methods. `f` is a function of two numbers (at_one: of one)."""

from .decorators import njit


@njit
def _reduce(f, rows, totals):
    for k in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            totals[j] = f(totals[j], rows[k, j])


@njit
def _reduce_columns(f, rows, totals):
    for j in range(rows.shape[1]):
        total = totals[j]
        for k in range(rows.shape[0]):
            total = f(total, rows[k, j])
        totals[j] = total


@njit
def _reduce_where(f, rows, mask, totals):
    for k in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            if mask[k, j]:
                totals[j] = f(totals[j], rows[k, j])


def reduce(f, rows, mask, totals):
    """totals = f(totals, row) for all rows, in an order of memory that suits them."""
    if mask is not None:
        _reduce_where(f, rows, mask, totals)
    elif rows.shape[1] == 1 or rows.strides[0] < rows.strides[1]:
        _reduce_columns(f, rows, totals)
    else:
        _reduce(f, rows, totals)


@njit
def accumulate(f, rows):
    """Row k becomes f(row k - 1, row k)."""
    for k in range(1, rows.shape[0]):
        for j in range(rows.shape[1]):
            rows[k, j] = f(rows[k - 1, j], rows[k, j])


@njit
def reduceat(f, rows, indices, totals):
    """numpy.ufunc.reduceat over the rows."""
    for i in range(len(indices)):
        start = indices[i]
        stop = indices[i + 1] if i + 1 < len(indices) else rows.shape[0]
        for j in range(rows.shape[1]):
            totals[i, j] = rows[start, j]
        for k in range(start + 1, stop):
            for j in range(rows.shape[1]):
                totals[i, j] = f(totals[i, j], rows[k, j])


@njit
def at_one(f, values, places):
    """values[place] = f(values[place])"""
    for i in range(len(places)):
        values[places[i]] = f(values[places[i]])


@njit
def at_two(f, values, places, others):
    """values[place] = f(values[place], other)"""
    for i in range(len(places)):
        values[places[i]] = f(values[places[i]], others[i])
