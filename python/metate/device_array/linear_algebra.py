"""Products of matrices and vectors."""

import functools

import numpy as np

from ..kernel_language import get_global_id
from ..kernels import kernel
from . import elementwise, layout, reductions
from .array import DeviceArray, empty_on
from .element_kernels import launch

_LONGEST_RUN = 512  # so that a row of results stays in the nearest cache


@functools.cache
def _kernel():
    @kernel(boundscheck=False)
    def multiply(a, b, length, out):
        batch, row, start = get_global_id(0), get_global_id(1), get_global_id(2) * length
        results = out[batch, row, start:start + length]
        for j in range(results.size):
            results[j] = 0
        for k in range(a.shape[2]):
            factor = a[batch, row, k]
            others = b[batch, k, start:start + length]
            for j in range(results.size):
                results[j] += factor * others[j]

    return multiply


def matmul(x1, x2, /):
    """The product of two matrices, of vectors, or of stacks of matrices in the last two axes, as `numpy.matmul`."""
    for each in (x1, x2):
        if not isinstance(each, DeviceArray):
            elementwise.refuse_host(each)
        if each.ndim == 0:
            raise ValueError("matmul: an operand has no axes")
    queue = elementwise.common_queue([x1, x2])
    left = x1._layout if x1.ndim > 1 else x1._layout[None, :]
    right = x2._layout if x2.ndim > 1 else x2._layout[:, None]
    if left.shape[-1] != right.shape[-2]:
        raise ValueError(f"matmul: {left.shape[-1]} columns do not fit {right.shape[-2]} rows")
    dtype = np.result_type(x1.dtype, x2.dtype)
    stack = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    made = empty_on(queue, (*stack, left.shape[-2], right.shape[-1]), dtype, elementwise.usm_type_of([x1, x2]))
    if dtype == bool:
        raise TypeError("matmul is there for numbers, not for bools")
    if made.size:
        _multiply(queue, _stacked(x1._view(left), stack, dtype), _stacked(x2._view(right), stack, dtype), made)
    axes = tuple(axis for axis, x in ((-2, x1), (-1, x2)) if x.ndim == 1)
    return made._view(np.squeeze(made._layout, axes)) if axes else made


def _stacked(x, stack, dtype):
    x = elementwise.astype(x, dtype, copy=False)
    return reductions.reshaped(x._view(np.broadcast_to(x._layout, (*stack, *x.shape[-2:]))), (layout.count(stack), *x.shape[-2:]))


def _multiply(queue, a, b, made):
    out = made._layout.reshape(-1, *made.shape[-2:])
    batches, rows, columns = out.shape
    length = min(columns, _LONGEST_RUN) if queue.device.is_cpu else 1
    items = (batches, rows, -(-columns // length))
    launch(queue, _kernel(), items, (a._layout, b._layout, length, out))


def vecdot(x1, x2, /, *, axis=-1):
    """The sum along `axis` of products of the elements, those of `x1` conjugated."""
    if x1.shape[axis] != x2.shape[axis]:
        raise ValueError(f"vecdot: {x1.shape[axis]} elements do not fit {x2.shape[axis]}")
    x1, x2 = (x._view(np.moveaxis(x._layout, axis, -1)) for x in (x1, x2))
    x1 = elementwise.call(np.conjugate, x1) if x1.dtype.kind == "c" else x1
    product = elementwise.call(np.multiply, x1, x2)
    return reductions.sum(product, axis=-1, dtype=product.dtype)


def tensordot(x1, x2, /, *, axes=2):
    """The sums over pairs of axes: as many at the end of `x1` and the beginning of `x2`, or two sequences of them."""
    if isinstance(axes, int):
        first, second = list(range(x1.ndim - axes, x1.ndim)), list(range(axes))
    else:
        first, second = ([axis % x.ndim for axis in given] for given, x in zip(axes, (x1, x2)))
    if [x1.shape[i] for i in first] != [x2.shape[i] for i in second]:
        raise ValueError("tensordot: the axes are not of the same length")
    kept1, kept2 = ([i for i in range(x.ndim) if i not in axes] for x, axes in ((x1, first), (x2, second)))
    length = layout.count(x1.shape[i] for i in first)
    left = reductions.reshaped(x1._view(x1._layout.transpose(*kept1, *first)),
                               (layout.count(x1.shape[i] for i in kept1), length))
    right = reductions.reshaped(x2._view(x2._layout.transpose(*second, *kept2)),
                                (length, layout.count(x2.shape[i] for i in kept2)))
    product = matmul(left, right)
    return product._view(product._layout.reshape((*(x1.shape[i] for i in kept1), *(x2.shape[i] for i in kept2))))
