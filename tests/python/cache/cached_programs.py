"""cached_programs – programs that are started again and again with a cache of their own."""

import json
import os
import subprocess
import sys


class Programs:
    """A folder with a program and a cache. What it prints in the end is JSON."""

    def __init__(self, folder, text=""):
        self.folder = folder
        self.cache = folder / "cache"
        self.program = folder / "program.py"
        self.write(text)
        self.environment = {**os.environ, "METATE_CACHE": "1", "METATE_CACHE_DIR": str(self.cache)}

    def write(self, text):
        self.program.write_text(text)

    def change(self, old, new):
        text = self.program.read_text()
        assert text.count(old) == 1
        self.write(text.replace(old, new))

    def start(self, *arguments, preexec=None, stderr=None, **environment):
        return subprocess.Popen([sys.executable, str(self.program), *arguments], stdout=subprocess.PIPE, stderr=stderr,
                                text=True, env={**self.environment, **environment}, preexec_fn=preexec)

    def run(self, *arguments, preexec=None, **environment):
        process = self.start(*arguments, preexec=preexec, **environment)
        output, _ = process.communicate()
        assert process.returncode == 0
        return json.loads(output.splitlines()[-1])

    def entries(self):
        return sorted(self.cache.glob("*.entry"))


#: Put behind a program: runs `run()` and prints what it gives, the counts of the cache, and the warnings.
REPORT = """
import json, sys, warnings
import metate
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    values = run()
print(json.dumps({"values": values, "counts": metate.cache.counts(), "warnings": [str(w.message) for w in caught]}))
"""
