"""Devices that lack what others have: kernels are made of what there is, or it is said what is not.

A loader that stands before the real one takes features and sizes away from the software device.
"""

import json
import subprocess
import sys

import pytest

#: What each program begins with; its arguments are numbers for the loader.
BEGIN = """
import ctypes, json, sys

loader = ctypes.CDLL("libze_loader.so.1")
numbers = [int(number, 0) for number in sys.argv[1:]]
"""


@pytest.fixture
def run(environment, tmp_path):
    def run(program, *arguments, **more):
        """The lines that it prints."""
        (tmp_path / "poor.py").write_text(BEGIN + program)
        done = subprocess.run([sys.executable, "poor.py", *map(str, arguments)], capture_output=True, text=True,
                              env=environment | more, cwd=tmp_path, timeout=600)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout.splitlines()

    return run


POOR = """
loader.metate_test_impoverish(0b111, 0x00010002)  # no float16, float64 and 64-bit atomics; SPIR-V up to 1.2

import metate, numpy as np
from metate import get_global_id


@metate.kernel
def by_parameter(item, count, x):
    x[item.get_id(0)] = count


@metate.kernel
def by_value(x):
    i = get_global_id(0)
    x[i] = x[i] + np.float64(0.1)


@metate.kernel
def by_half(x):
    x[get_global_id(0)] += 1


@metate.kernel
def by_atomics(narrow, wide):
    metate.atomic.add(narrow, 0, 1)
    metate.atomic.add(wide, 0, 1)


@metate.device_func
def count(x):
    metate.atomic.add(x, 0, 1)


@metate.kernel
def by_part(x):
    count(x[1:])


@metate.kernel
def by_own(x):
    own = metate.local.array(4, np.int64)
    metate.atomic.exchange(own, 0, 1)


@metate.kernel
def by_shuffle(x):
    i = get_global_id(0)
    x[i] = metate.sub_group_shuffle_up(x[i], 1)


@metate.kernel
def poor(x):
    x[get_global_id(0)] += 1


x, wide = np.zeros(4, np.float32), np.zeros(4, np.int64)
for launch in (lambda: metate.call_kernel(by_parameter, metate.Range(4), 1, np.zeros(4)), lambda: by_value[4](x),
               lambda: by_half[4](np.zeros(4, np.float16)), lambda: by_atomics[4](np.zeros(4, np.int32), wide),
               lambda: by_part[4](wide), lambda: by_own[4, 4](x), lambda: by_shuffle[4](x)):
    try:
        launch()
    except Exception as error:
        print(error)
poor[4](x)
print(x)
"""


def line_of(program, text):
    (number,) = [number for number, line in enumerate((BEGIN + program).splitlines(), 1) if text in line]
    return f"poor.py:{number}"


def test_a_device_that_lacks_features(run):
    errors = run(POOR)
    line = {text: line_of(POOR, text) for text in ("np.float64(0.1)", "add(wide", "add(x", "exchange(own")}
    atomics = "has no atomic operations of 64 bits, which the kernel uses; the first is at"
    expected = ["has no float64 arithmetic, which the kernel uses; float64 comes in by its parameter 'x'",
                f"has no float64 arithmetic, which the kernel uses; float64 comes in by the value at {line['np.float64(0.1)']}",
                "has no float16 arithmetic, which the kernel uses; float16 comes in by its parameter 'x'",
                f"{atomics} {line['add(wide']}, on its parameter 'wide'", f"{atomics} {line['add(x']}, on its parameter 'x'",
                f"{atomics} {line['exchange(own']}", "has no SPIR-V 1.3, which the kernel uses"]
    assert len(errors) == 8 and all(error.endswith(end) for error, end in zip(errors, expected)), errors
    assert errors[0].startswith("kernel by_parameter: device '") and errors[3].startswith("kernel by_atomics: device '")
    assert errors[-1] == "[1. 1. 1. 1.]"


LIMITED = """
loader.metate_test_limit(64, 4096, 0)

import metate, numpy as np
from metate import barrier, get_global_id, get_local_id, kernel, local, njit, prange


@kernel
def increment(x):
    x[get_global_id(0)] += 1


@kernel
def increment_2d(x):
    x[get_global_id(0), get_global_id(1)] += 1


@kernel
def reverse(x):
    own = local.array(8192, np.int8)
    k = get_local_id(0)
    own[k] = x[k]
    barrier()
    x[k] = own[31 - k]


@kernel
def totals(x, out):
    i = get_global_id(0)
    total = metate.work_group_reduce_add(x[i])
    if get_local_id(0) == 0:
        out[i // 32] = total


@njit(parallel=True)
def fill(x):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            x[i, j] = i + j


@njit(parallel=True)
def total(x):
    sum = 0.0
    for i in prange(x.size):
        sum += x[i]
    return sum


device = metate.select_default_device()
print([device.max_work_group_size, *device.max_work_item_sizes3d, device.local_mem_size])
x = np.zeros((96, 1000))
increment[960](flat := np.zeros(960))
increment_2d[metate.Range(96, 1000)](x)
assert (flat == 1).all() and (x == 1).all()
totals[320, 32](np.ones(320), sums := np.zeros(10))
assert (sums == 32).all()
on_device = metate.zeros((300, 500))
fill(on_device)
grid = metate.asnumpy(on_device)
assert (grid == np.add.outer(np.arange(300), np.arange(500))).all()
assert (metate.asnumpy(on_device @ on_device.T) == grid @ grid.T).all()
a = metate.arange(100_000.0)
assert total(a) == 4999950000.0 and (metate.asnumpy(a * 2 + a) == np.arange(100_000) * 3).all()
space = metate.arange(1.0).__array_namespace__()
assert [float(f(a)) for f in (space.sum, space.max, space.min, space.mean)] == [4999950000.0, 99999, 0, 49999.5]
assert (metate.asnumpy(space.cumulative_sum(a))[-1], int(space.argmax(a))) == (4999950000.0, 99999)
assert (metate.asnumpy(space.sort(a[::-1])) == np.arange(100_000)).all()
for launch in (lambda: increment[128, 128](flat), lambda: increment_2d[(16, 16), (16, 16)](x),
               lambda: reverse[32, 32](np.zeros(32, np.int8))):
    try:
        launch()
    except ValueError as error:
        print(error)
"""


def test_small_groups_and_little_local_memory(run):
    limits, one, two, memory = run(LIMITED)
    assert json.loads(limits) == [64, 32, 32, 32, 4096]
    assert one.startswith("a work-group of 128 items in dimension 0 is more than the device takes there (32)")
    assert two.startswith("a work-group of 256 items is more than the device takes (64)")
    place = line_of(LIMITED, "own = local")
    assert memory.startswith(f"kernel reverse needs 8192 bytes of local memory for a work-group, most of them for the array at {place}")
    assert memory.endswith("has 4096")
