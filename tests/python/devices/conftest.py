"""A Level Zero loader of ours before the real one: its calls can fail, and it can present several devices (tests/level_zero)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import metate
import pytest

LOADER = Path(metate.__file__).parents[3] / "tests" / "level_zero" / "failing"

#: Two drivers with GPUs: one has two, the first of them divided in two, the other one. Metate's own driver comes behind them.
DEVICES = "gpu.2,gpu;gpu"


def real_loader():
    """The path of the loader that Metate finds by itself."""
    program = "import metate; metate.get_devices(); print(open('/proc/self/maps').read())"
    maps = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return next((line.split()[-1] for line in maps.splitlines() if "libze_loader" in line), None)


@pytest.fixture(scope="session")
def environment():
    """The variables of a program that is to find the loader of ours."""
    loader = real_loader()
    if not (LOADER / "libze_loader.so.1").exists() or loader is None:
        pytest.skip("needs the build tree and a Level Zero loader")
    path = os.pathsep.join(filter(None, (str(LOADER), os.environ.get("LD_LIBRARY_PATH"))))
    return {**os.environ, "LD_LIBRARY_PATH": path, "METATE_TEST_LOADER": loader}


@pytest.fixture(scope="session")
def on_several_devices(environment):
    """Runs a program that finds `DEVICES`; gives what it prints at last, as JSON."""
    def run(program, *arguments, **variables):
        done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=300,
                              env={**environment, "METATE_TEST_DEVICES": DEVICES, **variables})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run
