"""The stubs (*.pyi) say what the modules have: the same public names, and members of classes."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

import metate

STUBS = sorted(Path(metate.__file__).parent.glob("*.pyi"))


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
    assert (Path(metate.__file__).parent / "py.typed").exists()
