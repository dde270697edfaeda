"""test_disabled – METATE_DISABLE_JIT=1: decorated functions stay Python functions, for debuggers and coverage."""

import os
import subprocess
import sys

PROGRAM = """
import types
import numpy as np
from metate import njit, jit, prange

@njit
def twice(x):
    return 2 * x

@jit("float64(float64[:])", nopython=True, parallel=True)
def total(x):
    result = 0.0
    for i in prange(len(x)):
        result += twice(x[i])
    return result

for function in (twice, total):
    print(isinstance(function, types.FunctionType), function.py_func is function)
print(total(np.ones(3)), twice(10**30))

try:
    njit(len)
except TypeError as error:
    print(error)
"""


def output(**environment):
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env={**os.environ, **environment})
    return done.stdout


def test_functions_stay_as_they_are():
    """Integers too: Python's have no end."""
    assert output(METATE_DISABLE_JIT="1") == (
        f"True True\nTrue True\n6.0 {2 * 10**30}\nnjit compiles Python functions, not <built-in function len>\n")


def test_by_default_they_are_compiled():
    assert output(METATE_DISABLE_JIT="0").startswith("False False\nFalse False\n")
    assert output(METATE_DISABLE_JIT="").startswith("False False\nFalse False\n")
