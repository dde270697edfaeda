"""Takes the numbers of the performance guide's figures: ./dev docs --measure writes docs/howto/figures/measurements.json.

Each number is the median of several runs, and those that are compared take turns, so that what disturbs the machine disturbs
all of them.
"""

import argparse
import datetime
import functools
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import types

os.environ["METATE_CACHE"] = "0"

import guide_programs as programs  # noqa: E402
import metate  # noqa: E402
import numpy as np  # noqa: E402
from benchmark import interleave, numba  # noqa: E402

FIGURES = pathlib.Path(__file__).parents[2] / "docs" / "howto" / "figures"


def with_numba(function, **options):
    names = {**function.__globals__, "prange": numba.prange}
    return numba.njit(**options)(types.FunctionType(function.__code__, names, function.__name__))


def contenders(function, **options):
    """The function compiled by each compiler that is there."""
    made = {"Metate": metate.njit(**options)(function)}
    if numba:
        made["Numba"] = with_numba(function, **options)
    return made


def medians(functions, arguments, runs):
    calls = {name: functools.partial(function, *arguments) for name, function in functions.items()}
    for call in calls.values():
        call()  # compiles
    return interleave(calls, runs, time.perf_counter)


def series(points, xs):
    """{name: seconds by x} of what `points` gives for each x."""
    found = {}
    for x in xs:
        for name, seconds in points(x).items():
            found.setdefault(name, []).append(seconds)
    return found


def sizes(runs, quick):
    """One function for arrays of many sizes."""
    xs = [10 ** exponent for exponent in range(1, 4 if quick else 8)]
    compiled = contenders(programs.distance_loop)

    def points(size):
        arguments = np.linspace(0, 1, size), np.linspace(1, 0, size)
        seconds = medians({"NumPy": programs.distance_arrays, **compiled}, arguments, runs)
        if size <= 100_000:
            seconds["Python"] = medians({"Python": programs.distance_loop}, arguments, min(runs, 3))["Python"]
        return seconds

    return {"x": xs, "seconds": series(points, xs)}


def operations(runs, quick):
    """Array expressions of more and more operations, over arrays that the caches do not hold."""
    size = 1000 if quick else 4_000_000
    arguments = np.linspace(0, 1, size), np.linspace(1, 2, size)
    steps = {1: programs.chain_1, 2: programs.chain_2, 4: programs.chain_4, 8: programs.chain_8}
    found = series(lambda count: medians({"NumPy": steps[count], **contenders(steps[count])}, arguments, runs), steps)
    return {"x": list(steps), "size": size, "seconds": found}


def sums(runs, quick):
    """A sum in the order of the program, in any order, and of numbers of half the size."""
    size = 1000 if quick else 100_000
    found = {}
    for dtype in ("float64", "float32"):
        x = np.linspace(0, 1, size, dtype=dtype)
        found[dtype] = medians({
            "loop": metate.njit(programs.sum_loop),
            "loop, fastmath={\"reassoc\"}": metate.njit(fastmath={"reassoc"})(programs.sum_loop),
            "np.sum in njit": metate.njit(programs.sum_function),
            "np.sum of NumPy": programs.sum_function,
        }, (x,), runs)
    return {"size": size, "seconds": found}


def threads(runs, quick):
    """How much faster all threads are than one, for work that computes and for work that moves memory."""
    xs = [10 ** exponent for exponent in range(2, 4 if quick else 8)]
    found = {"much arithmetic": [], "much memory": []}
    compute = {"serial": metate.njit(programs.escape_times), "parallel": metate.njit(parallel=True)(programs.escape_times)}
    move = {"serial": metate.njit(programs.added), "parallel": metate.njit(parallel=True)(programs.added)}
    for size in xs:
        if size <= 1_000_000:
            seconds = medians(compute, (np.linspace(0, 0.2, size), 100), runs)
            found["much arithmetic"].append(seconds["serial"] / seconds["parallel"])
        seconds = medians(move, (np.ones(size), np.ones(size)), runs)
        found["much memory"].append(seconds["serial"] / seconds["parallel"])
    return {"x": xs, "threads": metate.get_num_threads(), "speedup": found}


def first_calls(runs, quick):
    """Of a function of one loop: the first call of a process, with and without the cache on disk, and a later call."""
    arguments = np.linspace(0, 1, 1000), np.linspace(1, 0, 1000)
    compiled = contenders(programs.distance_loop)
    later = medians({"Python": programs.distance_loop, **compiled}, arguments, runs)
    found = {"Python": {"each call": later["Python"]}}
    for name in compiled:
        with tempfile.TemporaryDirectory() as folder:
            first = functools.partial(_first_call, name.lower(), folder)
            found[name] = {"first call, compiles": _median(lambda: first(cache=False), runs)}
            first(cache=True)  # fills the cache
            found[name]["first call, code is on disk"] = _median(lambda: first(cache=True), runs)
        found[name]["later call"] = later[name]
    return {"size": 1000, "seconds": found}


def _median(call, runs):
    return statistics.median(call() for _ in range(runs))


def _first_call(package, folder, cache):
    text = programs.FIRST_CALL.format(folder=os.path.dirname(os.path.abspath(__file__)), package=package, cache=cache)
    environment = {**os.environ, "METATE_CACHE": "1", "METATE_CACHE_DIR": folder, "NUMBA_CACHE_DIR": folder}
    return float(subprocess.run([sys.executable, "-c", text], env=environment, check=True, capture_output=True, text=True).stdout)


def machine():
    versions = {"Metate": metate.__version__, "NumPy": np.__version__, "CPython": platform.python_version()}
    if numba:
        versions["Numba"] = numba.__version__
    return {"cpu": metate._metate.host_cpu()["name"],
            "threads": metate.get_num_threads(), "system": platform.system(), "versions": versions,
            "date": datetime.date.today().isoformat()}


FIGURES_OF = {"sizes": sizes, "operations": operations, "sums": sums, "threads": threads, "first_calls": first_calls}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="runs that a median is taken of (default 9)")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see whether it works")
    parser.add_argument("--output", type=pathlib.Path, default=FIGURES / "measurements.json")
    options = parser.parse_args()
    found = {"machine": machine(), "runs": options.runs}
    loads = [os.getloadavg()[0]]
    for name, measure in FIGURES_OF.items():
        print(name, flush=True)
        found[name] = measure(options.runs, options.quick)
        loads.append(os.getloadavg()[0])
    # Of all programs; what is measured here is one at a time, and in one figure one on all threads.
    found["machine"]["load"] = statistics.median(loads)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(_rounded(found), indent=1) + "\n", encoding="utf-8")
    print(options.output)


def _rounded(found):
    """Three digits are more than a measurement is worth."""
    if isinstance(found, float):
        return float(f"{found:.3g}")
    if isinstance(found, dict):
        return {str(key): _rounded(value) for key, value in found.items()}
    return [_rounded(value) for value in found] if isinstance(found, list) else found


if __name__ == "__main__":
    main()
