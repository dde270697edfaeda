"""lit.cfg – the text tests: IR or recorded bytecode, a RUN line, CHECK lines."""

import os
import sys

import lit.formats

config.name = "metate"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mir", ".test"]
config.test_source_root = os.path.join(config.metate_source, "tests")
config.test_exec_root = os.path.join(config.metate_build, "tests", "lit")

# Tools by their bare names: ours from the build tree, LLVM's FileCheck and not from its own folder.
tools = [os.path.join(config.metate_build, "compiler", "tools"), config.llvm_tools]
config.environment["PATH"] = os.pathsep.join(tools + [os.environ.get("PATH", "")])
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "HOME", "METATE_PYTHONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
config.substitutions.append(("%source", config.metate_source))
config.substitutions.append(("%python", sys.executable))
if config.metate_sanitize:
    config.available_features.add("sanitizer")
