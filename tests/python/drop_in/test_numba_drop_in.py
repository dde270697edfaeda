"""Programs written for Numba run unchanged after `install_as_numba`, in a process of their own; what is missing is named."""

import os
import re
import subprocess
import sys

import metate
import pytest

INSTALL = "import metate\nmetate.install_as_numba()\n"

USUAL = """
import numba
import numpy as np
from numba import float64, guvectorize, int64, jit, njit, prange, vectorize
from numba.core import types
from numba.core.errors import NumbaDeprecationWarning, NumbaPerformanceWarning, TypingError
import numba as nb
import warnings

warnings.simplefilter("ignore", category=NumbaDeprecationWarning)
warnings.simplefilter("ignore", category=NumbaPerformanceWarning)

@jit(nopython=True, parallel=True, fastmath=True, cache=True, nogil=True)
def norm(x):
    total = 0.0
    for i in numba.prange(x.shape[0]):
        total += x[i] * x[i]
    return np.sqrt(total)

@vectorize([float64(float64, float64)], nopython=True)
def larger(a, b):
    return a if a > b else b

@guvectorize(["void(float64[:], float64[:])"], "(n)->()")
def span(row, result):
    result[0] = row.max() - row.min()

@nb.njit("float64(int64, float64)")
def power(n, x):
    made = nb.float64(1)
    for _ in range(n):
        made *= x
    return made

x = np.arange(5.0)
print(norm(x) == np.sqrt(30), larger(x, 2.0).tolist(), span(np.array([[1.0, 4.0], [2.0, 2.0]])).tolist(), power(3, 2.0))
try:
    njit(lambda a: a + "text")(1)
except TypingError as error:
    print("refused", isinstance(error, numba.NumbaError), issubclass(numba.TypingError, Exception))
numba.set_num_threads(1)
print(numba.get_num_threads(), numba.config.NUMBA_NUM_THREADS >= 1, numba.threading_layer() in ("tbb", "workqueue"),
      types.float64 is numba.types.float64 is numba.float64, numba.typeof(1.5) == float64)
print(numba.version_info.major, numba.version_info >= (0, 50), numba.__version__.split("+")[1].startswith("metate"),
      tuple(map(int, numba.__version__.split("+")[0].split(".")))[:2] == numba.version_info.short)
"""

LESS_USUAL = """
import numba
import numpy as np
from numba import cfunc, config, cuda, types
from numba.core.dispatcher import Dispatcher
from numba.core.registry import CPUDispatcher
from numba.extending import is_jitted, register_jitable
from numba.np.numpy_support import as_dtype, from_dtype

config.THREADING_LAYER = "threadsafe"
numba.config.DISABLE_JIT = False

@register_jitable
def twice(x):
    return 2 * x

@register_jitable(fastmath=True)
def thrice(x):
    return 3 * x

@numba.njit
def both(x):
    return twice(x) + thrice(x)

@cfunc("float64(float64)")
def half(x):
    return x / 2

print(both(2), half.ctypes(3.0), is_jitted(both), is_jitted(twice), isinstance(both, (Dispatcher, CPUDispatcher)))
import importlib.util
assert importlib.util.find_spec("numba").origin == "metate" == importlib.util.find_spec("numba.core").origin
assert importlib.util.find_spec("numba.no_such_part") is None
print(cuda.is_available(), as_dtype(numba.float32), from_dtype(np.dtype("u2")) == types.uint16 == numba.ushort)
numba.config.DISABLE_JIT = True
print(numba.config.DISABLE_JIT, is_jitted(numba.njit(lambda x: x)), hasattr(numba, "stencil"), hasattr(numba.config, "OPT"))
"""

WHOLE_MODULE = """
import math
import sys
import types

source = '''
from math import sqrt
from textwrap import dedent
from numba import jit_module, njit

def length(x, y):
    return sqrt(square(x) + square(y))

def square(x):
    return x * x

@njit
def one():
    return 1

LIST = [1]
jit_module(nopython=True, error_model="numpy")

def later(x):
    return dedent(x)
'''
module = types.ModuleType("lengths")
sys.modules["lengths"] = module
exec(compile(source, "lengths.py", "exec"), module.__dict__)
from numba.extending import is_jitted
print(module.length(3.0, 4.0), [is_jitted(each) for each in (module.length, module.square, module.one, module.later, module.dedent)],
      module.length.targetoptions, module.later(" a"), module.sqrt is math.sqrt)
"""


