"""test_gdb – backtraces of gdb through compiled functions, where there is a gdb that may trace processes."""

import os
import re
import shutil
import subprocess
import sys
import textwrap

import pytest

GDB = shutil.which("gdb")
PATH = os.pathsep.join(map(os.path.abspath, sys.path))

PROGRAM = textwrap.dedent("""
    import os, signal, sys
    import numpy as np
    from metate import njit, prange


    @njit
    def inverse(x):
        return 1.0 / (x + 1.0)


    @njit
    def total(n):
        result = 0.0
        for i in range(n):
            result += inverse(i)
        return result


    @njit
    def endless(n):
        i = 1
        while i > 0:
            i = (i * 5 + n) % 1000003 + 1
        return i


    @njit(boundscheck=False)
    def crash(x, i):
        return x[i] + 1.0


    @njit(parallel=True)
    def rows(x):
        out = np.empty(x.shape[0])
        for i in prange(x.shape[0]):
            value = x[i]
            for _ in range(100):
                value = value * 0.5 + 1.0
            out[i] = value
        return out


    def main(what):
        if what == "total":
            total(1000)
        elif what == "endless":
            endless(1)
        elif what == "crash":
            crash(np.ones(3), 1 << 50)
        elif what == "rows":
            rows(np.ones(1_000_000))


    if sys.argv[1] == "endless":
        signal.setitimer(signal.ITIMER_REAL, 2)
    main(sys.argv[1])
""").lstrip()


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def line_of(text):
    (found,) = [number for number, line in enumerate(PROGRAM.splitlines(), 1) if text in line]
    return found


def debug(program, what, *commands, debuginfo="1"):
    if GDB is None:
        pytest.skip("needs gdb")
    options = [f"--eval-command={each}" for each in ("set debuginfod enabled off", "set breakpoint pending on", "set pagination off",
                                                     "set width 0", "handle SIGALRM stop nopass",
                                                     f"set environment PYTHONPATH {PATH}", *commands)]
    environment = {**os.environ, "METATE_DEBUGINFO": debuginfo, "METATE_CACHE": "0", "METATE_NUM_THREADS": "2"}
    environment.pop("PYTHONPATH", None)  # gdb has a Python of its own
    done = subprocess.run([GDB, "--batch", "--nx", *options, "--args", sys.executable, str(program), what], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, env=environment, timeout=300)
    if "ptrace" in done.stderr and "not permitted" in done.stderr:
        pytest.skip("gdb may not trace processes here")
    return done.stdout + done.stderr


def frames(said):
    """The frames of a backtrace: of each its function and place."""
    found = re.findall(r"^#\d+ +(?:0x[0-9a-f]+ in )?(.*)$", said, re.MULTILINE)
    assert found, said
    return found


def place(program, function, text):
    return f"{function} () at {program}:{line_of(text)}"


def has_frames_of_python(found):
    return any(re.match(r"(_?Py|_PyEval_EvalFrameDefault)", frame) for frame in found)


def test_a_breakpoint_on_a_name(program):
    found = frames(debug(program, "total", "break total", "run", "backtrace"))
    assert re.match(r"total \(\) at .*program\.py:\d+", found[0])
    assert any(frame.startswith("metate::ext::Overload::") for frame in found)
    assert has_frames_of_python(found) and found[-1].split()[0] in ("_start", "main", "__libc_start_main_impl")


def test_inlined_calls_are_frames(program):
    found = frames(debug(program, "total", f"break program.py:{line_of('return 1.0 /')}", "run", "backtrace"))
    assert found[0] == place(program, "inverse", "return 1.0 /")
    assert found[1] == place(program, "total", "result += inverse(i)")


def test_a_crash(program):
    said = debug(program, "crash", "run", "backtrace")
    assert "SIGSEGV" in said
    found = frames(said)
    assert found[0] == place(program, "crash", "return x[i] + 1.0") and has_frames_of_python(found)


def test_a_stop_in_a_long_loop(program):
    said = debug(program, "endless", "run", "backtrace", "kill")
    assert "SIGALRM" in said
    found = frames(said)
    assert re.match(r"endless \(\) at .*program\.py:\d+", found[0]) and has_frames_of_python(found)


def test_threads_of_a_parallel_loop(program):
    said = debug(program, "rows", f"break program.py:{line_of('value = value * 0.5')}", "run", "backtrace", "kill")
    found = frames(said)
    assert found[0].startswith("rows.parallel () at ")
    assert any("parallel" in frame and "metate::cpu" in frame for frame in found[1:])


def test_without_the_option_there_are_no_lines(program):
    said = debug(program, "total", "break total", "run", debuginfo="0")
    assert "exited normally" in said and "Breakpoint 1, total" not in said
