"""test_refusals_ahead_of_time – what cannot be compiled or written says why, and leaves nothing behind."""

import builtins
import collections
import ctypes
import errno
import io
import json
import os
import stat
import subprocess
import sys
import tempfile

import metate
import numpy as np
import pytest
from metate.ahead_of_time import export
from metate.errors import AheadOfTimeError, TypingError


def add(a, b):
    return a + b


absolute = ctypes.CDLL(None).labs
absolute.argtypes, absolute.restype = (ctypes.c_long,), ctypes.c_long


@metate.njit
def foreign(x):
    return absolute(x)


def pair(x):
    return x, "text"


def listed(x):
    return [x, x]


Point = collections.namedtuple("Point", "x y")


def named(x):
    return Point(x, x)


def spoken(x):
    return "text"


def pointed(x):
    return x[0]


def ignored(x, y):
    return y


@metate.cfunc("f8(f8)")
def callback(x):
    return x


def rest(*x):
    return x[0]


@metate.guvectorize([], "(n)->()")
def first(x, out):
    out[0] = x[0]


@metate.kernel
def fill(x):
    x[metate.get_global_id(0)] = 1


def sqrtf(x):
    return x


def nine(x):
    return np.zeros((1, 1, 1, 1, 1, 1, 1, 1, 1))


def function_of(count):
    """A function of so many parameters, which gives the last one."""
    made = {}
    exec(f"def last({', '.join(f'p{i}' for i in range(count))}): return p{count - 1}", made)
    return made["last"]


@pytest.mark.parametrize(("exports", "emit", "complaint"), [
    (["add"], "shared", "an export is written \"NAME: SIGNATURE\", such as \"norm: f8(f8, f8)\", not 'add'"),
    (["add:"], "shared", "an export is written"),
    (["ad: f8(f8, f8)"], "shared", "there is no function 'ad'; there are add, callback, export, "),
    (["å=add: f8(f8, f8)"], "shared", "an exported name is made of letters, digits and _, which 'å' is not"),
    (["a-b=add: f8(f8, f8)"], "shared", "an exported name is made of"),
    (["np: f8(f8)"], "shared", "np is <module"),
    (["first: f8(f8[:], f8, i8)"], "shared", "first has 1 inputs and 1 results by its layout (n)->()"),
    (["callback: f8(f8)"], "shared", "export a function that calls it"),
    (["add: f8(f8)"], "shared", "add has 2 parameters, but (float64) -> float64 gives types for 1"),
    (["rest: f8(f8)"], "shared", "rest has parameters after a *"),
    (["add: f8(f8, f8)", "add: i8(i8, i8)"], "shared", "'add' is exported twice, and C has one function of a name"),
    (["while=add: f8(f8, f8)"], "object", "a C function cannot be called 'while'"),
    (["metate_add=add: f8(f8, f8)"], "object", "a C function cannot be called 'metate_add'"),
    (["sqrtf: f4(f4)"], "static", "C's own library has a function sqrtf"),
    (["foreign: i8(i8)"], "asm", "it calls a C function at an address of this process\n  --> "),
    (["pair: (f8,)"], "llvm", "pair() cannot be exported: its result is a tuple(float, str) with a str in it, and only "
     "numbers, arrays and tuples of these go in and out of a library"),
    (["listed: (f8,)"], "llvm", "listed() cannot be exported: its result is a list"),
    (["named: (f8,)"], "llvm", "named() cannot be exported: its result is a Point(float, float); declare it as Tuple("),
    (["spoken: (f8,)"], "llvm", "spoken() cannot be exported: its result is a str, and only numbers, arrays and tuples of these go in and out"),
    (["pointed: f8(CPointer(f8))"], "llvm", "parameter x of pointed is CPointer(float64): declare an array of one axis"),
    (["pointed: f8(UniTuple(CPointer(f8), 2))"], "llvm", "an element of parameter x of pointed is CPointer(float64)"),
    (["pointed: f8(LocalAccessorType(1, f8))"], "llvm", "parameter x of pointed is LocalAccessorType(1, float64), and only numbers"),
    (["ignored: f8(none, f8)"], "llvm", "ignored() cannot be exported: parameter x is None; leave the parameter to its default"),
    (["add: f8(UniTuple(f8, 1), f8)"], "llvm", "add"),
    (["fill: void(f8[:])"], "shared", "fill is a kernel: kernels are written with --emit spirv"),
    (["add: f8(f8, f8)"], "spirv", "add is no kernel: --emit spirv is for functions made by metate.kernel"),
    (["fill: void(f8[:])", "f=fill: void(f4[:])"], "spirv", "a SPIR-V file holds one kernel, and 2 are exported: fill, f"),
    (["nine: f8[:,:,:,:,:,:,:,:,:](f8)"], "shared", "nine() cannot be exported: its result has 9 axes, and an array that "
     "goes out of a library has at most 8; reshape it"),
    (["add: f8(f8, f8)"], "exe", "there is no kind of output 'exe'; known are extension, shared, static"),
    ([], "shared", "nothing is exported: say --export"),
])
def test_what_has_no_place_in_a_library(tmp_path, exports, emit, complaint):
    with pytest.raises((AheadOfTimeError, TypingError)) as caught:
        metate.compile_ahead(dict(globals()), tmp_path / "out", emit, exports)
    assert complaint in str(caught.value)
    if " --> " in complaint:
        assert f"{__file__}:" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("count", "given", "complaint"), [
    (65, "f8", "last() cannot be exported: it takes 65 numbers and arrays, and a function of a Python module at most 64; give it "
     "arrays of numbers"),
    (33, "f8[:, :, :, :, :, :, :]", "last() cannot be exported: the extents and strides of its arrays, and its numbers, are 528 "
     "words, and a function of a Python module takes at most 512; give it fewer arrays, or arrays of fewer axes"),
])
def test_what_python_calls_have_no_room_for(tmp_path, count, given, complaint):
    """C's callers have it on their own stack."""
    source, exports = {"last": function_of(count)}, [f"last: {given}({', '.join([given] * count)})"]
    with pytest.raises(AheadOfTimeError) as caught:
        metate.compile_ahead(source, tmp_path / "out.so", "extension", exports)
    assert str(caught.value) == complaint
    assert list(tmp_path.iterdir()) == []
    metate.compile_ahead(source, tmp_path / "out.o", "object", exports)


