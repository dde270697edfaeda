"""test_standard_library – code that nobody wrote for this compiler compiles or is refused; it never breaks the compiler."""

import subprocess
import sys
from pathlib import Path

import pytest

QUICK = ["base64", "colorsys", "fractions", "glob", "heapq", "random", "statistics", "textwrap", "traceback", "typing"]
# These print, play or open a browser when they are imported, or need a display.
LEFT_OUT = {"antigravity", "idlelib", "msilib", "this", "tkinter", "turtle", "turtledemo", "test", "lib2to3"}
FULL = sorted(set(sys.stdlib_module_names) - LEFT_OUT - set(QUICK)) + [
    "email.message", "importlib._bootstrap", "json.decoder", "numpy._core.fromnumeric", "numpy._core.numeric",
    "numpy.lib._arraysetops_impl", "numpy.lib._function_base_impl", "numpy.lib._nanfunctions_impl",
    "numpy.lib._shape_base_impl", "numpy.lib._twodim_base_impl", "numpy.linalg._linalg",
    "numpy.polynomial.polynomial", "unittest.case", "urllib.parse", "xml.dom.minidom",
]  # fmt: skip


def run(module):
    program = Path(__file__).with_name("compile_module.py")
    done = subprocess.run([sys.executable, program, module], capture_output=True, text=True)
    if "ModuleNotFoundError" in done.stderr or "ImportError" in done.stderr:
        pytest.skip(f"no module {module} here")
    assert done.returncode == 0, done.stderr[-1500:]
    assert done.stdout == ""


@pytest.mark.parametrize("module", QUICK)
def test_quick(module):
    run(module)


@pytest.mark.full
@pytest.mark.parametrize("module", FULL)
def test_full(module):
    run(module)
