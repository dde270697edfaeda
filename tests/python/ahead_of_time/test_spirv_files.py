"""test_spirv_files – a kernel as SPIR-V, and the description of its interface."""

import json
import struct

import metate
import numpy as np
import pytest

SOURCE = """
import metate

@metate.kernel
@metate.export("scale", "void(f4[::1], f4[:, :], c8, i4)")
def scale(x, y, z, n):
    '''Launched over the elements of x.'''
    i = metate.get_global_id(0)
    if n < 0:
        raise ValueError(f"bad {n}")
    x[i] = y[i, 1] * n + z.imag
"""


@pytest.fixture
def written(tmp_path):
    (tmp_path / "kernels.py").write_text(SOURCE)
    made = metate.compile_ahead(tmp_path / "kernels.py", tmp_path / "scale.spv", "spirv")
    assert made["files"] == [str(tmp_path / "scale.spv"), str(tmp_path / "scale.json")]
    assert made["exports"] == [{"name": "scale", "arguments": ["float32[::1]", "float32[:, :]", "complex64", "int32"],
                                "result": "none"}]
    return (tmp_path / "scale.spv").read_bytes(), json.loads((tmp_path / "scale.json").read_text())


def test_description(written):
    words, described = written
    magic, version = struct.unpack("<2I", words[:8])
    assert magic == 0x07230203 and described["spirv"] == f"1.{version >> 8 & 0xff}" == "1.2"
    assert described["kernel"].encode() in words
    assert described["launch"] == {"dimensions": 1, "of": "Range or NdRange"}
    told = [(each.get("parameter"), each["kind"], each["bytes"], each.get("axis")) for each in described["arguments"]]
    assert told == [
        ("x", "address", 8, None), ("x", "extent", 8, 0),
        ("y", "address", 8, None), ("y", "extent", 8, 0), ("y", "extent", 8, 1), ("y", "stride", 8, 0), ("y", "stride", 8, 1),
        ("z", "value", 4, None), ("z", "value", 4, None), ("n", "value", 4, None), (None, "errors", 8, None)]
    sites = described["errors"]["sites"]
    assert {"exception": "ValueError", "line": 10, "message": "bad {int32}"} in sites
    assert {"exception": "IndexError", "line": 11,
            "message": "index {uint64} is out of bounds for axis {int64} with size {int64}"} in sites


def test_a_later_version(tmp_path):
    (tmp_path / "kernels.py").write_text(SOURCE)
    metate.compile_ahead(tmp_path / "kernels.py", tmp_path / "scale.spv", "spirv", spirv_version=4)
    assert json.loads((tmp_path / "scale.json").read_text())["spirv"] == "1.4"


def test_items(tmp_path):
    @metate.kernel
    def twice(item, x):
        i = item.get_global_id(1)
        x[i] *= 2

    metate.compile_ahead({"twice": twice}, tmp_path / "k.spv", "spirv", ["twice: void(NdItemType(2), f8[::1])"])
    described = json.loads((tmp_path / "k.json").read_text())
    assert described["launch"] == {"dimensions": 2, "of": "NdRange"}
    assert [each.get("parameter") for each in described["arguments"]] == ["x", "x", None]
    with pytest.raises(metate.errors.AheadOfTimeError, match="has no type for the item that kernel twice takes first"):
        metate.compile_ahead({"twice": twice}, tmp_path / "other.spv", "spirv", ["twice: void(f8[::1])"])
    assert len(list(tmp_path.iterdir())) == 2


def test_what_a_kernel_needs_metate_for(tmp_path):
    table, huge = np.arange(10_000) % 97, np.zeros(70_000)

    @metate.kernel
    def look_up(x):
        x[metate.get_global_id(0)] = table[metate.get_global_id(0)]

    @metate.kernel
    def say(x):
        print(x[0])

    @metate.kernel
    def far(x):
        x[0] = huge[x.size]

    metate.compile_ahead({"look_up": look_up}, tmp_path / "k.spv", "spirv", ["look_up: void(i8[::1])"])
    words = np.frombuffer((tmp_path / "k.spv").read_bytes(), np.uint32)
    composite = 10_003 << 16 | 44  # OpConstantComposite, of all elements
    assert composite in words
    for kernel, why in (say, "prints"), (far, "has a global array of more than 65532 elements"):
        with pytest.raises(metate.errors.AheadOfTimeError, match=f"kernel .*{why}, which it cannot do without Metate"):
            metate.compile_ahead({"k": kernel}, tmp_path / "other.spv", "spirv", ["k: void(f8[::1])"])


TWO = """
import metate

@metate.export("work", "f8(f8)")
def work(x):
    return x + 1

@metate.export("first", "void(f8[:])")
@metate.kernel
def first(x):
    x[metate.get_global_id(0)] = 1

@metate.export("second", "void(f4[:])")
@metate.kernel
def second(x):
    x[metate.get_global_id(0)] = 2
"""


def test_a_file_with_functions_and_kernels(tmp_path):
    """Marks are taken where they fit, and one of them can be picked."""
    (tmp_path / "both.py").write_text(TWO)
    with pytest.raises(metate.errors.AheadOfTimeError, match="holds one kernel, and 2 are exported: first, second"):
        metate.compile_ahead(tmp_path / "both.py", tmp_path / "k.spv", "spirv")
    made = metate.compile_ahead(tmp_path / "both.py", tmp_path / "k.spv", "spirv", ["second"])
    assert made["exports"] == [{"name": "second", "arguments": ["float32[:]"], "result": "none"}]
    made = metate.compile_ahead(tmp_path / "both.py", tmp_path / "k.s", "asm")
    assert [each["name"] for each in made["exports"]] == ["work"]