def test_what_cannot_be_compiled_points_at_the_line(tmp_path):
    with pytest.raises(TypingError, match="MT") as caught:
        metate.compile_ahead({"add": add}, tmp_path / "out", exports=["add: f8[:](f8[:], void)"])
    assert "return a + b" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_signatures_are_read_at_once():
    with pytest.raises(TypeError, match="MT6002: cannot read the signature 'f8\\(nosuch\\)'"):
        export("add", "f8(nosuch)")
    with pytest.raises(AheadOfTimeError, match="an exported name is made of"):
        export("a b", "f8(f8)")


def test_an_unknown_cpu(tmp_path):
    with pytest.raises(ValueError, match="there is no CPU 'pentium9'; known are native, ") as caught:
        metate.compile_ahead({"add": add}, tmp_path / "out", exports=["add: f8(f8, f8)"], target_cpu="pentium9")
    assert "x86-64-v3" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_without_a_linker(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", "/nosuch/cc -m64")
    with pytest.raises(AheadOfTimeError, match="a shared library needs /nosuch/cc, which is not there: install it, or name"):
        metate.compile_ahead({"add": add}, tmp_path / "out", exports=["add: f8(f8, f8)"])
    monkeypatch.setenv("AR", "false")
    with pytest.raises(AheadOfTimeError, match="^false failed:"):
        metate.compile_ahead({"add": add}, tmp_path / "out", "static", exports=["add: f8(f8, f8)"])
    monkeypatch.delenv("CC")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AheadOfTimeError, match="a shared library needs cc or gcc or clang, which is not there"):
        metate.compile_ahead({"add": add}, tmp_path / "out", exports=["add: f8(f8, f8)"])
    assert list(tmp_path.iterdir()) == []
    metate.compile_ahead({"add": add}, tmp_path / "out", "object", exports=["add: f8(f8, f8)"])  # needs none


