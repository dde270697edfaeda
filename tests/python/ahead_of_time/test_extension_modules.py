"""test_extension_modules – modules compiled ahead of time, in interpreters that have no Metate."""

import glob
import os
import pathlib
import subprocess
import sys

import metate
import pytest
from c_compiler import needs_c_compiler
from metate.errors import AheadOfTimeError

pytestmark = needs_c_compiler

SOURCE = '''
import math
import numpy as np
import metate

TABLE = np.arange(4096.0)

class OwnError(Exception):
    pass

@metate.export("norm", "f8(f8[::1])")
def norm(x):
    total = 0.0
    for v in x:
        total += v * v
    return math.sqrt(total)

@metate.export("add", "i8(i8, i8)")
@metate.export("add", "f8(f8, f8)")
@metate.export("add", "c16(c16, c16)")
@metate.export("add", "f8[:](f8[:], f8[:])")
def add(a, b):
    return a + b

@metate.export("sines", "f4[:, :](f4[:, :])")
@metate.njit
def sines(x):
    return np.sin(x)

@metate.export("flip", "f8[:](f8[:])")
def flip(x):
    return x[::-1]

@metate.export("same", "f8[:](f8[:])")
def same(x):
    return x

@metate.export("table", "Array(f8, 1, 'C', readonly=True)()")
def table():
    return TABLE

@metate.export("fails", "void(i8)")
def fails(n):
    if n == 1:
        raise ValueError(f"n is {n}")
    if n == 2:
        raise KeyError(n)
    if n == 3:
        raise StopIteration
    if n == 4:
        raise OwnError("own")
    print("ok", n, n / 2)

@metate.export("pick", "u1(u1, b1)")
def pick(a, flag):
    return a if flag else np.uint8(0)

@metate.export("order", "f8(f8[::1, :])")
def order(x):
    return x[1, 0]

@metate.export("mean", "f8(Array(f8, 1, 'A', readonly=True))")
def mean(x):
    return x.mean()
'''

