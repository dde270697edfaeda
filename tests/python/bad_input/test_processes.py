"""test_processes – many threads at once, forked processes, a missing loader, a driver that fails."""

import os
import signal
import subprocess
import sys
import threading
import time

import metate
import numpy as np
import pytest
from metate import njit, prange


forks = pytest.mark.skipif("thread" in metate.build_info()["sanitizers"],
                           reason="ThreadSanitizer ends a forked child that starts threads")


def run(program, **environment):
    """A fresh Python; its output."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=os.environ | environment, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_32_threads_compile_and_call_the_same_functions():
    @njit
    def scaled(x, a):
        return x * a + 1

    @njit(parallel=True)
    def total(x):
        s = 0
        for i in prange(len(x)):
            s += x[i]
        return s

    barrier, wrong = threading.Barrier(32), []

    def work(number):
        x = np.arange(100, dtype=[np.int64, np.float64, np.int32, np.float32][number % 4])
        barrier.wait()
        for _ in range(20):
            if not np.array_equal(scaled(x, number % 3), x * (number % 3) + 1) or total(x) != 4950:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(scaled.signatures) == 4


def test_threads_share_an_error():
    @njit
    def broken(x):
        return x + "a"

    messages = []

    def work():
        try:
            broken(np.ones(3))
        except TypeError as error:
            messages.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(messages) == 8 and len(set(messages)) == 1


FORK = """
import os
import numpy as np
from metate import njit, prange