@pytest.mark.parametrize(("out", "complaint"), [
    ("nosuch/out.s", "there is no folder '.*nosuch'"),
    (".", "cannot write '.*': it is a folder"),
    ("/dev/null", "cannot write '/dev/null': it is no file"),
    ("/dev/full", "cannot write '/dev/full': it is no file"),
    ("/dev/stdout", "cannot write '/dev/stdout': it is no file"),
    ("/proc/out.s", "cannot write to '/proc': "),
])
def test_where_nothing_can_be_written(tmp_path, out, complaint):
    (tmp_path / "kept").write_text("as it was")
    with pytest.raises(AheadOfTimeError, match=complaint):
        metate.compile_ahead({"add": add}, tmp_path / out, "asm", ["add: f8(f8, f8)"])
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept", "as it was")]


def test_all_files_or_none(tmp_path):
    """The header cannot be written, so there is no object file either; nor is what was there touched before the end."""
    (tmp_path / "out.h").mkdir()
    with pytest.raises(AheadOfTimeError, match="out.h': it is a folder"):
        metate.compile_ahead({"add": add}, tmp_path / "out.o", "object", ["add: f8(f8, f8)"])
    assert [path.name for path in tmp_path.iterdir()] == ["out.h"]


def test_two_files_of_one_name(tmp_path):
    with pytest.raises(AheadOfTimeError, match="two files would be called '.*out.h': give the output another ending"):
        metate.compile_ahead({"add": add}, tmp_path / "out.h", "object", ["add: f8(f8, f8)"])
    assert list(tmp_path.iterdir()) == []


def test_a_header_on_another_file_system(tmp_path):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as other:
        metate.compile_ahead({"add": add}, tmp_path / "out.o", "object", ["add: f8(f8, f8)"], header=os.path.join(other, "out.h"))
        assert [path.name for path in tmp_path.iterdir()] == ["out.o"] and os.listdir(other) == ["out.h"]
        with pytest.raises(AheadOfTimeError, match="there is no folder '.*nosuch'"):
            metate.compile_ahead({"add": add}, tmp_path / "two.o", "object", ["add: f8(f8, f8)"],
                                 header=os.path.join(other, "nosuch", "out.h"))
        assert [path.name for path in tmp_path.iterdir()] == ["out.o"]


