"""test_wheel – an installed wheel brings what it needs (run by ./dev wheel, in an environment with nothing else of ours)."""

import ctypes
import re
import subprocess
import sys
from pathlib import Path

import metate

PACKAGE = Path(metate.__file__).parent


def test_the_installed_package_is_tested():
    assert PACKAGE.is_relative_to(sys.prefix)


def test_libraries_come_from_the_wheel_or_the_platform():
    listing = subprocess.run(["ldd", PACKAGE / "libmetate.so"], capture_output=True, text=True, check=True).stdout
    resolved = dict(re.findall(r"^\s*(\S+) => (\S+)", listing, re.MULTILINE))
    assert "not found" not in listing
    foreign = [name for name in resolved if re.match(r"lib(sleef|tbb|LLVM|SPIRV|ze_)", name)]
    assert [name for name in foreign if not Path(resolved[name]).is_relative_to(PACKAGE.parent)] == []


def test_loader_is_bundled_and_loads():
    loader = ctypes.CDLL(str(PACKAGE / "libze_loader.so.1"))
    assert loader.zeInit


def test_licences_are_bundled():
    """One for each foreign part that is inside; the project's own is in the metadata."""
    licences = {path.name for path in (PACKAGE / "licences").iterdir()}
    assert licences >= {"llvm-22-dev.txt", "spirv-tools.txt", "libsleef3.txt", "libtbb12.txt", "libze1.txt", "nanobind.txt"}
    assert all(path.stat().st_size > 500 for path in (PACKAGE / "licences").iterdir())


def test_the_command_is_installed():
    command = Path(sys.executable).with_name("metate")
    assert "level_zero:cpu:0" in subprocess.run([command, "info"], capture_output=True, text=True, check=True).stdout
    assert "unpack" in subprocess.run([command, "explain", "MT2019"], capture_output=True, text=True, check=True).stdout
