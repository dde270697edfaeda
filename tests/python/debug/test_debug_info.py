"""test_debug_info – what debuggers and profilers are told of compiled code, and when."""

import ctypes
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import metate
import numpy as np
import pytest
from metate import njit, prange


class Entry(ctypes.Structure):
    pass


Entry._fields_ = [("next", ctypes.POINTER(Entry)), ("previous", ctypes.POINTER(Entry)), ("object", ctypes.c_void_p),
                  ("size", ctypes.c_uint64)]


class Descriptor(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("action", ctypes.c_uint32), ("relevant", ctypes.POINTER(Entry)),
                ("first", ctypes.POINTER(Entry))]


def objects():
    """The object files that debuggers are told of, as gdb walks through them."""
    library = ctypes.CDLL(str(Path(metate.__file__).parent / "libmetate.so"))
    descriptor = Descriptor.in_dll(library, "__jit_debug_descriptor")
    assert descriptor.version == 1 and library.__jit_debug_register_code
    found, entry, before = [], descriptor.first, None
    while entry:
        assert bool(entry.contents.previous) == (before is not None)
        found.append(ctypes.string_at(entry.contents.object, entry.contents.size))
        before, entry = entry, entry.contents.next
    return found


def test_debuggers_know_what_asks_for_it():
    before = len(objects())

    @njit
    def plain(x):
        return x + 1.5

    @njit(debug=True)
    def shown(x):
        return x + 2.5

    assert plain(1.0) == 2.5 and len(objects()) == before
    assert shown(1.0) == 3.5 and len(objects()) == before + 1
    newest = objects()[0]
    assert newest.startswith(b"\x7fELF") and b".debug_line" in newest
    assert b"shown\0" in newest and os.fsencode(os.path.basename(__file__)) in newest


@pytest.mark.parametrize("options", [{}, {"parallel": True}, {"fastmath": True}, {"parallel": True, "boundscheck": False}])
def test_the_code_computes_the_same(options):
    def work(x, n):
        out = np.empty(x.size)
        for i in prange(x.size):
            out[i] = x[i] * n
        return np.sqrt(out + 1.0).sum() + (out * 2.0)[0]

    x = np.arange(1000.0)
    assert njit(debug=True, **options)(work)(x, 3) == njit(**options)(work)(x, 3)


def test_a_caller_has_lines_where_its_callee_asks():
    @njit(debug=True)
    def inner(n):
        return inner(n - 1) + 1 if n > 0 else 0

    @njit
    def outer(n):
        return inner(n)

    before = len(objects())
    assert outer(3) == 3 and len(objects()) == before + 1
    assert b"outer\0" in objects()[0]


def test_errors_are_what_they_are():
    @njit(debug=True)
    def item(x, i):
        return x[i]

    with pytest.raises(IndexError, match="index 5 is out of bounds for axis 0 with size 2"):
        item(np.ones(2), 5)


def test_debug_is_a_flag():
    with pytest.raises(TypeError, match="MT6003: option 'debug' takes a bool"):
        njit(debug="yes")(lambda x: x)


def test_ufuncs_and_callbacks():
    before = len(objects())
    clipped = metate.vectorize(debug=True)(lambda x, low: x if x > low else low)
    assert clipped(np.array([1.0, 5.0]), 2.0).tolist() == [2.0, 5.0]
    assert len(objects()) > before


PROGRAM = textwrap.dedent("""
    import ctypes, os, sys
    from metate import njit, prange
    import numpy as np

    @njit(parallel=True)
    def total(x):
        out = np.empty(x.size)
        for i in prange(x.size):
            out[i] = x[i] * 2.0
        return out.sum()

    assert total(np.ones(100_000)) == 200_000.0
    print(os.getpid(), *total.stats.cache_hits.values())
""")


def run(path, folder, **environment):
    path.write_text(PROGRAM)
    environment = {**os.environ, "METATE_CACHE": "1", "METATE_CACHE_DIR": str(folder),
                   "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), **environment}
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    pid, *hits = map(int, done.stdout.split())
    return pid, sum(hits)


def test_the_cache_keeps_names_of_files_apart(tmp_path):
    """Plain code is found whatever its file is called; that with lines is not, since debuggers would show another file."""
    cache = tmp_path / "cache"
    assert run(tmp_path / "a.py", cache)[1] == 0
    assert run(tmp_path / "b.py", cache)[1] == 1
    assert run(tmp_path / "a.py", cache, METATE_DEBUGINFO="1")[1] == 0
    assert run(tmp_path / "a.py", cache, METATE_DEBUGINFO="1")[1] == 1
    assert run(tmp_path / "b.py", cache, METATE_DEBUGINFO="1")[1] == 0
    assert run(tmp_path / "b.py", cache, METATE_DEBUGINFO="0")[1] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="perf is Linux's")
def test_perf_map(tmp_path):
    pid, _ = run(tmp_path / "a.py", tmp_path / "cache", METATE_PERF_MAP="1")
    path = Path(f"/tmp/perf-{pid}.map")
    try:
        lines = [line.split(" ", 2) for line in path.read_text().splitlines()]
    finally:
        path.unlink()
    names = {name for _, _, name in lines}
    assert any(name.startswith("metate::total.") for name in names)
    assert any(name.startswith("metate::metate_entry_total.") for name in names)
    assert all(int(address, 16) > 0 and int(size, 16) >= 0 for address, size, _ in lines)
    pid, _ = run(tmp_path / "a.py", tmp_path / "cache")
    assert not Path(f"/tmp/perf-{pid}.map").exists()
