"""test_consumer – the tests of kernels once more, each launch repeated by a consumer of SPIR-V that is not ours."""

import os
import re
import subprocess
import sys
from pathlib import Path

import metate
import pytest

HERE = Path(__file__).parent
KERNELS = HERE.parent / "kernels"


def why_not():
    """Why Intel's OpenCL is not there, or None. Asked in a process without Metate, whose oneTBB may be too old for it."""
    if sanitizers := metate.build_info()["sanitizers"]:
        return f"Intel's OpenCL is not for processes with a sanitizer ({sanitizers})"
    if not Path(sys.prefix, "lib", "libintelocl.so").exists():
        return "Intel's OpenCL is not installed: ./dev test --full installs scripts/requirements-consumer.txt"
    done = subprocess.run([sys.executable, "-c", "from intel_opencl import IntelOpenCl; IntelOpenCl()"], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(HERE)}, timeout=300)
    return f"Intel's OpenCL has no device here: {done.stderr.strip().splitlines()[-1]}" if done.returncode else None


@pytest.mark.parametrize("module, least", [
    ("test_index_space", 20), ("test_slice_reductions", 150), ("test_tuple_arguments", 10),
])
def test_same_results(module, least):
    if reason := why_not():
        pytest.skip(reason)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "twice", "-p", "no:cacheprovider", str(KERNELS / f"{module}.py")],
                          capture_output=True, text=True, env=environment, timeout=900)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    launches = int(re.search(r"launched twice: (\d+) launches", done.stdout).group(1))
    assert launches >= least
