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


ATOMICS = """
loader.metate_test_hide_float_atomics(numbers[0])
loader.metate_test_impoverish(numbers[1], 0)

import metate, numpy as np
from metate import atomic, get_global_id, get_local_id, local


@metate.kernel
def change(x, out, before):
    i = get_global_id(0)
    before[i] = atomic.add(out, 0, x[i])
    atomic.sub(out, 1, x[i])
    atomic.min(out, 2, x[i])
    atomic.max(out, 3, x[i])


@metate.kernel
def in_groups(x, out, least):
    i, k = get_global_id(0), get_local_id(0)
    own = local.array(2, x.dtype)
    if k < 2:
        own[k] = 0
    metate.barrier(metate.LOCAL_MEM_FENCE)
    atomic.add(own, 0, x[i])
    atomic.min(own, 1, x[i])
    metate.barrier(metate.LOCAL_MEM_FENCE)
    if k == 0:
        atomic.add(out, 4, own[0])
        atomic.min(least, 0, own[1])


results = {}
for dtype in (np.float32, np.float64):
    x = np.random.default_rng(1).permutation(np.arange(-500, 500)).astype(dtype)
    for values in (x, np.where(np.arange(x.size) % 3, x, np.nan).astype(dtype)):
        out, before, least = np.array([0, 0, np.nan, np.nan, 0], dtype), np.empty_like(x), np.full(1, 5, dtype)
        change[x.size](values, out, before)
        in_groups[x.size, 100](values, out, least)
        results[f"{dtype.__name__} {len(results)}"] = [*map(str, out.tolist()), str(least[0])]
    # Each addition started where another had ended.
    change[x.size](x, out := np.zeros(4, dtype), before)
    assert np.array_equal(np.sort([*before, out[0]]), np.sort([*(before + x), 0])) and out[0] == x.sum()
text = change.inspect_spirv(x, out, before) + in_groups.inspect_spirv(x, out, least)
instructions = [text.count(name) for name in ("OpAtomicFAddEXT", "OpAtomicFMinEXT", "OpAtomicFMaxEXT",
                                              "OpAtomicCompareExchange")]
declared = metate.kernel("void(float32[::1], float32[::1], float32[::1])")(change.py_func)  # for any device …
declared[4](*(np.zeros(4, np.float32) for _ in range(3)))  # … and for this one
kept = [text.count("OpAtomicF") for kernel in (change, declared) for text in kernel.inspect_spirv().values()]
print(json.dumps([results, instructions, kept, metate.cache.counts()]))
"""
_ALL, _LOCAL, _MIN_MAX = 0x70007, 0x70000, 0x40004  # ze_device_fp_atomic_ext_flags_t


def test_float_atomics_with_and_without_instructions(run):
    """They give the same, by the instructions that the device has and by comparison and exchange otherwise."""
    native, native_text, native_kept, _ = json.loads(run(ATOMICS, 0, 0)[-1])
    assert native_text == [4, 3, 1, 0] and native_kept == [4, 4, 4]
    for number, dtype in [(0, "float32"), (2, "float64")]:
        assert native[f"{dtype} {number}"] == ["-500.0", "500.0", "-500.0", "499.0", "-500.0", "-500.0"]
        total, negative, least, greatest, *_ = map(float, native[f"{dtype} {number + 1}"])
        assert total != total and negative != negative and least < -490 and greatest > 490  # nan adds, and does not compare
    for hidden, expected in [(_ALL, [0, 0, 0, 8]), (_LOCAL, [3, 2, 1, 2]), (_MIN_MAX, [4, 0, 0, 4])]:
        results, text, _, _ = json.loads(run(ATOMICS, hidden, 0)[-1])
        assert results == native and text == expected


def test_code_on_disk_is_for_devices_with_the_same_instructions(run, tmp_path):
    cache = {"METATE_CACHE": "1", "METATE_CACHE_DIR": str(tmp_path / "cache")}
    misses = []
    for hidden in (0, 0, _ALL, _ALL):
        results, _, kept, counts = json.loads(run(ATOMICS, hidden, 0, **cache)[-1])
        misses.append(counts["misses"])
        assert results["float64 2"][0] == "-500.0" and kept == [0 if hidden else 4] * 3
    assert misses[0] > 0 and misses[2] > 0 and misses[1] == misses[3] == 0


def test_float64_instructions_need_no_integers_of_64_bits(run):
    native = json.loads(run(ATOMICS, 0, 0)[-1])
    assert json.loads(run(ATOMICS, 0, 0b100)[-1])[:3] == native[:3]


SUB_GROUPS = """
loader.metate_test_limit(0, 0, numbers[0])

import metate, numpy as np
from metate import get_global_id, programs


def sizes(out):
    out[get_global_id(0)] = metate.get_max_sub_group_size()


for size in numbers[1:]:
    asking = metate.kernel(sizes, sub_group_size=size or None)
    out = np.zeros(128, np.int32)
    try:
        asking[128, 128](out)
    except ValueError as error:
        print(error)
        continue
    words, entry, _ = asking._dispatcher.module(1, "", (out,), 2)
    found = programs.create_kernel_bundle_from_spirv(metate.Queue(), words).get_sycl_kernel(entry)
    print(json.dumps([out.min().item(), out.max().item(), found.compile_sub_group_size, found.max_sub_group_size,
                      f" SubgroupSize {size}" in asking.inspect_spirv(out)]))
"""


def test_kernels_ask_for_sub_groups_of_a_size(run):
    asked = [json.loads(line) for line in run(SUB_GROUPS, 0, 0, 8, 16, 32, 64)]
    assert asked[0][:3] == [asked[0][3]] * 2 + [0]
    assert asked[1:] == [[size, size, size, size, True] for size in (8, 16, 32, 64)]


def test_sub_groups_that_the_device_lacks_are_refused(run):
    name = "asks for sub-groups of {} work-items, and '"
    (lacking,) = run(SUB_GROUPS, 0, 24)
    assert lacking.startswith("kernel sizes " + name.format(24)) and lacking.endswith("' has sub-groups of 8, 16, 32 or 64")
    fits, lacking = run(SUB_GROUPS, 16, 16, 32)
    assert json.loads(fits)[:3] == [16, 16, 16]
    assert lacking.startswith("kernel sizes " + name.format(32)) and lacking.endswith("' has sub-groups of 16")


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
