"""No test finds what an earlier run compiled, or leaves code in the folder of whoever runs it; those of the cache have their own.
Every module that a test has compiled for a device has to be valid in two versions of SPIR-V: the lowest that will do, and this."""

import os

os.environ.setdefault("METATE_CACHE", "0")
os.environ.setdefault("METATE_VALIDATE_SPIRV", "1.4")
