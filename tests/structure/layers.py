"""layers – who may include whom, as data. The reasons stand in docs/architecture.md."""

# A folder may include itself, what is listed here, and what those may include.
MAY_INCLUDE = {
    "runtime/base": [],
    "runtime/abi": ["runtime/base"],
    "runtime/jit": ["runtime/abi"],
    "runtime/cpu": ["runtime/abi"],
    "runtime/library": ["runtime/abi"],
    "runtime/standalone": ["runtime/abi", "runtime/cpu"],
    "runtime/level_zero": ["runtime/abi"],
    "runtime/cache": ["runtime/abi"],
    "runtime/ze_software": ["runtime/jit", "runtime/cpu"],
    "compiler/support": ["runtime/abi"],
    "compiler/types": ["compiler/support"],
    "compiler/ops": ["compiler/types"],
    "compiler/bytecode": ["compiler/support"],
    "compiler/ir": ["compiler/ops"],
    "compiler/frontend": ["compiler/ir", "compiler/bytecode"],
    "compiler/infer": ["compiler/ir"],
    "compiler/transform": ["compiler/ir"],
    "compiler/codegen": ["compiler/ir"],
    "compiler/target/cpu": ["compiler/codegen", "runtime/jit"],
    "compiler/target/spirv": ["compiler/codegen", "runtime/jit"],  # the fence around LLVM is there
    "compiler/target/null": ["compiler/codegen"],
    "compiler/driver": [
        "runtime/cache",
        "compiler/frontend",
        "compiler/infer",
        "compiler/transform",
        "compiler/target/cpu",
        "compiler/target/spirv",
        "compiler/target/null",
    ],
    "compiler/tools": ["compiler/driver"],
    "python/module": ["runtime/standalone", "compiler/types"],  # of compiler/types the table of dtypes alone
    "python/ext": [
        "python/module",  # Ctrl-C: one handler a process
        "compiler/driver",
        "runtime/jit",
        "runtime/cpu",
        "runtime/library",
        "runtime/level_zero",
        "runtime/cache",
        "runtime/ze_software",  # hands our driver to the loader
    ],
}

# The only folders that may include a foreign header. The first prefix that fits decides.
FOREIGN_HOMES = {
    "Python.h": ["python/ext", "python/module"],
    "frameobject.h": ["python/ext"],
    "structmember.h": ["python/ext"],
    "internal/pycore": [],
    "nanobind/": ["python/ext"],
    "numpy/": ["python/ext"],
    "llvm/": ["compiler/codegen", "compiler/target", "runtime/jit", "runtime/ze_software"],
    "llvm-c/": [],
    "level_zero/": ["runtime/level_zero", "runtime/ze_software"],
    "ze_api.h": [],
    "oneapi/tbb": ["runtime/cpu"],
    "tbb/": [],
    "spirv-tools/": ["compiler/target/spirv", "runtime/ze_software"],
    "spirv/": ["runtime/ze_software"],
    "sleef.h": ["compiler/ops", "runtime/abi", "runtime/jit"],
    "xxhash.h": ["runtime/cache"],
    "zstd.h": ["runtime/cache"],
    "sanitizer/": ["runtime"],
    "sys/": ["runtime", "python/ext"],
    "linux/futex.h": ["runtime/ze_software"],
}


def folder_of(path):
    """The layer that a source file or included name belongs to, None outside of the layers."""
    for folder in MAY_INCLUDE:
        if path.startswith(folder + "/"):
            return folder
    return None


def reachable(folder):
    """Every folder that `folder` may include, itself among them."""
    seen, todo = set(), [folder]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo += MAY_INCLUDE[current]
    return seen


def complaint(path, name, quoted):
    """Why the file at `path` must not include `name`, or None when it may."""
    here = folder_of(path)
    if here is None:
        return f"{path} lies in no layer: give its folder a row in tests/structure/layers.py"
    there = folder_of(name)
    if there is not None:
        return None if there in reachable(here) else f"{here} must not include {there} ({name})"
    for prefix, homes in FOREIGN_HOMES.items():
        if name.startswith(prefix):
            at_home = any(path.startswith(home + "/") for home in homes)
            return None if at_home else f"{name} is at home in {homes or 'no folder'}, not in {here}"
    if quoted:
        return f"{name} must be included from the root of the project"
    if "/" in name:
        return f"{name} is a foreign header without a home: give it a row in tests/structure/layers.py"
    return None
