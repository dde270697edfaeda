"""test_debugging – coverage and pdb, with METATE_DISABLE_JIT=1."""

import os
import subprocess
import sys

import pytest

MODULE = """
from metate import njit


@njit
def sign(x):
    if x > 0:
        return 1
    if x < 0:
        return -1
    return 0
"""
TEST = """
from program import sign


def test_sign():
    assert sign(2.0) == 1 and sign(0.0) == 0
"""


def run(*arguments, folder, text=None, **environment):
    environment = {**os.environ, "METATE_DISABLE_JIT": "1", **environment}
    environment.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run([sys.executable, *arguments], cwd=folder, input=text, capture_output=True, text=True,
                          env=environment).stdout


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "program.py").write_text(MODULE)
    (tmp_path / "test_program.py").write_text(TEST)
    return tmp_path


def test_coverage_sees_the_lines(folder):
    pytest.importorskip("pytest_cov")
    arguments = ["-m", "pytest", "-q", "--cov=program", "--cov-report=term-missing"]
    assert "program.py       8      1    88%   10" in run(*arguments, folder=folder)
    assert "program.py       8      5    38%" in run(*arguments, folder=folder, METATE_DISABLE_JIT="0")


def test_pdb_stops_inside(folder):
    (folder / "debugged.py").write_text("from program import sign\nsign(-1.0)\n")
    # Before CPython 3.13 pdb does not stop where it should in decorated functions that are given by name.
    place = "program.sign" if sys.version_info >= (3, 13) else "program:7"
    said = run("-m", "pdb", "debugged.py", folder=folder, text=f"break {place}\ncontinue\nnext\np x\ncontinue\nquit\n")
    assert "program.py(7)sign()" in said and "(Pdb) -1.0" in said
