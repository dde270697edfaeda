"""The kernels that apply a function to elements, and their launches.

A function, a NumPy ufunc or one of Python, is frozen into a kernel. There is one kernel for each function, rank and way to get
at the operands; the compiler specialises it for dtypes and layouts.
"""

import functools

from .._metate import RowOperator, run_length
from ..decorators import njit
from ..device_functions import device_func
from ..kernel_language import get_global_id
from ..kernels import kernel
from . import layout

# A work-item goes through a run of neighbours in the last axis. What it takes of an operand, by rank and kind:


@njit(boundscheck=False)
def _run1(array, start, stop):
    return array[start:stop]


@device_func
def _run2(array, start, stop):
    return array[get_global_id(0), start:stop]


@device_func
def _run3(array, start, stop):
    return array[get_global_id(0), get_global_id(1), start:stop]


_RUNS = (_run1, _run2, _run3)


@njit
def _itself(value, start, stop):
    return value


@njit
def _start(_, start, stop):
    return start


# And what of that stands at its place k.


@njit(boundscheck=False)
def element(run, k):
    """Of an array: the element."""
    return run[k]


@njit
def number(value, k):
    """Of a number: the number."""
    return value


@njit
def position(start, k):
    """Of nothing: the place itself, in the last axis."""
    return start + k


_TAKES = {number: _itself, position: _start}


@functools.cache
def kernel_of(function, rank, ways):
    """The kernel for a function of operands that are got at in these ways, over `rank` axes."""
    run, last = _RUNS[rank - 1], rank - 1
    first, second, third = (*ways, number, number)[:3]
    take_first, take_second, take_third = (_TAKES.get(way, run) for way in (first, second, third))

    def of_one(a, out, length):
        start = get_global_id(last) * length
        stop = min(start + length, out.shape[last])
        x, results = take_first(a, start, stop), run(out, start, stop)
        for k in range(results.size):
            results[k] = function(first(x, k))

    def of_two(a, b, out, length):
        start = get_global_id(last) * length
        stop = min(start + length, out.shape[last])
        x, y, results = take_first(a, start, stop), take_second(b, start, stop), run(out, start, stop)
        for k in range(results.size):
            results[k] = function(first(x, k), second(y, k))

    def of_three(a, b, c, out, length):
        start = get_global_id(last) * length
        stop = min(start + length, out.shape[last])
        x, y = take_first(a, start, stop), take_second(b, start, stop)
        z, results = take_third(c, start, stop), run(out, start, stop)
        for k in range(results.size):
            results[k] = function(first(x, k), second(y, k), third(z, k))

    return kernel((of_one, of_two, of_three)[len(ways) - 1], boundscheck=False)


def launch(queue, kernel, shape, arguments, local=()):
    """Run a kernel over `shape` on `queue` and wait for it. Layouts among the `arguments` are passed as arrays."""
    kernel._dispatcher.launch_layouts(queue, shape, local, arguments)


_FEW_ITEMS = 4096  # of which each is a group of its own on a CPU, for any thread to take


def launch_runs(queue, function, ways, operands, out):
    """Fill `out`, a layout, with what the function gives of `operands`, got at in these `ways`."""
    *outer, extent = out.shape
    length = run_length(queue.device, extent)
    items = [*outer, -(-extent // length)]
    local = [1] * len(items) if queue.device.is_cpu and layout.count(items) <= _FEW_ITEMS else ()
    launch(queue, kernel_of(function, out.ndim, ways), items, (*operands, out, length), local)


def row_operator(rows, otherwise, reflected=False):
    """What `rows` gives, soon, of arrays of one shape in C's order on one queue, and numbers; what `otherwise` gives of others.

    It is a method of classes, as functions are. Reflected, the rows are given the second operand first.
    """
    return RowOperator(rows, otherwise, reflected)
