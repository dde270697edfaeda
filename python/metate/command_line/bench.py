"""measure Metate on this machine, beside NumPy

Each case does the same work with both, in turn, and compares the results. The numbers are medians of several runs, with the
time of the first call, which compiles. Other work on the machine disturbs them.
"""

import statistics
import time

import numpy as np

from .. import _metate
from ..decorators import njit, prange
from .usage import UsageError

_SHORTEST_RUN = 0.02  # seconds: a run repeats what takes less


@njit
def _expression(x, y):
    return 2.0 * x + y * y - 1.0


@njit
def _mathematics(x):
    return np.exp(-x) * np.sin(x)


@njit(parallel=True)
def _parallel_mathematics(x):
    return np.exp(-x) * np.sin(x)


@njit
def _total(x):
    return x.sum()


@njit
def _smoothed(x):
    out = np.empty(len(x) - 2)
    for i in range(len(out)):
        out[i] = (x[i] + x[i + 1] + x[i + 2]) / 3.0
    return out


@njit(parallel=True)
def _distances(points):
    n = len(points)
    out = np.empty((n, n))
    for i in prange(n):
        for j in range(n):
            total = 0.0
            for k in range(points.shape[1]):
                d = points[i, k] - points[j, k]
                total += d * d
            out[i, j] = np.sqrt(total)
    return out


def _numpy_distances(points):
    return np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))


def _cases(size):
    """(name, Metate's function, NumPy's, arguments)"""
    rng = np.random.default_rng(1)
    x, y = rng.random(size), rng.random(size)
    points = rng.random((max(int(size**0.5) // 2, 2), 3))
    return [
        ("2*x + y*y - 1", _expression, lambda x, y: 2.0 * x + y * y - 1.0, (x, y)),
        ("exp(-x) * sin(x)", _mathematics, lambda x: np.exp(-x) * np.sin(x), (x,)),
        ("the same, parallel", _parallel_mathematics, lambda x: np.exp(-x) * np.sin(x), (x,)),
        ("x.sum()", _total, lambda x: x.sum(), (x,)),
        ("mean of three neighbours", _smoothed, lambda x: (x[:-2] + x[1:-1] + x[2:]) / 3.0, (x,)),
        ("distances of points, parallel", _distances, _numpy_distances, (points,)),
    ]


def add_arguments(parser):
    """How much is measured."""
    parser.add_argument("--size", type=int, default=1_000_000, metavar="N", help="elements of the arrays (1000000)")
    parser.add_argument("--runs", type=int, default=7, metavar="N", help="runs of which the median counts (7)")


def collect(options):
    """What `metate bench --json` prints: times in seconds."""
    for name in ("size", "runs"):
        least = {"size": 16, "runs": 1}[name]
        if getattr(options, name) < least:
            raise UsageError(f"--{name} is at least {least}")
    return {
        "metate": _metate.build_info()["version"], "numpy": np.__version__, "cpu": _metate.host_cpu()["name"],
        "threads": _metate.get_num_threads(), "size": options.size, "runs": options.runs,
        "cases": [_measure(*case, options.runs) for case in _cases(options.size)],
    }


def _measure(name, ours, theirs, arguments, runs):
    start = time.perf_counter()
    result = ours(*arguments)
    first = time.perf_counter() - start
    functions = {"metate": ours, "numpy": theirs}
    same = bool(np.allclose(result, theirs(*arguments), rtol=1e-12, atol=0))
    repeats = {each: _repeats(function, arguments) for each, function in functions.items()}
    times = {each: [] for each in functions}
    for _ in range(runs):
        for each, function in functions.items():
            times[each].append(_run(function, arguments, repeats[each]))
    medians = {each: statistics.median(found) for each, found in times.items()}
    return {"name": name, "metate": medians["metate"], "numpy": medians["numpy"],
            "ratio": medians["numpy"] / medians["metate"], "first_call": first, "same_result": same}


def _run(function, arguments, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        function(*arguments)
    return (time.perf_counter() - start) / repeats


def _repeats(function, arguments):
    return max(1, round(_SHORTEST_RUN / max(_run(function, arguments, 1), 1e-7)))


def text(found, style):
    """The same for people."""
    lines = [style.heading(f"Metate {found['metate']} and NumPy {found['numpy']} on {found['cpu']}, {found['threads']} threads, "
                           f"{found['size']} elements")]
    width = max(len(case["name"]) for case in found["cases"]) + 2
    lines.append(f"    {'':<{width}}{'Metate':>12}{'NumPy':>12}{'times faster':>15}{'first call':>13}")
    for case in found["cases"]:
        cells = f"{_time(case['metate']):>12}{_time(case['numpy']):>12}{case['ratio']:>15.2f}{_time(case['first_call']):>13}"
        lines.append(f"    {case['name']:<{width}}{cells}{'' if case['same_result'] else '  other results!'}")
    return "\n".join(lines)


def _time(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.2f} {unit}"
    return f"{seconds * 1e9:.0f} ns"
