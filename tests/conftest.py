"""No test finds what an earlier run compiled, or leaves code in the folder of whoever runs it; those of the cache have their own."""

import os

os.environ.setdefault("METATE_CACHE", "0")
