"""test_sanitizers – in builds with AddressSanitizer compiled code is instrumented as well."""

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


@pytest.mark.skipif("address" not in metate.build_info()["sanitizers"], reason="not a build with AddressSanitizer")
def test_store_out_of_bounds_is_caught():
    done = subprocess.run([sys.executable, "-c", OUT_OF_BOUNDS], capture_output=True, text=True)
    assert done.stdout == "in bounds\n"
    assert done.returncode != 0 and "heap-buffer-overflow" in done.stderr