@pytest.mark.parametrize(("emit", "environment"), [("object", {}), ("asm", {}), ("shared", {"CC": "true"}), ("static", {"AR": "true"})])
def test_a_full_disk(tmp_path, monkeypatch, emit, environment):
    """Whichever file it is that has no place, temporary ones too."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    given = builtins.open

    class Full(io.FileIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def opened(path, mode="r", **options):
        return Full(path, "w") if mode == "wb" else given(path, mode, **options)

    monkeypatch.setattr(builtins, "open", opened)
    with pytest.raises(AheadOfTimeError, match="cannot write '.*out.*': No space left on device"):
        metate.compile_ahead({"add": add}, tmp_path / "out", emit, ["add: f8(f8, f8)"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(AheadOfTimeError, match="cannot write to '.*': Permission denied"):
        metate.compile_ahead({"add": add}, tmp_path / "out.s", "asm", ["add: f8(f8, f8)"])


def test_a_failure_between_two_files(tmp_path, monkeypatch):
    """Both are as they were, and one that was not there is not there."""
    (tmp_path / "out.o").write_text("before")
    replace = os.replace

    def fails(source, target):
        if str(target).endswith("out.h") and not source.endswith(".before"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(AheadOfTimeError, match="cannot write '.*out.h': No space left on device"):
        metate.compile_ahead({"add": add}, tmp_path / "out.o", "object", ["add: f8(f8, f8)"])
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.o", "before")]


def run(*arguments, **environment):
    return subprocess.run([sys.executable, "-m", "metate", "compile", *map(str, arguments)], capture_output=True, text=True,
                          env={**os.environ, **environment})


@pytest.mark.parametrize(("text", "complaint"), [
    ("def add(a, b:\n    return a + b\n", "line 1\n    def add(a, b:\n"),
    ("import sys\nsys.exit()\n", "ended by sys.exit() before its functions could be compiled: what a program does belongs under "
     "if __name__ == \"__main__\":\n"),
    ("def add(a, b):\n    return a + b\n" "raise SystemExit('no')\n", "ended by sys.exit('no')"),
    ("\x7fELF\0\1", "source code "),
    ("import nosuch\n", "failed:\n  File \"{path}\", line 1, in <module>\n    import nosuch\nModuleNotFoundError: No module named 'nosuch'\n"),
    ("def add(a, b):\n    return a + b\n", "metate: nothing is exported"),
    ("import metate\n@metate.export('add', 'f8(f8, f9)')\ndef add(a, b):\n    return a + b\n", "MT6002: cannot read the signature"),
    ("import metate\n@metate.export('add', 'f8(f8, f8)')\ndef add(a, b):\n    return a + str(b)\n", "return a + str(b)\n"),
])
def test_files_that_cannot_be_compiled(tmp_path, text, complaint):
    path = tmp_path / "source.py"
    path.write_text(text)
    done = run(path, "-o", tmp_path / "out.s", "--emit", "asm", PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("metate: ") and complaint.format(path=path) in done.stderr
    assert "ahead_of_time" not in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["source.py"]


def test_the_source_is_not_written_over(tmp_path):
    path = tmp_path / "source.py"
    path.write_text("def add(a, b):\n    return a + b\n")
    done = run(path, "--emit", "asm", "--export", "add: f8(f8, f8)", "-o", path)
    assert done.returncode == 1 and "is the file to compile, which would be written over" in done.stderr
    assert path.read_text().startswith("def add")


def test_what_a_file_prints_is_no_json(tmp_path):
    path = tmp_path / "source.py"
    path.write_text("print('hello')\ndef add(a, b):\n    return a + b\n")
    done = run(path, "--emit", "asm", "--export", "add: f8(f8, f8)", "-o", tmp_path / "out.s", "--json")
    assert json.loads(done.stdout)["files"] == [str(tmp_path / "out.s")] and done.stderr == "hello\n"


def test_options_that_make_no_sense(tmp_path):
    path = tmp_path / "source.py"
    path.write_text("def add(a, b):\n    return a + b\n")
    for options, complaint in ((["--target-cpu", "pentium9"], "metate: there is no CPU 'pentium9'; known are native, "),
                               (["--reproducible"], "metate: what is to be reproducible must not depend on this machine's CPU"),
                               (["--export", "add: f8(f8"], "metate: MT6002: cannot read the signature")):
        done = run(path, "--emit", "asm", "--export", "add: f8(f8, f8)", "-o", tmp_path / "out.s", *options)
        assert done.returncode == 1 and done.stderr.startswith(complaint) and "Traceback" not in done.stderr
        assert not (tmp_path / "out.s").exists()


def test_files_that_are_not_there(tmp_path):
    done = run(tmp_path / "nosuch.py", "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "") and done.stderr == f"metate: there is no file '{tmp_path / 'nosuch.py'}'\n"
    done = run(tmp_path, "-o", tmp_path / "out")
    assert done.returncode == 1 and done.stderr == f"metate: cannot read '{tmp_path}': Is a directory\n"
    assert run("-o", tmp_path / "out").returncode == 2


@pytest.mark.parametrize(("name", "status"), [("INT", 130), ("TERM", 143)])
def test_stopped_in_the_middle(tmp_path, name, status):
    """The linker is what it waits for, and sends the signal here. What was there before is still there."""
    linker = tmp_path / "linker"
    linker.write_text(f"#!/bin/sh\nkill -{name} $PPID\nsleep 0.2\n")
    linker.chmod(linker.stat().st_mode | stat.S_IXUSR)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "out.so").write_text("before")
    (tmp_path / "source.py").write_text("def add(a, b):\n    return a + b\n")
    done = run(tmp_path / "source.py", "--export", "add: f8(f8, f8)", "-o", folder / "out.so", CC=str(linker))
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("out.so", "before")]


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_stopped_while_the_source_runs(tmp_path, name, status):
    (tmp_path / "source.py").write_text(f"import os, signal\nos.kill(os.getpid(), signal.{name})\n"
                                        "def add(a, b):\n    return a + b\n")
    done = run(tmp_path / "source.py", "--export", "add: f8(f8, f8)", "-o", tmp_path / "out.so", PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["source.py"]


