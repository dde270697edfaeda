"""Resident memory that Metate takes on top of NumPy: its code is laid out so that what a program runs stands together
(python/libmetate.order)."""

import subprocess
import sys

import pytest

LIMIT_MB = 40

PROGRAM = """
import numpy as np

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

a, c = np.ones(100), np.ones(100)
before = resident()
import metate
{first_call}
print(resident() - before)
"""

FIRST_CALLS = {
    "function": "assert metate.njit(lambda a, b: a + b)(1, 2) == 3",
    "loop": """
@metate.njit
def add(a, b, c):
    for i in range(len(a)):
        c[i] = a[i] + b[i]

add(a, a, c)
assert (c == 2).all()
""",
    "expression": "assert metate.njit(lambda a: (a * 2 + 1).sum())(a) == 300",
    "parallel": "assert metate.njit(parallel=True)(lambda a: (a * 2 + 1).sum())(a) == 300",
}


@pytest.mark.parametrize("name", FIRST_CALLS)
def test_first_compiling_call(name, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(first_call=FIRST_CALLS[name]))
    environment = {"METATE_CACHE_DIR": str(tmp_path / "cache")}
    run = subprocess.run([sys.executable, program], env=environment, capture_output=True, text=True, check=True)
    assert float(run.stdout) <= LIMIT_MB
