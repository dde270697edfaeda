"""The table: every row that ./dev bench prints, with its sizes and what it has to reach."""

import dataclasses
import functools
import time

import numpy as np

import kernel_programs as kernels
import metate
import programs
from benchmark import Program, Target, on, within
from fresh import CACHED_START, FIRST_CALL, IMPORT, Fresh
from limits import c_function, c_method, python_function

_numba = Target.beside_numba


def _vectors(count, size, dtype=np.float64, low=0.1, high=4.0):
    """Arguments: `count` arrays of random numbers."""
    def arguments(small):
        numbers = np.random.default_rng(1)
        n = 1024 if small else size
        return tuple((low + (high - low) * numbers.random(n)).astype(dtype) for _ in range(count))
    return arguments


def _with_results(arguments, count):
    """The same and `count` arrays to write to."""
    def extended(small):
        given = arguments(small)
        return *given, *(np.zeros_like(given[0]) for _ in range(count))
    return extended


def _mandelbrot(small):
    return np.zeros((20, 30) if small else (301, 449), np.int64), 100


def _bodies(small):
    numbers = np.random.default_rng(2)
    n = 40 if small else 1000
    return *numbers.random((3, n)), *np.zeros((3, n)), numbers.random(n), 1e-3


def _board(small):
    shape = (30, 40) if small else (2000, 2000)
    return (np.random.default_rng(3).random(shape) < 0.3).astype(np.uint8), np.zeros(shape, np.uint8)


def _distances(small):
    n = 20 if small else 400
    return (np.random.default_rng(4).random((n, n)) * 100,)


def _options(small):
    spot, strike, years = _vectors(3, 1_000_000, low=0.2, high=3.0)(small)
    return spot, strike, years, 0.02, 0.3, np.zeros_like(spot), np.zeros_like(spot)


def _plates(small):
    shape = (20, 30) if small else (1000, 1000)
    return np.random.default_rng(5).random(shape), np.zeros(shape), 2 if small else 10  # a sweep to, one fro


def _hills(small):
    z = np.random.default_rng(6).random((20, 30) if small else (2000, 2000)) * 50
    return z, 30.0, 25.0, 5.5, 0.8, np.zeros_like(z)


def _matrix(small):
    return (np.random.default_rng(7).random((30, 40) if small else (4000, 4000)),)


def _of_numba(ratio):
    return Target("numba", ratio)


def _of_limit(ratio):
    return Target("limit", ratio)


_ELEMENTWISE = [
    Program("add", "c[i] = a[i] + b[i], 1e7", programs.add, _with_results(_vectors(2, 10_000_000), 1),
            _of_limit(1.1), c_function("add")),
    Program("expression", "sqrt(x*x+y*y)*2.5+z, new result, 1e7", programs.expression, _vectors(3, 10_000_000),
            _of_limit(16 / 10.7), c_function("expression", new_result=True)),
    Program("sum_f64", "np.sum, f64, 1e7", programs.total, _vectors(1, 10_000_000), _of_limit(1.2),
            c_function("total_f64", returns=True), tolerance=1e-9),
    Program("sum_f32", "np.sum, f32, 1e7", programs.total, _vectors(1, 10_000_000, np.float32), _of_limit(1.2),
            c_function("total_f32", returns=True), tolerance=1e-2),
    Program("max_f64", "np.max, f64, 1e6, beside NumPy", programs.greatest, _vectors(1, 1_000_000), _of_limit(1.3),
            python_function(lambda x: x.max())),
    Program("argmax_f64", "np.argmax, f64, 1e6, beside NumPy", programs.place_of_greatest, _vectors(1, 1_000_000),
            _of_limit(1.3), python_function(lambda x: x.argmax())),
    Program("argmax_i32", "np.argmax, i32, 1e6, beside NumPy", programs.place_of_greatest,
            _vectors(1, 1_000_000, np.int32, high=1e6), _of_limit(1.3), python_function(lambda x: x.argmax())),
    Program("sum_axis", "sum(axis=1), 4000 x 4000", programs.row_totals, _matrix, _of_limit(1.2),
            python_function(lambda x: x.sum(axis=1)), tolerance=1e-12),
    Program("sine_cosine", "sum(sin(x)**2 + cos(x)**2), 2e7", programs.sine_cosine_total, _vectors(1, 20_000_000),
            _of_limit(1.3), c_function("sine_cosine_total", returns=True), tolerance=1e-9),
    *(Program(f"{name}_{suffix}", f"{name}, {suffix}, 1e7", getattr(programs, f"{name}_all"),
              _with_results(_vectors(1, 10_000_000, dtype), 1), _of_limit(1.3), c_function(f"{name}_{suffix}"),
              tolerance=tolerance)
      for suffix, dtype, tolerance in (("f64", np.float64, 1e-15), ("f32", np.float32, 1e-6))
      for name in ("sin", "exp", "log", "tanh")),
]

