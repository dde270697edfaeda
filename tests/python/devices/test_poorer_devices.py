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
