"""Kernels, what drivers build of them, offloaded loops, callbacks and ufuncs are found again too."""

import json
import subprocess

import pytest
from cached_programs import REPORT, Programs

PROGRAM = """
import sys
import numpy as np
import metate
from metate import kernel_api as kapi

FACTOR = 3.0

@metate.device_func
def scaled(x):
    return x * FACTOR

@metate.kernel
def scale(x, y):
    i = metate.get_global_id(0)
    y[i] = scaled(x[i])

@metate.kernel
def with_item(item, x):
    i = item.get_id(0)
    x[i] += i

@metate.kernel
def reversed_in_group(item, x):
    here = metate.local.array(8, np.float32)
    i, n = item.get_local_id(0), item.get_global_id(0)
    here[i] = x[n]
    kapi.group_barrier(item.get_group())
    x[n] = here[7 - i]

@metate.kernel
def fails(x):
    i = metate.get_global_id(0)
    if x[i] > 2.0:
        raise ValueError("too large")

@metate.njit(parallel=True)
def on_device(x):
    y = x * 2 + FACTOR
    for i in metate.prange(len(x)):
        y[i] += i
    return y

@metate.cfunc("float64(float64, float64)")
def callback(a, b):
    return a * b + FACTOR

@metate.vectorize(["float64(float64, float64)"])
def ufunc(a, b):
    return a * b + FACTOR

@metate.guvectorize(["void(float64[:], float64[:], float64[:])"], "(n),(n)->()")
def dotted(a, b, out):
    out[0] = (a * b).sum()

def run():
    x, y = np.arange(4.0), np.zeros(4)
    scale[4](x, y)
    counted = np.zeros(4, np.float32)
    metate.call_kernel(with_item, metate.Range(4), counted)
    turned = np.arange(16, dtype=np.float32)
    metate.call_kernel(reversed_in_group, metate.NdRange((16,), (8,)), turned)
    try:
        fails[4](x)
        failure = None
    except ValueError as error:
        at = error.__traceback__
        while at.tb_next:
            at = at.tb_next
        failure = [str(error), at.tb_lineno, getattr(error, "__notes__", [])]
    with metate.device_context("cpu"):
        offloaded = on_device(x)
    return [y.tolist(), counted.tolist(), turned.tolist(), failure, np.asarray(offloaded).tolist(), on_device(x).tolist(),
            callback.ctypes(2.0, 5.0), ufunc(x, x).tolist(), ufunc.reduce(x), float(dotted(x, x))]
""" + REPORT


@pytest.fixture
def programs(tmp_path):
    return Programs(tmp_path, PROGRAM)


def test_the_second_start_compiles_nothing(programs):
    off = programs.run(METATE_CACHE="0")
    assert off["values"][0] == [0.0, 3.0, 6.0, 9.0]
    assert off["values"][2] == [*range(7, -1, -1), *range(15, 7, -1)]
    assert off["values"][3][0] == "too large"
    first = programs.run()
    assert first["values"] == off["values"]
    assert first["counts"]["hits"] == first["counts"]["uncachable"] == 0
    names = programs.entries()
    second = programs.run()
    assert second["values"] == off["values"]
    assert second["counts"] == {"hits": first["counts"]["misses"], "misses": 0, "uncachable": 0}
    assert programs.entries() == names
    # Four kernels and two nests in one function: five modules that a driver has built, beside what Metate compiled.
    assert len(names) == first["counts"]["misses"] + 5
    assert first["warnings"] == second["warnings"] == []


@pytest.mark.parametrize("old, new", [
    ("FACTOR = 3.0", "FACTOR = 5.0"),
    ("return x * FACTOR", "return x - FACTOR"),
    ("x[i] += i", "x[i] -= i"),
    ("here[7 - i]", "here[i]"),
    ('"too large"', '"too big"'),
    ("y[i] += i\n    return", "y[i] -= i\n    return"),
])
def test_what_they_depend_on_is_compiled_again(programs, old, new):
    before = programs.run()
    programs.change(old, new)
    after = programs.run()
    assert after["values"] == programs.run(METATE_CACHE="0")["values"] != before["values"]
    assert 0 < after["counts"]["misses"] < before["counts"]["misses"] and after["counts"]["hits"] > 0


def test_damaged_ones_are_built_again(programs):
    first = programs.run()
    for entry in programs.entries():
        entry.write_bytes(entry.read_bytes()[:-3])
    printed, said = programs.start(stderr=subprocess.PIPE).communicate()
    second = json.loads(printed)
    assert second["values"] == first["values"] and second["counts"] == first["counts"]
    assert second["warnings"] == [] and said.count("is damaged") == 1  # where a decorator compiled, before `run`
    assert programs.run()["counts"]["misses"] == 0