_LOOPS = [
    Program("mandelbrot", "Mandelbrot, complex, 301 x 449", programs.mandelbrot, _mandelbrot, _of_numba(0.8),
            c_function("mandelbrot")),
    Program("n_body", "n-body, 1000 bodies", programs.n_body, _bodies, _of_numba(0.8), c_function("n_body"),
            tolerance=1e-11),
    Program("life", "Life, 2000 x 2000, uint8", programs.life, _board, _of_numba(0.8), c_function("life")),
    Program("floyd_warshall", "Floyd-Warshall, 400", programs.floyd_warshall, _distances, _of_numba(0.8),
            c_function("floyd_warshall")),
    Program("black_scholes", "Black-Scholes, 1e6", programs.black_scholes, _options, _of_numba(0.8),
            c_function("black_scholes"), tolerance=1e-13),
    Program("black_scholes_raising", "Black-Scholes, 1e6, math.*", programs.black_scholes_raising, _options,
            _of_numba(0.8), c_function("black_scholes"), tolerance=1e-13),
    Program("hill_shade", "hill shade, 2000 x 2000", programs.hill_shade, _hills, _of_limit(1.1),
            c_function("hill_shade"), tolerance=1e-15),
    Program("jacobi", "Jacobi, 20 sweeps, no bounds checks", programs.jacobi, _plates, _of_limit(1.05),
            c_function("jacobi"), metate_options={"boundscheck": False}),
    Program("jacobi_checked", "Jacobi, 20 sweeps, bounds checks", programs.jacobi, _plates, _of_limit(1.10),
            c_function("jacobi"), numba_options={"boundscheck": True}),
]


def _arrays_and_scalars(small):
    return *(np.arange(1.0, 4.0) for _ in range(3)), 1.0, 2.0, 3.0


_CALLS = [
    Program("call_ints", "call: add(int, int)", programs.add_two, lambda small: (1, 2), _numba(50, 123),
            c_method("add_two")),
    Program("call_array", "call: one array", programs.first_of, lambda small: (np.ones(3),), _numba(55, 164),
            c_method("first_of")),
    Program("call_six", "call: 3 arrays, 3 scalars", programs.six_arguments, _arrays_and_scalars, _numba(110, 269),
            c_method("six_arguments")),
    Program("call_tuple", "call: tuple", programs.tuple_total, lambda small: ((1, 2),), _numba(80, 166),
            c_method("tuple_total")),
    Program("prange_region", "prange, 1000 items", programs.prange_region, _with_results(_vectors(2, 1000), 1),
            _numba(1.6, 1.7), c_function("prange_region", parallel=True), metate_options={"parallel": True},
            numba_options={"parallel": True}, clock=time.perf_counter),
]

