"""Modules under the names of other packages, which say by name what they lack."""

import dis
import importlib.machinery
import sys
from types import ModuleType

_ORIGIN = "metate"
_IMPORT_FROM = dis.opmap["IMPORT_FROM"]


def module(name, about, /, reasons=None, **names):
    """A module `name` that offers `names`. What it lacks is an AttributeError, or an ImportError for ``from`` imports.

    `reasons` says more about some of that, by name; `about` is the docstring.
    """
    made = ModuleType(name, about)
    made.__dict__.update(names)

    def missing(attribute):
        if (part := sys.modules.get(f"{name}.{attribute}")) is not None:
            return part
        reason = (reasons or {}).get(attribute)
        message = f"{name}.{attribute} is not offered by Metate, which stands in for {name.partition('.')[0]} here"
        raise _error(sys._getframe(1))(f"{message}: {reason}" if reason else message)

    made.__getattr__ = missing
    made.__all__ = list(names)
    made.__path__ = []  # so that `import name.part` looks in sys.modules
    made.__spec__ = spec(name)
    return made


def spec(name):
    """What `importlib.util.find_spec` gives of a stand-in module; programs ask so whether a package is there."""
    return importlib.machinery.ModuleSpec(name, None, origin=_ORIGIN, is_package=True)


def _error(frame):
    """ImportError where the frame runs a ``from`` import: Python would hide the message of any other there."""
    code = frame.f_code.co_code
    return ImportError if frame.f_lasti >= 0 and code[frame.f_lasti] == _IMPORT_FROM else AttributeError


def install(modules, function):
    """Make imports find `modules`, a dictionary by name. ImportError if the package itself was imported before."""
    for name, made in modules.items():
        there = sys.modules.get(name)
        spec = getattr(there, "__spec__", None)
        if spec is not None and spec.origin != _ORIGIN and there is not made:
            raise ImportError(f"{name} was imported before {function}(): call it first")
    sys.modules.update(modules)
