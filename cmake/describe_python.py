"""describe_python – prints what the build needs to know of the running interpreter, as one CMake list."""

import importlib.metadata
import os
import sys
import sysconfig

import nanobind
import numpy

if not (3, 10) <= sys.version_info[:2] <= (3, 13) or sys.implementation.name != "cpython":
    sys.exit(f"metate needs CPython 3.10 to 3.13, not {sys.implementation.name} {sys.version}")

facts = (
    "%d.%d" % sys.version_info[:2],
    sysconfig.get_config_var("EXT_SUFFIX"),
    sysconfig.get_path("include"),
    numpy.get_include(),
    os.path.dirname(nanobind.include_dir()),
    next(str(file.locate()) for file in importlib.metadata.files("nanobind") if file.name == "LICENSE"),
)
print(";".join(facts))
