"""c_compiler – tests that link what was compiled ahead of time."""

import shutil

import metate
import pytest

#: The mark of such a test, or of a whole file of them.
needs_c_compiler = pytest.mark.skipif(not shutil.which("cc") or bool(metate.build_info()["sanitizers"]),
                                      reason="needs a C compiler, and code that no sanitizer watches")