_FRESH = [
    Fresh("import", "import, NumPy there already", _numba(25, 145), IMPORT),
    Fresh("first_add", "first call: add", _numba(30, 398), FIRST_CALL,
          {"before": "", "work": "njit(programs.add_two)(1, 2)"}),
    Fresh("first_loop", "first call: loop", _numba(45, 370), FIRST_CALL,
          {"before": "a, b, c = np.ones((3, 100))", "work": "njit(programs.add)(a, b, c)"}),
    Fresh("first_five_loops", "first call: n-body and stencil", _numba(130, 1179), FIRST_CALL,
          {"before": "u, v = np.ones((2, 10, 10))",
           "work": "njit(programs.n_body)(*u[:7], 0.1); njit(programs.jacobi)(u, v, 1)"}),
    Fresh("first_prange", "first call: prange", _numba(60, 674), FIRST_CALL,
          {"before": "a, b, c = np.ones((3, 100))", "work": "njit(programs.prange_region, parallel=True)(a, b, c)"}),
    Fresh("second_function", "a second trivial function", _numba(6, 34), FIRST_CALL,
          {"before": "njit(programs.add_two)(1, 2)", "work": "njit(programs.tuple_total)((1, 2))"}),
    Fresh("first_kernel", "first kernel call", within(60e-3), FIRST_CALL,
          {"before": "@metate.kernel\ndef add(a, b, c):\n    i = metate.get_global_id(0)\n    c[i] = a[i] + b[i]\n"
                     "a, b, c = np.ones((3, 100))",
           "work": "add[100](a, b, c)"}, both=False),
    Fresh("cached_function", "import and cached function", within(15e-3), CACHED_START,
          {"work": "@metate.njit\ndef add(a, b):\n    return a + b\nadd(1, 2)"}, both=False, cached=True),
    Fresh("cached_loop", "import and cached loop", within(15e-3), CACHED_START,
          {"work": "@metate.njit\ndef add(a, b, c):\n    for i in range(len(a)):\n        c[i] = a[i] + b[i]\n"
                   "add(*np.ones((3, 100)))"}, both=False, cached=True),
    Fresh("cached_kernel", "import and cached kernel", within(20e-3), CACHED_START,
          {"work": "@metate.kernel\ndef add(a, b, c):\n    i = metate.get_global_id(0)\n    c[i] = a[i] + b[i]\n"
                   "add[100](*np.ones((3, 100)))"}, both=False, cached=True),
]


@dataclasses.dataclass(frozen=True)
class KernelProgram(Program):
    """A kernel on the default device; its limit is the loop over `prange` that computes the same, where there is one.

    Numba has no kernels for Level Zero.
    """

    launch: object = None  # launch(arguments): a call that launches the kernel and waits
    has_loop: bool = True
    clock: object = time.perf_counter

    def contenders(self, folder, small):
        made = {"metate": (self.launch, self.arguments(small))}
        if self.has_loop:
            made["limit"] = on(metate.njit(parallel=True)(self.function)), self.arguments(small)
        return made


def _over(kernel, extents, local=None):
    """A maker of launches; `extents(arguments)` is the global size."""
    def launch(arguments):
        size = extents(arguments)
        launcher = kernel[size, local] if local else kernel[metate.Range(*size)]
        return functools.partial(launcher, *arguments)
    return launch


#: So many submissions are under way at most: there is an end in programs too.
_BURST = 200


def _submit(kernel):
    """A maker of bursts of asynchronous launches over one work-item, and the wait for all of them."""
    def launch(arguments):
        queue = metate.Queue()
        passed = (metate.asarray(arguments[0], queue=queue),)

        def submit():
            for _ in range(_BURST):
                queue.submit_async(kernel, passed, 1)
            queue.wait()
        return submit
    return launch


def _inner(arguments):
    return tuple(extent - 2 for extent in arguments[0].shape)


def _pictures(small):
    return np.zeros((20, 30) if small else (500, 500), np.int32), 100


def _numbers_and_sums(small):
    count = 4 if small else 16384
    return np.random.default_rng(8).random(count * kernels.GROUP, np.float32), np.zeros(count, np.float32)


def _factors(small):
    n = 32 if small else 512
    return *np.random.default_rng(9).random((2, n, n), np.float32), np.zeros((n, n), np.float32)


def _first_shape(arguments):
    return arguments[0].shape


# 0.4 ns for each item and barrier; 4 GFLOP/s for each of 2 cores.
_GROUP_SUMS_TIME = 0.4e-9 * 9 * 16384 * kernels.GROUP
_PRODUCT_TIME = 2 * 512**3 / (2 * 4e9)

