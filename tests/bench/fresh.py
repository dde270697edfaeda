"""Rows that a fresh process measures: what an import and first calls cost before anything is warm."""

import dataclasses
import json
import os
import statistics
import subprocess
import sys

from benchmark import FOLDER, Outcome, Target, first_line, numba

# What every such process runs first. `report(seconds, megabytes)` prints what the parent reads.
_PRELUDE = """
import json, resource, sys, time
import numpy as np
sys.path.insert(0, {folder!r})

def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6

def report(seconds, megabytes=0.0):
    print(json.dumps([seconds, megabytes]))
"""

IMPORT = """
before, began = resident(), time.perf_counter()
import {compiler}
took = time.perf_counter() - began
report(took, resident() - before)
"""

# The programs' module is imported before, so that only the compiler's work counts.
FIRST_CALL = """
import {compiler}
import types, programs
def njit(function, **options):
    known = {{**function.__globals__, "prange": {compiler}.prange}}
    return {compiler}.njit(**options)(types.FunctionType(function.__code__, known, function.__name__))
{before}
began = time.process_time()
{work}
report(time.process_time() - began)
"""


# All that a start pays above NumPy, where an earlier one has filled the cache on disk.
CACHED_START = """
began = time.process_time()
import metate
{work}
report(time.process_time() - began)
"""


@dataclasses.dataclass(frozen=True)
class Fresh:
    """A script that both compilers run in processes of their own, in turns."""

    name: str
    work: str
    target: Target
    script: str
    parts: dict = dataclasses.field(default_factory=dict)  # before, work: of FIRST_CALL
    both: bool = True  # whether Numba can run it
    cached: bool = False  # whether Metate may find what earlier processes compiled

    def measure(self, compiler):
        """Seconds and megabytes. Python's own bytecode is cached, as it is for everything that pip has installed."""
        folder = __file__.rpartition("/")[0]
        script = _PRELUDE.format(folder=folder) + self.script.format(compiler=compiler, **self.parts)
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(FOLDER / "pycache")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment |= {"METATE_CACHE": "1" if self.cached else "0", "METATE_CACHE_DIR": str(FOLDER / "cache")}
        environment["OPENBLAS_NUM_THREADS"] = "1"  # NumPy's idle threads spin, which counts as processor time
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return json.loads(done.stdout)

    def _run(self, compilers, runs):
        outcome = Outcome(self.name, self.work, self.target)
        samples = {compiler: [] for compiler in compilers}
        try:
            for compiler in compilers:
                self.measure(compiler)  # fills the caches
            for _ in range(runs):
                for compiler in compilers:
                    samples[compiler].append(self.measure(compiler))
        except RuntimeError as error:
            outcome.refused = first_line(error)
            return outcome
        for compiler, taken in samples.items():
            seconds, megabytes = map(statistics.median, zip(*taken))
            outcome.seconds[compiler] = seconds
            if megabytes:
                outcome.note += f"{'; ' if outcome.note else ''}{compiler} {megabytes:.0f} MB"
        return outcome

    def run(self, folder, runs):
        return self._run(["metate", "numba"] if numba and self.both else ["metate"], min(runs, 5))

    def check(self, folder):
        return self._run(["metate"], 1)
