"""The samples run to their end, and their own checks hold."""

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
