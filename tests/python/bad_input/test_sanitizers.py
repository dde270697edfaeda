"""test_sanitizers – in builds with a sanitizer compiled code is instrumented as well."""

import os
import subprocess
import sys

import metate
import pytest

OUT_OF_BOUNDS = """
import numpy as np
from metate import njit

@njit(boundscheck=False)
def store(x, i):
    x[i] = 1.0

x = np.zeros(8)
store(x, 7)
print("in bounds", flush=True)
store(x, 8)
"""


RACE = """
import warnings
import numpy as np
from metate import njit, prange

warnings.simplefilter("ignore")

@njit(parallel=True)
def count(x, n):
    for i in prange(n):
        if i % 2 == 0:
            x[i % 4] += i

x = np.zeros(4, int)
count(x, 0)
print("compiled", flush=True)
count(x, 10_000_000)
"""


@pytest.mark.skipif("address" not in metate.build_info()["sanitizers"], reason="not a build with AddressSanitizer")
def test_store_out_of_bounds_is_caught():
    done = subprocess.run([sys.executable, "-c", OUT_OF_BOUNDS], capture_output=True, text=True)
    assert done.stdout == "in bounds\n"
    assert done.returncode != 0 and "heap-buffer-overflow" in done.stderr


@pytest.mark.skipif("thread" not in metate.build_info()["sanitizers"], reason="not a build with ThreadSanitizer")
def test_race_of_iterations_is_caught():
    environment = os.environ | {"METATE_NUM_THREADS": "2"}
    done = subprocess.run([sys.executable, "-c", RACE], capture_output=True, text=True, env=environment)
    assert done.stdout == "compiled\n"
    assert done.returncode != 0 and "ThreadSanitizer: data race" in done.stderr
