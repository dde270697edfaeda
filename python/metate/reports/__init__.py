"""Reports: what the compiler made of a function, as a page for people and as data for programs.

Compiled functions, ufuncs and kernels have a method `report()` that gives a `Report`.
"""

from ..tracing import stage_times
from .report import Report, report_of

__all__ = ["Report", "report_of", "stage_times"]