# Runs where Metate is not; says what is wrong by AssertionError.
CHECKS = r'''
import array, gc, sys
try:
    import metate
    raise SystemExit("metate is there, so this test says nothing")
except ImportError:
    pass
sys.path.insert(0, sys.argv[1])
import fast
assert "numpy" not in sys.modules

def refused(kind, text, function, *arguments, **named):
    try:
        function(*arguments, **named)
    except kind as error:
        assert text in str(error), error
        return error
    raise AssertionError(f"{function} took {arguments} {named}")

# Without NumPy
assert fast.norm(array.array("d", [3, 4])) == 5 and fast.norm(x=memoryview(array.array("d", [6, 8]))) == 10
assert repr(fast.add(1, 2)) == "3" and repr(fast.add(1, 2.5)) == "3.5" and repr(fast.add(b=1j, a=2)) == "(2+1j)"
assert fast.norm.__module__ == "fast" and fast.norm.__doc__ == "norm(x: a C-contiguous 1-d float64 array) -> float64"
refused(TypeError, "norm() argument 'x' must be a C-contiguous 1-d float64 array, not list", fast.norm, [1.0])
refused(TypeError, "not a 1-d array of elements 'f'", fast.norm, array.array("f", [1]))
refused(TypeError, "norm() takes 1 argument, not 0", fast.norm)
refused(TypeError, "norm() has no parameter 'y'", fast.norm, y=1)
refused(TypeError, "pick() got argument 'a' twice", fast.pick, 1, a=1)
refused(TypeError, "can be written to, and it is read-only", fast.norm, memoryview(array.array("d", [1])).toreadonly())
assert fast.mean(memoryview(array.array("d", [1, 2])).toreadonly()) == 1.5
assert fast.pick(255, True) == 255 and fast.pick(255, False) == 0
refused(OverflowError, "pick() argument 'a' does not fit uint8", fast.pick, 256, True)
refused(OverflowError, "pick() argument 'a' does not fit uint8", fast.pick, -1, True)
refused(TypeError, "pick() argument 'flag' must be bool, not int", fast.pick, 1, 1)
refused(TypeError, "no version of add() takes these arguments; there are\nadd(a: int64, b: int64) -> int64\n", fast.add, "a", 1)
refused(OverflowError, "no version of add()", fast.add, 2**70, 1)
refused(TypeError, "argument 'n' must be int64, not float", fast.fails, 1.0)
error = refused(ValueError, "n is 1", fast.fails, 1)
if sys.version_info >= (3, 11):
    assert error.__notes__[0].startswith('  File "') and error.__notes__[0].endswith("in fails"), error.__notes__
assert refused(KeyError, "2", fast.fails, 2).args == (2,)
assert refused(StopIteration, "", fast.fails, 3).args == ()
assert type(refused(RuntimeError, "own", fast.fails, 4)) is RuntimeError  # its module is not here
fast.fails(5)

import numpy as np
x = np.arange(5.0)
assert fast.same(x) is x and (fast.same(x[::2]) == x[::2]).all()
assert fast.add(x, x[::-1]).tolist() == [4.0] * 5
flipped = fast.flip(x)
flipped[0] = 99
assert x[4] == 99 and flipped.strides == (-8,)
del x
gc.collect()
assert flipped.tolist() == [99.0, 3.0, 2.0, 1.0, 0.0]
x = np.arange(5.0)
made = fast.sines(np.ones((2, 3), "f4").T)
assert made.shape == (3, 2) and made.dtype == np.float32 and abs(float(made[0, 0]) - 0.8414709848) < 1e-7
assert fast.sines(np.ones((0, 3), "f4")).shape == (0, 3)
refused(TypeError, "and it is not contiguous in C order", fast.norm, x[::2])
refused(TypeError, "elements '>d'", fast.norm, x.astype(">f8"))
refused(TypeError, "not a 2-d array", fast.norm, np.ones((2, 2)))
refused(TypeError, "is not aligned to its elements", fast.norm, np.frombuffer(bytearray(17), "u1")[1:].view("f8"))
grid = np.arange(6.0).reshape(2, 3)
assert fast.order(np.asfortranarray(grid)) == 3
refused(TypeError, "not contiguous in Fortran order", fast.order, grid)
assert fast.pick(np.uint8(7), np.True_) == 7 and fast.add(np.float32(1), np.int8(2)) == 3
refused(TypeError, "must be", fast.pick, np.ones(1, "u1"), True)
table = fast.table()
assert table[4095] == 4095 and not table.flags.writeable

class Interface:
    def __init__(self, array):
        self.__array_interface__, self.array = array.__array_interface__, array

assert fast.norm(Interface(np.array([3.0, 4.0]))) == 5

# What is returned is given back, and arguments are let go.
counts = sys.getrefcount(x)
import resource
def high_water():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
big = np.zeros(100_000)
fast.add(big, big)
before = high_water()
for _ in range(500):
    fast.add(big, big), fast.same(x), fast.flip(x)
assert high_water() - before < 100_000, "memory grows"  # KiB; 400 MB if it was kept
assert sys.getrefcount(x) == counts

# The interpreter's lock is given away, and calls from several threads go well.
import threading
results = []
threads = [threading.Thread(target=lambda: results.append(fast.norm(big + 1))) for _ in range(4)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
assert results == [100_000 ** 0.5] * 4
print("all is well")
'''


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    folder = tmp_path_factory.mktemp("module")
    (folder / "functions.py").write_text(SOURCE)
    name = "fast.abi3.so" if sys.version_info >= (3, 11) else "fast.so"
    made = metate.compile_ahead(folder / "functions.py", folder / name, "extension")
    assert made["files"][0] == str(folder / name)
    return folder


def interpreters():
    """This one, and others that may load its modules: those of ./dev setup."""
    found = [sys.executable]
    if sys.version_info >= (3, 11):
        for other in sorted(glob.glob(str(pathlib.Path(__file__).parents[3] / ".venv/3.*/bin/python"))):
            if other.split("/")[-3] != "3.10" and not os.path.samefile(os.path.dirname(other), os.path.dirname(sys.executable)):
                found.append(other)
    return found


@pytest.mark.parametrize("python", interpreters())
def test_without_metate(module, python):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([python, "-W", "error", "-c", CHECKS, str(module)], capture_output=True, text=True, env=environment,
                          cwd=module)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ok 5 2.5\nall is well\n" and done.stderr == ""


def add(a, b):
    return a + b


@pytest.mark.parametrize(("out", "exports", "complaint"), [
    ("fast", ["add: f8(f8, f8)"], "the name of an extension module ends in .so, as fast"),
    ("fa-st.so", ["add: f8(f8, f8)"], "a module cannot be called 'fa-st'"),
    ("fast.so", ["add: f8(f8, f8)", "add: i8(i8, i8)", "add: f4(f8, f8)"], "add is exported twice for \\(float64, float64\\)"),
])
def test_what_makes_no_module(tmp_path, out, exports, complaint):
    with pytest.raises(AheadOfTimeError, match=complaint):
        metate.compile_ahead({"add": add}, tmp_path / out, "extension", exports)
    assert list(tmp_path.iterdir()) == []