def test_another_cpu_is_another_key(programs):
    """Of Metate's code and of the driver's binary: what AVX-512 code there is does not run elsewhere."""
    first = programs.run()
    count = len(programs.entries())
    other = programs.run(METATE_CPU_NAME="x86-64")
    assert other["counts"]["hits"] == 0
    assert other["values"] == first["values"]
    assert len(programs.entries()) == 2 * count


def test_the_kernel_checker_has_code_of_its_own(programs):
    first = programs.run()
    for _ in range(2):
        checked = programs.run(METATE_KERNEL_CHECK="1")
        assert checked["values"] == first["values"]
    assert checked["counts"]["misses"] == 0
    programs.change("y[i] = scaled(x[i])", "y[i + 1] = scaled(x[i])")
    program = programs.start(METATE_KERNEL_CHECK="1")
    program.communicate()
    assert program.returncode != 0


MANY = """
import numpy as np
import metate

@metate.kernel(cache_size=1)
def double(x):
    x[metate.get_global_id(0)] *= 2

def run():
    values = []
    for _ in range(2):
        for dtype in (np.float32, np.float64):
            x = np.ones(2, dtype)
            double[2](x)
            values += x.tolist()
    return values
""" + REPORT


def test_what_a_kernel_forgot_is_found_on_disk(tmp_path):
    programs = Programs(tmp_path, MANY)
    assert programs.run() == {"values": [2.0] * 8, "counts": {"hits": 2, "misses": 2, "uncachable": 0}, "warnings": []}
    assert programs.run() == {"values": [2.0] * 8, "counts": {"hits": 4, "misses": 0, "uncachable": 0}, "warnings": []}


def test_one_process_compiles_what_many_wait_for(tmp_path):
    programs = Programs(tmp_path, MANY)
    results = [json.loads(process.communicate()[0]) for process in [programs.start() for _ in range(3)]]
    assert all(result["values"] == [2.0] * 8 and result["warnings"] == [] for result in results)
    assert sum(result["counts"]["misses"] for result in results) == 2
    assert len(programs.entries()) == 4  # SPIR-V and the driver's binary of it, for two dtypes
    assert not list(programs.cache.glob("*.lock"))


PRINTING = """
import numpy as np
import metate
from collections import namedtuple

Point = namedtuple("Point", "x y")

@metate.kernel
def shift(x, by=2.0):
    i = metate.get_global_id(0)
    x[i] += by
    if i == 1:
        print("item", i, "has", x[i])

@metate.njit
def sum_of(point):
    return point.x + point.y

def run():
    x = np.zeros(2)
    shift[2](x)
    return [x.tolist(), sum_of(Point(1, 2))]
""" + REPORT


def test_kernels_that_print_and_have_defaults(tmp_path):
    programs = Programs(tmp_path, PRINTING)
    for _ in range(2):
        printed, _ = programs.start().communicate()
        lines = printed.splitlines()
        assert lines[0] == "item 1 has 2.0"
        assert json.loads(lines[1])["values"] == [[2.0, 2.0], 3]
    assert json.loads(lines[1])["counts"]["hits"] >= 1
    programs.change("by=2.0", "by=3.0")
    assert programs.run()["values"] == [[3.0, 3.0], 3]


ARRAYS = """
import numpy as np
import metate

OTHERS = [np.arange(9000.0) + k for k in range(COUNT)]  # whose numbers come before those of the arrays that matter
SMALL, LARGE = np.arange(4.0), np.arange(10_000.0)

@metate.kernel
def look_up(x):
    i = metate.get_global_id(0)
    x[i] = LARGE[i + 5000] + SMALL[i]

def run():
    for other in OTHERS:
        metate.njit(cache=False)(lambda: other[0])()
    x = np.zeros(4)
    look_up[4](x)
    return x.tolist()
""" + REPORT


def test_global_arrays_of_kernels(tmp_path):
    """They are told by their content, not by the numbers that they have in a process."""
    programs = Programs(tmp_path, "COUNT = 0\n" + ARRAYS)
    right = [5000.0, 5002.0, 5004.0, 5006.0]
    assert programs.run()["values"] == right
    programs.change("COUNT = 0", "COUNT = 3")
    found = programs.run()
    assert (found["values"], found["counts"]["hits"]) == (right, 1)
    programs.change("np.arange(10_000.0)", "np.arange(10_000.0) + 1")
    assert programs.run()["values"] == [value + 1 for value in right]
