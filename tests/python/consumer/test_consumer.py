"""test_consumer – the tests of kernels once more, each launch repeated by a consumer of SPIR-V that is not ours.

Those of device arrays and of parallel loops on devices cannot be: compiled code launches these kernels itself, on memory of
a Level Zero device. Their modules are validated, as all are (tests/conftest.py).
"""

import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import metate
import pytest

HERE = Path(__file__).parent
KERNELS = HERE.parent / "kernels"

#: What is left out, file or test, and why.
LEFT_OUT = {
    "test_copies.py": "its programs are processes of their own",
    "test_device_selection.py": "is about devices, and launches nothing here",
    "test_drop_in.py": "its programs are processes of their own",
    "test_sub_groups.py": "Intel's sub-groups have 16 items, ours 32, and its results tell",
    "test_default_arguments.py::test_of_other_kinds": "an array that is a default is not among the arguments that are copied",
    "test_global_arrays.py::test_global_ones_are_those_of_njit": "a driver's module gets its large arrays from us after it is built",
    "test_item_guards.py::test_bounds_that_are_arguments": "Intel's bounds of the loop over a group overflow where an id is compared "
                                                           "with 2**63 - 1 or -2**63",
}


@functools.cache
def why_not():
    """Why Intel's OpenCL is not there, or None. Asked in a process without Metate, whose oneTBB may be too old for it."""
    if sanitizers := metate.build_info()["sanitizers"]:
        return f"Intel's OpenCL is not for processes with a sanitizer ({sanitizers})"
    if not Path(sys.prefix, "lib", "libintelocl.so").exists():
        return "Intel's OpenCL is not installed: ./dev test --full installs scripts/requirements-consumer.txt"
    done = subprocess.run([sys.executable, "-c", "from intel_opencl import IntelOpenCl; IntelOpenCl()"], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(HERE)}, timeout=300)
    return f"Intel's OpenCL has no device here: {done.stderr.strip().splitlines()[-1]}" if done.returncode else None


def test_what_is_left_out_exists():
    for name in LEFT_OUT:
        file, _, test = name.partition("::")
        assert f"def {test}" in (KERNELS / file).read_text(), name


@pytest.mark.full
@pytest.mark.parametrize("file", sorted({path.name for path in KERNELS.glob("test_*.py")} - LEFT_OUT.keys()))
def test_same_results(file):
    if reason := why_not():
        pytest.skip(reason)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    left_out = [f"--deselect=tests/python/kernels/{name}" for name in LEFT_OUT if name.startswith(file)]
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "twice", "-p", "no:cacheprovider", *left_out, str(KERNELS / file)],
                          capture_output=True, text=True, env=environment, timeout=900)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    launches, skipped = map(int, re.search(r"launched twice: (\d+) launches, .* (\d+) skipped", done.stdout).groups())
    assert launches > skipped
