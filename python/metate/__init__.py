"""Metate compiles decorated Python functions to machine code for CPUs and Level Zero devices."""

from . import errors
from ._metate import build_info
from .decorators import jit, njit, prange

__version__ = build_info()["version"]
__all__ = ["build_info", "errors", "jit", "njit", "prange"]
