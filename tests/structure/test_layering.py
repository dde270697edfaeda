"""test_layering – includes follow the layers, and each foreign header stays in its home."""

import pytest

from layers import MAY_INCLUDE, complaint, reachable
from sources import includes, project_files, read

SOURCES = project_files(".h", ".cpp", ".def", ".inc", folders=("compiler", "runtime", "python"))


def test_includes_follow_the_layers():
    complaints = [
        f"{path}: {text}"
        for path in SOURCES
        for name, quoted in includes(read(path))
        if (text := complaint(path, name, quoted))
    ]
    assert complaints == []


def test_every_kind_of_source_is_seen():
    assert {path.split("/")[0] for path in SOURCES} == {"compiler", "runtime", "python"}
    assert any(includes(read(path)) for path in SOURCES)


def test_layers_have_no_cycle():
    for folder, allowed in MAY_INCLUDE.items():
        for other in allowed:
            assert folder not in reachable(other), f"{folder} and {other} may include each other"


@pytest.mark.parametrize(
    "path, name, quoted",
    [
        ("runtime/cpu/parallel.cpp", "compiler/ir/function.h", True),
        ("compiler/infer/solve.cpp", "compiler/transform/fuse.h", True),
        ("compiler/target/cpu/emit.cpp", "compiler/target/spirv/emit.h", True),
        ("compiler/ir/text.cpp", "llvm/IR/Module.h", True),
        ("compiler/driver/compile.cpp", "Python.h", False),
        ("runtime/jit/link.cpp", "oneapi/tbb/parallel_for.h", False),
        ("compiler/ir/text.cpp", "function.h", True),
        ("compiler/ir/text.cpp", "boost/any.hpp", False),
        ("compiler/attic/text.cpp", "vector", False),
    ],
)
def test_checker_refuses(path, name, quoted):
    assert complaint(path, name, quoted)


@pytest.mark.parametrize(
    "path, name, quoted",
    [
        ("compiler/transform/fuse.cpp", "compiler/types/type.h", True),
        ("compiler/target/cpu/emit.cpp", "runtime/jit/engine.h", True),
        ("runtime/ze_software/spirv/reader.cpp", "spirv-tools/libspirv.h", False),
        ("compiler/codegen/emit.cpp", "llvm/IR/Module.h", True),
        ("compiler/ir/text.cpp", "vector", False),
    ],
)
def test_checker_accepts(path, name, quoted):
    assert complaint(path, name, quoted) is None
