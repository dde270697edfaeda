"""The stubs (*.pyi) say what the modules have: the same public names, and members of classes."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import metate
from metate import devices, kernel_language, queues, usm_memory  # noqa: F401, which add members to classes of _metate

PACKAGE = Path(metate.__file__).parent
STUBS = sorted(path for path in PACKAGE.glob("*.pyi") if path.stem != "__init__")


def names(body):
    """What a module or class of a stub defines, by its name."""
    found = {}
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, ast.AnnAssign):
            found[node.target.id] = node
    return {name: node for name, node in found.items() if not name.startswith("_")}


def defined_in(module):
    """The public names that a module defines itself."""
    return {name for name, value in vars(module).items()
            if not name.startswith("_") and not inspect.ismodule(value)
            and getattr(value, "__module__", module.__name__) in (module.__name__, "metate")}


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.stem)
def test_stub(path):
    module = importlib.import_module(f"metate.{path.stem}")
    stub = names(ast.parse(path.read_text()).body)
    for name, node in stub.items():
        assert hasattr(module, name), name
        if isinstance(node, ast.ClassDef):
            instance_attributes = {name for name, member in names(node.body).items() if isinstance(member, ast.AnnAssign)}
            for member in names(node.body).keys() - instance_attributes:
                assert hasattr(getattr(module, name), member), f"{name}.{member}"
    if path.stem != "_metate":
        assert defined_in(module) - stub.keys() == set()


def test_there_are_stubs_and_a_marker():
    assert {"decorators", "types", "ufunc", "_metate"} <= {path.stem for path in STUBS}
    assert (PACKAGE / "py.typed").exists()


def test_stub_of_the_package():
    """It imports each public name from where the package finds it."""
    found = {}
    for node in ast.parse((PACKAGE / "__init__.pyi").read_text()).body:
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname: node.module for alias in node.names if alias.asname}
    assert found.keys() - {"enums"} == set(metate.__all__) - kernel_language.GROUP_FUNCTIONS.keys()
    for name, module in found.items():
        if module is not None:
            assert getattr(metate, name) is getattr(importlib.import_module(f"metate.{module}"), name)


def test_names_are_found_when_they_are_used():
    """Importing Metate imports no more than `njit` needs; whatever is public is there all the same."""
    code = ("import sys, metate; before = set(sys.modules); metate.kernel, metate.zeros, metate.sub_group_any, metate.queues; "
            "print(*sorted(name for name in sys.modules if name.startswith('metate.') and name in before)); "
            "from metate import *; assert set(metate.__all__) <= globals().keys() and set(metate.__all__) <= set(dir(metate))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["metate._metate", "metate.cache", "metate.decorators", "metate.dispatcher", "metate.errors",
                                   "metate.options", "metate.travel", "metate.types"]


def test_a_launch_imports_what_it_needs(tmp_path):
    """Enumerations and the classes of `kernel_api` cost milliseconds, and most kernels ask for neither."""
    program = tmp_path / "program.py"
    program.write_text("import sys, metate, numpy as np\n@metate.kernel\ndef add(a):\n    a[metate.get_global_id(0)] += 1\n"
                       "a = np.zeros(3)\nadd[3](a)\nassert (a == 1).all()\n"
                       "early = [name for name in ('enums', 'kernel_api') if 'metate.' + name in sys.modules]\n"
                       "print(early, metate.select_default_device().device_type, 'metate.enums' in sys.modules)")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    kind = metate.select_default_device().device_type
    assert done.stdout == f"[] {kind} True\n"


@pytest.mark.parametrize("name", ["njitt", "sub_group_nothing", "_nothing", "__nothing__"])
def test_names_that_are_none(name):
    with pytest.raises(AttributeError, match=f"module 'metate' has no attribute '{name}'"):
        getattr(metate, name)
