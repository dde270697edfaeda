"""While another process compiles the same: who waits holds nobody up, and can be interrupted."""

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
import time

import pytest
from cached_programs import Programs

PROGRAM = """
import sys, threading
from metate import njit

@njit
def slow(x):
    return x + 1

@njit
def other(x):
    return x * 2

def wait():
    print("waiting", flush=True)
    print("slow", slow(1), flush=True)

if sys.argv[1] == "threads":
    thread = threading.Thread(target=wait)
    thread.start()
    sys.stdin.readline()
    print("other", other(3), flush=True)
    thread.join()
elif sys.argv[1] == "interrupted":
    try:
        wait()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    print("other", other(3), flush=True)
else:
    print(slow(1))
"""


@pytest.fixture
def programs(tmp_path):
    """Where `slow` is known, and gone again."""
    made = Programs(tmp_path, PROGRAM)
    made.start("once").communicate()
    (entry,) = made.entries()
    entry.unlink()
    made.lock = entry.with_suffix(".lock")
    return made


@contextlib.contextmanager
def claimed(programs):
    """As a process does that compiles `slow`."""
    with open(programs.lock, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        os.unlink(programs.lock)


def start(programs, what):
    process = subprocess.Popen([sys.executable, str(programs.program), what], stdout=subprocess.PIPE, stdin=subprocess.PIPE,
                               text=True, env=programs.environment)
    assert process.stdout.readline() == "waiting\n"
    return process


def line_of(process):
    """The next line; a process that waits for the lock after all would print it in a minute."""
    assert select.select([process.stdout], [], [], 30)[0], "it waits"
    return process.stdout.readline()


def rest_of(process):
    with process:
        return process.stdout.read()


def test_other_threads_compile_meanwhile(programs):
    with claimed(programs):
        process = start(programs, "threads")
        process.stdin.write("go on\n")
        process.stdin.flush()
        assert line_of(process) == "other 6\n"
    assert rest_of(process) == "slow 2\n"
    assert process.returncode == 0


def test_ctrl_c_ends_the_wait(programs):
    with claimed(programs):
        process = start(programs, "interrupted")
        time.sleep(0.1)  # by now it waits, most likely; if not, the outcome is the same
        process.send_signal(signal.SIGINT)
        assert line_of(process) == "interrupted\n"
        assert rest_of(process) == "other 6\n"
    assert process.returncode == 0


def test_the_lock_of_a_killed_process_is_nobodys(programs):
    process = subprocess.Popen([sys.executable, "-c", "import fcntl, sys, time\nlock = open(sys.argv[1], 'w')\n"
                                "fcntl.flock(lock, fcntl.LOCK_EX)\nprint('held', flush=True)\ntime.sleep(600)",
                                str(programs.lock)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    process.kill()
    process.communicate()
    assert programs.start("once").communicate()[0] == "2\n"
    assert not programs.lock.exists() and len(programs.entries()) == 1
