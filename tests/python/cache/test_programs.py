"""Programs that are started again find what they compiled before, and never what has become wrong."""

import json
import pathlib
import subprocess
import sys

import pytest
from cached_programs import Programs

PROGRAM = pathlib.Path(__file__).with_name("program.py").read_text()


@pytest.fixture
def runs(tmp_path):
    return Programs(tmp_path, PROGRAM)


def test_the_second_start_compiles_nothing(runs):
    off = runs.run(METATE_CACHE="0")
    assert off["counts"] is None
    assert not runs.cache.exists()
    first = runs.run()
    assert first["values"] == off["values"]
    assert first["counts"]["hits"] == 0 and first["counts"]["uncachable"] == 0
    second = runs.run()
    assert second["values"] == off["values"]
    assert second["counts"] == {"hits": first["counts"]["misses"], "misses": 0, "uncachable": 0}
    assert off["values"]["raises"][:3] == ["Refused", True, "too large"]
    assert first["warnings"] == second["warnings"] == []


@pytest.mark.parametrize("old, new, changed", [
    ("FACTOR = 3.0", "FACTOR = 5.0", "through_calls"),
    ("return x * FACTOR", "return x - FACTOR", "through_calls"),
    ("SMALL = np.arange(5.0)", "SMALL = np.arange(5.0) * 2", "through_calls"),
    ("LARGE = np.arange(10_000.0)", "LARGE = np.arange(10_000.0) + 1", "from_large"),
    ("make_adder(2)", "make_adder(7)", "adders"),
    ("return y * x", "return y + x", "with_inner"),
    ("class Refused(ValueError)", "class Refused(IndexError)", None),
    ('"too large"', '"too big"', "raises"),
])
def test_what_a_function_depends_on_is_compiled_again(runs, old, new, changed):
    before = runs.run()
    runs.change(old, new)
    after = runs.run()
    assert after["values"] == runs.run(METATE_CACHE="0")["values"]
    if changed:
        assert after["values"][changed] != before["values"][changed]
        assert after["counts"]["misses"] > 0
    assert after["counts"]["hits"] > 0


def test_lines_of_errors_follow_the_file(runs):
    before = runs.run()
    runs.program.write_text("\n" + runs.program.read_text())
    after = runs.run()
    assert after["values"]["out_of_range"][3] == [line + 1 for line in before["values"]["out_of_range"][3]]


def test_another_cpu_is_another_key(runs):
    runs.run()
    other = runs.run(METATE_CPU_NAME="x86-64")
    assert other["counts"]["hits"] == 0


def test_an_arbitrary_object_is_compiled_at_every_start(runs):
    runs.run("object")
    second = runs.run("object")
    assert second["values"]["of_object"] == 8.0
    assert second["counts"]["misses"] == 0 and second["counts"]["uncachable"] == 1


def test_damaged_entries_are_made_again_with_one_warning(runs):
    first = runs.run()
    for number, entry in enumerate(runs.entries()):
        content = bytearray(entry.read_bytes())
        content[len(content) * number // len(runs.entries())] ^= 1
        entry.write_bytes(content[:-1] if number % 2 else content)
    second = runs.run()
    assert second["values"] == first["values"]
    assert second["counts"] == first["counts"]
    assert len(second["warnings"]) == 1 and "damaged" in second["warnings"][0]
    assert runs.run()["counts"]["misses"] == 0


def test_a_folder_that_cannot_be_used_is_no_cache_with_one_warning(runs, tmp_path):
    (tmp_path / "file").write_text("text")
    there = str(tmp_path / "file" / "cache")
    result = runs.run(METATE_CACHE_DIR=there)
    assert result["values"] == runs.run()["values"]
    assert len(result["warnings"]) == 1 and there in result["warnings"][0]


def test_one_process_compiles_what_many_wait_for(runs):
    results = []
    for process in [runs.start() for _ in range(4)]:
        output, _ = process.communicate()
        assert process.returncode == 0
        results.append(json.loads(output))
    assert all(result["values"] == results[0]["values"] for result in results)
    functions = results[0]["counts"]["hits"] + results[0]["counts"]["misses"]
    assert sum(result["counts"]["misses"] for result in results) == functions == len(runs.entries())
    assert not list(runs.cache.glob("*.lock"))


def test_info_verify_and_clear(runs):
    def ask(what):
        code = f"import json, metate; print(json.dumps(metate.cache.{what}()))"
        return json.loads(subprocess.run([sys.executable, "-c", code], env=runs.environment, check=True,
                                         capture_output=True, text=True).stdout)

    runs.run()
    sizes = [entry.stat().st_size for entry in runs.entries()]
    assert ask("info") == {"path": str(runs.cache), "entries": len(sizes), "bytes": sum(sizes), "limit": 1 << 30}
    runs.entries()[0].write_bytes(b"")
    assert ask("verify") == {"path": str(runs.cache), "entries": len(sizes) - 1, "bytes": sum(sizes[1:]),
                             "limit": 1 << 30, "damaged": 1}
    assert ask("clear")["entries"] == len(sizes) - 1
    assert ask("info")["entries"] == 0 and not list(runs.cache.iterdir())
