"""Every benchmark computes the same with Metate, Numba, C and Python; nothing is timed here."""

import pathlib
import subprocess
import sys

import pytest

pytest.importorskip("numba", reason="./dev bench installs it")
pytestmark = pytest.mark.full
BENCH = pathlib.Path(__file__).parents[2] / "bench"


def test_contenders_agree():
    done = subprocess.run([sys.executable, BENCH, "--check"], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert len(rows) > 30
    assert {name: result for name, result in rows.items() if result != "ok"} == {}