def total(x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
    return s

compiled = njit(parallel=True)(total)
x = np.ones(100000)
assert compiled(x) == 100000
children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        good = compiled(x) == 100000 and njit(parallel=True)(total)(x.astype(np.float32)) == 100000
        os._exit(0 if good else 1)
    children.append(child)
print([os.waitpid(child, 0)[1] for child in children], compiled(x))
"""


@forks
def test_fork():
    assert run(FORK).strip() == "[0, 0, 0, 0] 100000.0"


FORK_WHILE_OTHERS_COMPILE = """
import os, signal, threading
import numpy as np
from metate import njit, prange

def compiled(factor):
    @njit(parallel=True, cache=False)
    def total(x):
        s = 0.0
        for i in prange(len(x)):
            s += factor * x[i]
        return s
    return total

x = np.ones(100)
stop = threading.Event()

def compile_on():
    while not stop.is_set():
        compiled(2.0)(x)

threads = [threading.Thread(target=compile_on) for _ in range(2)]
for thread in threads:
    thread.start()
ends = []
for _ in range(5):
    child = os.fork()
    if child == 0:
        signal.alarm(100)  # ends one that waits for a thread which it has not
        os._exit(0 if compiled(3.0)(x) == 300 and compiled(3.0)(x.astype(np.float32)) == 300 else 1)
    ends.append(os.waitpid(child, 0)[1])
stop.set()
for thread in threads:
    thread.join()
print(ends, compiled(4.0)(x))
"""


@forks
def test_fork_while_others_compile():
    assert run(FORK_WHILE_OTHERS_COMPILE).strip() == "[0, 0, 0, 0, 0] 400.0"


FORK_BEFORE_ANY_COMPILE = """
import os, signal, threading, time

is_forking = threading.Event()

def pause():
    is_forking.set()
    time.sleep(0.05)

os.register_at_fork(before=pause)  # of two such functions, the later one is called first

import numpy as np
from metate import njit

def compiled(lines):
    body = "".join(f"    x = np.sqrt(x * {i}.5 + {i})\\n" for i in range(lines))
    names = {"np": np}
    exec("def roots(x):\\n" + body + "    return x", names)
    return njit(cache=False)(names["roots"])

def compile_first():
    is_forking.wait()
    compiled(2000)(2.0)  # takes longer than the pause

thread = threading.Thread(target=compile_first)
thread.start()
child = os.fork()
if child == 0:
    signal.alarm(100)  # ends one that waits for a thread which it has not
    os._exit(0 if compiled(1)(2.0) == 1.0 else 1)
print(os.waitpid(child, 0)[1])
thread.join()
"""


@forks
def test_fork_before_any_compile():
    """One that another thread begins while the fork is prepared waits for it too."""
    assert run(FORK_BEFORE_ANY_COMPILE).strip() == "0"


FORK_WITH_A_QUEUE = """
import os, signal
import metate

@metate.kernel
def count(x):
    x[metate.get_global_id(0)] += 1

def counted(x, times):
    queue = x.sycl_queue
    for _ in range(times):
        event = queue.submit_async(count, (x,), 1000)
    event.wait()
    queue.wait()
    return metate.asnumpy(x).sum()

x = metate.zeros(1000)
print(counted(x, 5))
for _ in range(2000):
    x.sycl_queue.submit_async(count, (x,), 1000)
child = os.fork()  # while they are under way
if child == 0:
    signal.alarm(100)  # ends one that waits for a thread which it has not
    other = metate.zeros(1000, queue=metate.Queue(property="in_order"))
    os._exit(0 if counted(x, 5) == 2010e3 and counted(metate.zeros(1000), 5) == counted(other, 5) == 5e3 else 1)
print(os.waitpid(child, 0)[1], counted(x, 5))
"""


@forks
def test_a_forked_child_uses_queues():
    assert run(FORK_WITH_A_QUEUE).split() == ["5000.0", "0", "2010000.0"]


LAUNCH = """
import numpy as np, metate
@metate.kernel
def fill(x):
    x[metate.get_global_id(0)] = 1.0
x = np.zeros(4)
try:
    fill[4](x)
except Exception as error:
    print(type(error).__name__, error)
else:
    print(x)
"""


INTERRUPTED_CHILD = """
import os, signal, threading, time
import metate
signal.signal(signal.SIGINT, signal.default_int_handler)

@metate.njit
def count(n):
    total = 0
    for i in range(n):
        for j in range(1000):
            total += (i ^ j) & 3
    return total

count(1)
pids = []

def fork():
    pids.append(os.fork())
    if pids[-1] == 0:
        signal.alarm(20)
        try:
            count(10**12)
        except KeyboardInterrupt:
            print("ended", flush=True)
        os._exit(0)

thread = threading.Thread(target=fork)
thread.start()
thread.join()
time.sleep(0.5)
os.kill(pids[0], signal.SIGINT)
os.waitpid(pids[0], 0)
"""


@forks
def test_control_c_in_a_child_that_another_thread_has_forked():
    assert run(INTERRUPTED_CHILD) == "ended\n"


def test_driver_that_is_no_driver():
    """The loader leaves out what it cannot open; our own is found all the same."""
    assert "[1. 1. 1. 1.]" in run(LAUNCH, ZE_ENABLE_ALT_DRIVERS="libthere_is_none.so")


def test_damaged_loader(tmp_path):
    """A loader that cannot be opened is noted; the software driver is called without it."""
    (tmp_path / "libze_loader.so.1").write_bytes(b"")
    notes = "import metate._metate as _metate\nprint(*_metate.device_notes(), sep='; ')\n"
    printed = run(LAUNCH + notes, LD_LIBRARY_PATH=str(tmp_path))
    assert "[1. 1. 1. 1.]" in printed
    assert "the Level Zero loader cannot be opened: " in printed and "file too short" in printed


def test_interrupt_in_python_between_calls():
    program = """
import os, signal
from metate import njit
@njit
def f(x):
    return x + 1
f(1)
try:
    os.kill(os.getpid(), signal.SIGINT)
    for i in range(10**7):
        f(i)
except KeyboardInterrupt:
    print("interrupted")
"""
    assert run(program).strip() == "interrupted"


def test_an_interrupt_while_the_compiler_asks_python():
    class Interrupting(type):
        def __getattribute__(cls, name):
            if name == "__module__":
                raise KeyboardInterrupt
            return super().__getattribute__(name)

    class Unknown(metaclass=Interrupting):
        pass

    unknown = Unknown()

    @njit
    def give():
        return unknown

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # shells have it ignored in the background
    try:
        with pytest.raises(KeyboardInterrupt):
            try:
                give()
            except metate.errors.TypingError:
                time.sleep(0.1)  # the signal handler of Python runs at the latest here
    finally:
        signal.signal(signal.SIGINT, before)
