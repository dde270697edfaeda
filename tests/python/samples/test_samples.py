"""The samples run to their end, and their own checks hold, also while the kernel checker watches."""

import os
import pathlib
import subprocess
import sys

import pytest

SAMPLES = pathlib.Path(__file__).parents[3] / "samples"


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.py")))
def test_sample(name, tmp_path):
    done = subprocess.run([sys.executable, SAMPLES / name], capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


# The checker has nothing to say of kernels that are right: its report would be an error of the launch.
@pytest.mark.parametrize("name", ["quickstart.py", pytest.param("article.py", marks=pytest.mark.full)])
def test_checked_sample(name, tmp_path):
    done = subprocess.run([sys.executable, SAMPLES / name], capture_output=True, text=True, timeout=300, cwd=tmp_path,
                          env={**os.environ, "METATE_KERNEL_CHECK": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
