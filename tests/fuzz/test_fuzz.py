"""test_fuzz – random programs, and those that once failed."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import case  # noqa: E402
import compare  # noqa: E402

SEED = 20261126


def fuzz(count, seed):
    done = subprocess.run([sys.executable, HERE, "--count", str(count), "--seed", str(seed)], capture_output=True, text=True)
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.skipif(sys.version_info < (3, 13), reason="what is compared is the compiler, and once is enough")
def test_200_programs():
    fuzz(200, SEED)


@pytest.mark.full
@pytest.mark.skipif(sys.version_info < (3, 13), reason="what is compared is the compiler, and once is enough")
@pytest.mark.parametrize("part", range(10))
def test_2000_programs(part):
    fuzz(200, SEED + 1 + part)


@pytest.mark.parametrize("path", sorted((HERE / "found").glob("*.py")), ids=lambda path: path.stem)
def test_found(path):
    fault, _ = compare.check(case.load(path), path.stem)
    assert not fault