_KERNELS = [
    KernelProgram("kernel_launch", "launch of an empty kernel", kernels.empty_kernel.py_func, lambda small: (np.ones(1),),
                  within(4e-6), launch=_over(kernels.empty_kernel, _first_shape), has_loop=False),
    KernelProgram("kernel_submit", "asynchronous submit of it", kernels.empty_kernel.py_func, lambda small: (np.ones(1),),
                  within(2e-6), launch=_submit(kernels.empty_kernel), has_loop=False, burst=_BURST),
    KernelProgram("kernel_add", "kernel beside prange: add, 1e7", kernels.add, _with_results(_vectors(2, 10_000_000), 1),
                  _of_limit(1.1), launch=_over(kernels.add_kernel, _first_shape)),
    KernelProgram("kernel_stencil", "kernel beside prange: stencil, 2000^2", kernels.stencil,
                  lambda small: (_hills(small)[0], _hills(small)[-1]), _of_limit(1.1),
                  launch=_over(kernels.stencil_kernel, _inner), tolerance=1e-15),
    KernelProgram("kernel_mandelbrot", "kernel beside prange: Mandelbrot, 500^2", kernels.mandelbrot, _pictures,
                  _of_limit(1.1), launch=_over(kernels.mandelbrot_kernel, _first_shape)),
    KernelProgram("kernel_black_scholes", "kernel beside prange: Black-Scholes, 1e6", kernels.black_scholes, _options,
                  _of_limit(1.1), launch=_over(kernels.black_scholes_kernel, _first_shape), tolerance=1e-13),
    KernelProgram("kernel_tree", "kernel: sums of 256 by a tree, 4e6 items", kernels.group_sums, _numbers_and_sums,
                  within(_GROUP_SUMS_TIME), launch=_over(kernels.group_sums_kernel, _first_shape, (kernels.GROUP,)),
                  has_loop=False, tolerance=1e-6),
    KernelProgram("kernel_product", "kernel: 512^2 matrix product, local tiles", kernels.product, _factors,
                  within(_PRODUCT_TIME), launch=_over(kernels.product_kernel, _first_shape, (kernels.TILE, kernels.TILE)),
                  has_loop=False, tolerance=1e-5),
]


def _on_host(result):
    return metate.asnumpy(result) if isinstance(result, metate.DeviceArray) else result


@dataclasses.dataclass(frozen=True)
class DeviceExpression(Program):
    """An expression of device arrays; its limit is the same one of NumPy arrays, compiled for threads."""

    clock: object = time.perf_counter

    def contenders(self, folder, small):
        return {"metate": (lambda arguments: on(self.function)(map(metate.asarray, arguments)), self.arguments(small)),
                "limit": (on(metate.njit(parallel=True)(self.function)), self.arguments(small))}

    def compare(self, who, state, reference):
        super().compare(who, (_on_host(state[0]), state[1]), (_on_host(reference[0]), reference[1]))


_DEVICE_ARRAYS = [
    DeviceExpression("device_add", "device arrays: x + y, 2e5", programs.sum_of_two, _vectors(2, 200_000), _of_limit(1.2)),
    DeviceExpression("device_add_large", "device arrays: x + y, 1e7", programs.sum_of_two, _vectors(2, 10_000_000),
                     _of_limit(1.2)),
    DeviceExpression("device_scale", "device arrays: 2.5 * x, f32, 2e5", programs.scaled, _vectors(1, 200_000, np.float32),
                     _of_limit(1.2)),
    DeviceExpression("device_sin", "device arrays: sin(x), 2e5", programs.sine, _vectors(1, 200_000), _of_limit(1.2),
                     tolerance=1e-15),
    DeviceExpression("device_less", "device arrays: x < y, 2e5", programs.is_less, _vectors(2, 200_000), _of_limit(1.2)),
]

ROWS = [*_FRESH, *_CALLS, *_ELEMENTWISE, *_LOOPS, *_KERNELS, *_DEVICE_ARRAYS]
