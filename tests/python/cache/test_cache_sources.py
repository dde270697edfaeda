"""Where functions come from does not matter to the cache; what they say and are compiled with does."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

import metate
import pytest
from cached_programs import REPORT, Programs

METHODS = """
from metate import njit

class Account:
    rate = njit(lambda balance: balance * RATE)

    @staticmethod
    @njit
    def total(a, b):
        return a + b

    @njit
    def unbound(a):
        return a - 1

RATE = 1.5

def outer(step):
    def middle(factor):
        @njit
        def inner(x):
            return x * factor + step
        return inner
    return middle

def run():
    account = Account()
    return [Account.total(1, 2), account.total(1.5, 2), Account.unbound(3), Account.rate(2.0), outer(1)(2)(3), outer(5)(2)(3)]
""" + REPORT


def test_methods_and_closures(tmp_path):
    programs = Programs(tmp_path, METHODS)
    first = programs.run()
    assert first["values"] == [3, 3.5, 2, 3.0, 7, 11]
    second = programs.run()
    assert second["values"] == first["values"]
    assert second["counts"] == {"hits": 6, "misses": 0, "uncachable": 0}
    programs.change("outer(5)(2)(3)", "outer(5)(4)(3)")
    third = programs.run()
    assert third["values"] == [3, 3.5, 2, 3.0, 7, 17]
    assert third["counts"] == {"hits": 5, "misses": 1, "uncachable": 0}


CELLS = """
import linecache, sys, traceback

CELLS = ["from metate import njit\\nimport numpy as np\\n",
         "@njit\\ndef third(x):\\n    return x[3]\\n",
         "@njit\\ndef twice(x):\\n    return third(x) * 2\\n"]

def run():
    # As IPython does it: each cell has a name of its own and lives in linecache.
    namespace = {"__name__": "__main__"}
    for number, source in enumerate(CELLS):
        name = f"<ipython-input-{number + int(sys.argv[1])}-{sys.argv[2]}>"
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        exec(compile(source, name, "exec"), namespace)
    x = namespace["np"].arange(5.0)
    values = [namespace["twice"](x)]
    try:
        namespace["twice"](x[:2])
    except IndexError as error:
        values.append([(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)[-2:]])
    return values
""" + REPORT


def test_cells_of_notebooks(tmp_path):
    """They have other names every time; tracebacks name those of the running one."""
    programs = Programs(tmp_path, CELLS)
    first, second = programs.run("1", "abc"), programs.run("7", "def")
    assert first["values"][0] == second["values"][0] == 6.0
    assert first["counts"] == {"hits": 0, "misses": 1, "uncachable": 0}
    assert second["counts"] == {"hits": 1, "misses": 0, "uncachable": 0}
    assert first["values"][1] == [["<ipython-input-3-abc>", 3], ["<ipython-input-2-abc>", 3]]
    assert second["values"][1] == [["<ipython-input-9-def>", 3], ["<ipython-input-8-def>", 3]]


MODULE = """
from metate import njit

LIMIT = 4

@njit
def clipped(x):
    return min(x, LIMIT)
"""


def test_a_program_may_move(tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    programs = Programs(tmp_path, MODULE + "\ndef run():\n    return clipped(7)\n" + REPORT)
    assert programs.run()["counts"]["misses"] == 1
    programs.program = shutil.move(programs.program, there / "renamed.py")
    assert programs.run() == {"values": 4, "counts": {"hits": 1, "misses": 0, "uncachable": 0}, "warnings": []}


def test_modules_in_archives(tmp_path):
    programs = Programs(tmp_path, "import sys\nsys.path.insert(0, sys.argv[1])\nimport zipped\n\ndef run():\n"
                                  "    assert '.zip' in zipped.__file__\n    return zipped.clipped(7)\n" + REPORT)

    def archive(name, text):
        with zipfile.ZipFile(tmp_path / name, "w") as made:
            made.writestr("zipped.py", text)
        return str(tmp_path / name)

    first = archive("first.zip", MODULE)
    assert programs.run(first)["counts"]["misses"] == 1
    assert programs.run(first)["counts"]["hits"] == 1
    other = programs.run(archive("other.zip", MODULE.replace("LIMIT = 4", "LIMIT = 5")))
    assert (other["values"], other["counts"]["misses"]) == (5, 1)


OPTIONS = """
from metate import njit