def run(program, **environment):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300,
                          env=os.environ | environment)


@pytest.mark.parametrize("program, output", [
    (USUAL, "True [2.0, 2.0, 2.0, 3.0, 4.0] [3.0, 0.0] 8.0\nrefused True True\n1 True True True True\n0 True True True"),
    (LESS_USUAL, "10 1.5 True False True\nFalse float32 True\nTrue False False False"),
    (WHOLE_MODULE, "5.0 [True, True, True, False, False] {'nopython': True, 'error_model': 'numpy'} a True"),
], ids=["usual", "less usual", "whole module"])
def test_numba_programs(program, output):
    done = run(INSTALL + program)
    assert done.stdout.strip() == output, done.stderr[-2000:]


def unless(name, *parameters):
    """Parameters for as long as `metate` has no such name."""
    return pytest.param(*parameters, marks=pytest.mark.skipif(hasattr(metate, name), reason=f"there is metate.{name}"))


@pytest.mark.parametrize("name, reason", [
    unless("stencil", "numba.stencil", "write the loop over the inner elements"),
    unless("objmode", "numba.objmode", "there is no object mode"),
    unless("literal_unroll", "numba.literal_unroll", "write the statements out"),
    unless("typed", "numba.typed.List", "no such objects yet"),
    unless("experimental", "numba.experimental.jitclass", "no such objects yet"),
    unless("extending", "numba.extending.overload", "calls plain Python functions"),
    unless("extending", "numba.extending.intrinsic", "C functions of ctypes"),
    ("numba.cuda.jit", ""),
    ("numba.pycc", ""),
    ("numba.types.NPDatetime", ""),
    ("numba.core.errors.NoSuchError", ""),
])
def test_what_numba_has_and_metate_lacks(name, reason):
    module, _, name_in_it = name.rpartition(".")
    for statement, error in ((f"import {module}\n{name}", "AttributeError"), (f"from {module} import {name_in_it}", "ImportError")):
        done = run(INSTALL + statement)
        assert f"{error}: {name} is not offered by Metate, which stands in for numba here" in done.stderr, done.stderr
        assert reason in done.stderr


def test_settings():
    done = run(INSTALL + "import numba\nprint(numba.get_num_threads(), numba.config.DISABLE_JIT)",
               NUMBA_NUM_THREADS="1", NUMBA_DISABLE_JIT="1")
    assert done.stdout.strip() == "1 True", done.stderr
    for setting, message in (("THREADING_LAYER = 'omp'", "is one of default, tbb.*not 'omp'"), ("OPT = 3", "numba.config.OPT is not")):
        done = run(INSTALL + f"import numba\nnumba.config.{setting}")
        assert done.returncode == 1
        assert re.search(message, done.stderr), done.stderr


def test_variables_of_the_environment(tmp_path):
    program = INSTALL + "import numba\n@numba.njit\ndef twice(x):\n    return x + x\nprint(twice(2), twice.stats.cache_path)"
    done = run(program, METATE_CACHE="1", NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    assert done.stdout == f"4 {tmp_path / 'cache'}\n", done.stderr
    done = run(program, NUMBA_DUMP_LLVM="1", NUMBA_DUMP_ASSEMBLY="1", NUMBA_DUMP_OPTIMIZED="0", METATE_DUMP="frontend",
               METATE_DUMP_DIR=str(tmp_path / "texts"))
    stages = {path.stem.rpartition("-")[2] for path in (tmp_path / "texts").iterdir()}
    assert stages == {"frontend", "codegen", "emit"}, done.stderr


def test_numba_that_is_there_already():
    done = run("import sys, types, importlib.machinery\n"
               "numba = types.ModuleType('numba')\n"
               "numba.__spec__ = importlib.machinery.ModuleSpec('numba', None)\n"
               "sys.modules['numba'] = numba\n" + INSTALL)
    assert "ImportError: numba was imported before install_as_numba(): call it first" in done.stderr
