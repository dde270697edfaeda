"""test_import – the package imports on this CPython and is the build that it claims to be."""

import os
import subprocess
import sys

import metate


def test_extension_was_built_for_this_cpython():
    assert metate.build_info()["python"].split(".")[:2] == [str(part) for part in sys.version_info[:2]]


def test_version_is_a_release_number():
    parts = metate.__version__.split(".")
    assert len(parts) == 3 and all(part.isdigit() for part in parts)


def test_library_hides_foreign_symbols():
    """LLVM, SPIRV-Tools and the C++ library of another package must never meet ours."""
    library = os.path.join(os.path.dirname(metate.__file__), "libmetate.so")
    listing = subprocess.run(
        ["nm", "--dynamic", "--defined-only", "--demangle", library], capture_output=True, text=True, check=True
    ).stdout
    names = [line.split(" ", 2)[2] for line in listing.splitlines()]
    assert "metate::base::build_info()" in names
    foreign = {name for name in names if not name.startswith(("metate::", "ze"))}
    assert foreign == {"__jit_debug_register_code", "__jit_debug_descriptor"}, "debuggers look for these two by name"