def divide(a, b):
    return a / b

def run():
    return njit(fastmath=FASTMATH, error_model="numpy", cache=CACHE)(divide)(1.0, 4.0)
""" + REPORT


def test_options_are_part_of_the_key(tmp_path):
    programs = Programs(tmp_path, "FASTMATH, CACHE = False, True\n" + OPTIONS)
    assert programs.run()["counts"]["misses"] == 1
    programs.change("FASTMATH, CACHE = False", "FASTMATH, CACHE = True")
    assert programs.run()["counts"] == {"hits": 0, "misses": 1, "uncachable": 0}


def test_a_function_may_leave_the_cache_alone(tmp_path):
    programs = Programs(tmp_path, "FASTMATH, CACHE = False, False\n" + OPTIONS)
    assert programs.run()["counts"] == {"hits": 0, "misses": 0, "uncachable": 0}
    assert programs.entries() == []


LEAVING_ALONE = """
import numpy as np
import metate

@metate.vectorize(cache=False)
def one(x):
    return x + 1

@metate.guvectorize(["void(float64[:], float64[:])"], "(n)->()", cache=False)
def two(x, out):
    out[0] = x.sum()

@metate.cfunc("float64(float64)", cache=False)
def three(x):
    return x * 3

@metate.kernel(cache=False)
def four(x):
    x[metate.get_global_id(0)] *= 4

def run():
    x = np.ones(3)
    four[3](x)
    return [one(x).tolist(), float(two(x)), three.ctypes(1.0), x.tolist()]
""" + REPORT


def test_so_may_ufuncs_callbacks_and_kernels(tmp_path):
    programs = Programs(tmp_path, LEAVING_ALONE)
    result = programs.run()
    assert result["values"] == [[5.0] * 3, 12.0, 3.0, [4.0] * 3]
    assert result["counts"] == {"hits": 0, "misses": 0, "uncachable": 0}
    assert programs.entries() == []


def test_another_build_is_another_key(tmp_path):
    """The same library with another build id, as a linker gives one to whatever differs by a bit."""
    package = pathlib.Path(metate.__file__).parent
    tree = tmp_path / "tree" / "metate"
    tree.mkdir(parents=True)
    for entry in package.iterdir():
        if entry.suffix != ".so":
            (tree / entry.name).symlink_to(entry.resolve())
        elif entry.name != "libmetate.so":
            shutil.copy(entry, tree / entry.name)
    library = bytearray((package / "libmetate.so").read_bytes())
    note = library.index(b"\x03\0\0\0GNU\0")  # type and name of the note; the id stands behind it
    library[note + 8] ^= 1
    (tree / "libmetate.so").write_bytes(library)
    programs = Programs(tmp_path, MODULE + "\ndef run():\n    return clipped(7)\n" + REPORT)
    assert programs.run()["counts"]["misses"] == 1
    other = {"PYTHONPATH": str(tree.parent)}
    assert programs.run(**other)["counts"] == {"hits": 0, "misses": 1, "uncachable": 0}
    assert programs.run(**other)["counts"]["hits"] == programs.run()["counts"]["hits"] == 1


def test_stats_are_those_of_numba(tmp_path):
    programs = Programs(tmp_path, MODULE + "\ndef run():\n    clipped(7), clipped(1.5)\n    stats = clipped.stats\n    return ["
                        "stats.cache_path, *({str(types): n for types, n in part.items()} for part in stats[1:])]\n" + REPORT)
    both = {"(int64,)": 1, "(float64,)": 1}
    assert programs.run()["values"] == [str(programs.cache), {}, both]
    assert programs.run()["values"] == [str(programs.cache), both, {}]
    assert programs.run(METATE_CACHE="0")["values"] == [None, {}, both]


@pytest.mark.parametrize("value", ["yes", 1])
def test_cache_takes_a_bool(value):
    for decorator in (metate.njit, metate.vectorize, metate.kernel):
        with pytest.raises(TypeError, match="MT6003: option 'cache' takes a bool"):
            decorator(cache=value)(lambda x: x)


def test_counts_where_it_is_off():
    code = "import json, metate; print(json.dumps([metate.cache.counts(), metate.cache.path()]))"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "METATE_CACHE": "0"}, capture_output=True, check=True)
    assert json.loads(done.stdout) == [None, None]
