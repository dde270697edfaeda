"""Metate compiles decorated Python functions to machine code for CPUs and Level Zero devices."""

from ._metate import build_info

__version__ = build_info()["version"]
__all__ = ["build_info"]
