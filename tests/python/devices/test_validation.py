"""test_validation – what METATE_VALIDATE_SPIRV has done with each module for a device."""

import json
import os
import subprocess
import sys

import metate
import numpy as np
import pytest

PROGRAM = """
import numpy as np, metate
from metate import njit, prange

@metate.kernel
def doubled(x):
    x[metate.get_global_id(0)] *= 2

@njit(parallel=True)
def increased(x):
    for i in prange(len(x)):
        x[i] += 1

@metate.kernel
def turned(x):
    x[metate.get_global_id(0)] = metate.sub_group_shuffle(x[metate.get_global_id(0)], 0)

doubled[8](np.ones(8))
increased(metate.asarray(np.ones(8)))
turned[8](np.ones(8))
"""


def validated(tmp_path, version):
    """The versions in which the modules of PROGRAM are validated."""
    trace = tmp_path / "trace.json"
    environment = {**os.environ, "METATE_CACHE": "0", "METATE_TRACE": str(trace), "METATE_VALIDATE_SPIRV": version}
    subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=True, timeout=300)
    return [str(event["args"]) for event in json.loads(trace.read_text())["traceEvents"] if event["name"] == "validate"]


@pytest.mark.parametrize("version, expected", [
    ("", ["1.2", "1.2", "1.3"]), ("1.2", ["1.2", "1.2", "1.3"]), ("1.4", ["1.2", "1.4", "1.2", "1.4", "1.3", "1.4"]),
])
def test_versions_of_modules(tmp_path, version, expected):
    found = validated(tmp_path, version)
    assert len(found) == len(expected) and all(f"SPIR-V {want}" in text for want, text in zip(expected, found)), found


@pytest.mark.parametrize("value", ["1", "1.4.0", "1.7", "on"])
def test_no_version(monkeypatch, value):
    @metate.kernel
    def doubled(x):
        x[metate.get_global_id(0)] *= 2

    monkeypatch.setenv("METATE_VALIDATE_SPIRV", value)
    with pytest.raises(ValueError, match=f"METATE_VALIDATE_SPIRV is '{value}', and no version of SPIR-V from 1.2 to 1.6"):
        doubled[8](np.ones(8))
