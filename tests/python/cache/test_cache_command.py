"""`metate cache` and what `metate info` says of the cache."""

import json
import os
import subprocess
import sys

import pytest
from cached_programs import REPORT, Programs

PROGRAM = """
from metate import njit

def run():
    return [njit(lambda x: x + 1)(1), njit(lambda x: x + 2)(1)]
""" + REPORT


@pytest.fixture
def programs(tmp_path):
    made = Programs(tmp_path, PROGRAM)
    made.run()
    return made


def run(programs, *arguments, status=0, **environment):
    done = subprocess.run([sys.executable, "-m", "metate", *arguments], capture_output=True, text=True,
                          env={**programs.environment, **environment})
    assert done.returncode == status, done.stderr
    return done.stdout, done.stderr


def size_of(programs):
    return sum(entry.stat().st_size for entry in programs.entries())


def test_info(programs):
    wanted = {"action": "info", "on": True, "path": str(programs.cache), "entries": 2, "bytes": size_of(programs),
              "limit": 1 << 30}
    assert json.loads(run(programs, "cache", "info", "--json")[0]) == wanted
    assert json.loads(run(programs, "cache", "--json")[0]) == wanted
    text = run(programs, "cache", METATE_CACHE_SIZE="3M")[0]
    assert text == (f"Cache\n    Folder   {programs.cache}\n    Use      on\n    Entries  2\n"
                    f"    Size     {size_of(programs) / 1024:.1f} KiB of at most 3.0 MiB\n")
    text = run(programs, "cache", METATE_CACHE="0")[0]
    assert "off: METATE_CACHE=0" in text and "Entries  2" in text


def test_verify(programs):
    assert run(programs, "cache", "verify")[0].splitlines()[-1].split() == ["Damaged", "none"]
    damaged, whole = programs.entries()
    damaged.write_bytes(damaged.read_bytes()[:-1])
    found = json.loads(run(programs, "cache", "verify", "--json")[0])
    assert (found["damaged"], found["entries"], found["bytes"]) == (1, 1, whole.stat().st_size)
    assert programs.entries() == [whole]
    whole.write_bytes(b"")
    assert run(programs, "cache", "verify")[0].splitlines()[-1].split() == ["Damaged", "1,", "removed"]


def test_clear(programs):
    (programs.cache / "mine").write_text("not the cache's")
    size = f"{size_of(programs) / 1024:.1f} KiB"
    assert run(programs, "cache", "clear")[0] == f"removed 2 entries, {size}, from {programs.cache}\n"
    assert os.listdir(programs.cache) == ["mine"]
    assert json.loads(run(programs, "cache", "clear", "--json")[0])["entries"] == 0
    assert programs.run()["counts"]["misses"] == 2


def test_a_folder_that_cannot_be_used(programs):
    programs.cache.chmod(0o777)
    for action in ("info", "verify", "clear"):
        printed, complaint = run(programs, "cache", action, status=2)
        assert printed == "" and complaint == (f"metate: the folder {programs.cache} belongs to another user, or others may "
                                               "write to it\n")
    assert len(programs.entries()) == 2
    found = json.loads(run(programs, "info", "--json")[0])["cache"]
    assert found["on"] and str(programs.cache) in found["error"]


def test_a_folder_whose_name_is_not_utf_8(programs):
    folder = os.fsencode(programs.folder) + b"/nu\xff"
    environment = {**programs.environment, "METATE_CACHE_DIR": folder, "PYTHONIOENCODING": "utf-8:strict"}

    def output(*arguments, status=0):
        done = subprocess.run([sys.executable, *arguments], capture_output=True, env=environment)
        assert done.returncode == status, done.stderr
        return done.stdout, done.stderr

    programs.cache = programs.folder / os.fsdecode(b"nu\xff")
    assert json.loads(output(str(programs.program))[0]) == {
        "values": [2, 3], "counts": {"hits": 0, "misses": 2, "uncachable": 0}, "warnings": []}
    assert len(programs.entries()) == 2
    assert b"Folder   " + folder + b"\n" in output("-m", "metate", "cache")[0]
    assert json.loads(output("-m", "metate", "cache", "--json")[0])["path"] == os.fsdecode(folder)

    os.chmod(folder, 0o777)
    warnings = json.loads(output(str(programs.program))[0])["warnings"]
    assert len(warnings) == 1 and f"the folder {os.fsdecode(folder)} belongs to another user" in warnings[0]
    printed, complaint = output("-m", "metate", "cache", status=2)
    assert printed == b"" and b"nu\\udcff belongs to another user" in complaint


@pytest.mark.parametrize("arguments, environment, complaint", [
    (("cache", "empty"), {}, "invalid choice: 'empty'"),
    (("cache", "info", "more"), {}, "unrecognized arguments: more"),
    (("cache",), {"METATE_CACHE_SIZE": "big"}, "metate: METATE_CACHE_SIZE: 'big' is no size"),
    (("cache",), {"METATE_CACHE_DIR": "", "XDG_CACHE_HOME": "", "HOME": ""}, "metate: there is no folder for it"),
])
def test_what_makes_no_sense(programs, arguments, environment, complaint):
    printed, said = run(programs, *arguments, status=2, **environment)
    assert printed == "" and complaint in said and "Traceback" not in said


def test_info_of_everything(programs):
    found = json.loads(run(programs, "info", "--json")[0])
    assert found["cache"] == {"on": True, "path": str(programs.cache), "entries": 2, "bytes": size_of(programs), "limit": 1 << 30}
    assert found["environment"]["METATE_CACHE_DIR"] == str(programs.cache)
    assert str(programs.cache) in run(programs, "info")[0]
