"""test_interrupts_ahead_of_time – Ctrl-C ends loops of modules, and metate_interrupt() those of C libraries."""

import os
import subprocess
import sys

import metate
import pytest
from c_compiler import needs_c_compiler

pytestmark = needs_c_compiler

SOURCE = '''
import numpy as np
import metate
from metate import prange

@metate.export("settle", "f8[:](f8[:], i8)")
def settle(x, rounds):
    y = x + 1.0
    for k in range(rounds):
        for i in range(1, len(y)):
            y[i] = 0.5 * (y[i] + y[i - 1])
    return y

@metate.export("wait", "i8(u8)")
def wait(n):
    steps = 0
    while n != np.uint64(0):
        n = n * np.uint64(2862933555777941757) + np.uint64(3037000493)
        steps += 1
    return steps

@metate.export("spread", "f8(i8, i8)")
@metate.njit(parallel=True)
def spread(n, rounds):
    total = 0.0
    for i in prange(n):
        x = float(i)
        for k in range(rounds):
            for j in range(100):
                x = 0.5 * (x + j)
        total += x
    return total
'''

# Runs where Metate may be or not, as the first argument says: `ahead` has it too, and both ask for the same signals.
CHECKS = '''
import gc, os, signal, sys, threading, time
sys.path.insert(0, sys.argv[1])
import numpy as np
if sys.argv[2] == "first":
    import metate
import ahead
if sys.argv[2] == "later":
    import metate

def interrupted(function, *arguments, within=1.0):
    """How long it takes from a SIGINT to the KeyboardInterrupt."""
    sent = []
    def send():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)
    timer = threading.Timer(0.2, send)
    timer.start()
    try:
        function(*arguments)
    except KeyboardInterrupt:
        took = time.monotonic() - sent[0]
        assert took < within, took
    else:
        raise AssertionError("nothing was raised")
    finally:
        timer.join()

x = np.ones(1000)
calls = [(ahead.settle, x, 10**12), (ahead.wait, 1), (ahead.spread, 10**9, 10**6)]
if "metate" in sys.modules:
    names = {}
    exec(open(os.path.join(sys.argv[1], "functions.py")).read(), names)
    calls += [(metate.njit(names["settle"]), x, 10**12), (names["spread"], 10**9, 10**6)]
before = sys.getrefcount(x)
for repeat in range(2):
    for function, *arguments in calls:
        interrupted(function, *arguments)
assert sys.getrefcount(x) == before
assert ahead.settle(x, 3)[0] == 2.0 and ahead.spread(10, 10) > 0

# Handlers of the program's own are called, and say what becomes of it; also those that it sets later.
heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append(time.monotonic()))
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
begin = time.monotonic()
rounds = 200
while not heard:
    ahead.settle(x, rounds)
    rounds *= 2
assert len(heard) == 1 and heard[0] - begin < 1.2
signal.signal(signal.SIGINT, signal.default_int_handler)
interrupted(ahead.settle, x, 10**12)

# A signal that has come before is no call's business.
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)
except KeyboardInterrupt:
    pass
ahead.settle(x, 1000)

# Only the main thread hears signals.
results = []
thread = threading.Thread(target=lambda: results.append(ahead.settle(x, 300000)[0]))
thread.start()
try:
    os.kill(os.getpid(), signal.SIGINT)
    thread.join()
except KeyboardInterrupt:
    thread.join()
assert results == [2.0]
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGINT)
ahead.settle(x, 1000)
print("all is well")
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("interrupts")
    (folder / "functions.py").write_text(SOURCE)
    metate.compile_ahead(folder / "functions.py", folder / "ahead.so", "extension")
    return folder


@pytest.mark.parametrize("metate_is_there", ["never", "first", "later"])
def test_a_module_hears_ctrl_c(folder, metate_is_there):
    environment = {**os.environ, "METATE_NUM_THREADS": "3", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    if metate_is_there == "never":
        environment = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    done = subprocess.run([sys.executable, "-c", CHECKS, folder, metate_is_there], capture_output=True, text=True, timeout=120,
                          env=environment, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "all is well\n", "")


PROGRAM = r'''
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "libahead.h"

static void on_alarm(int signal) { metate_interrupt(signal == SIGALRM); }

int main(void) {
  double d[100] = {1}, r;
  int64_t n;
  metate_array_f64_1d x = {d, 0, {100}, {8}}, y;
  metate_error e;
  int s;
  struct sigaction action = {0};
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, 0);
  alarm(1);
  s = settle(&x, 1000000000000, &y, &e);
  printf("%d %s: %s\n", s, e.type, e.message);
  s = wait_for(1, &n, &e); /* until it is said that calls may go on */
  printf("%d %s\n", s, e.type);
  metate_interrupt(false);
  s = settle(&x, 3, &y, &e);
  printf("%d %g\n", s, y.data[0]);
  metate_release(y.owner);
  alarm(1);
  s = spread(1000000000, 1000000, &r, &e);
  printf("%d %s\n", s, e.type);
  return 0;
}
'''


def test_a_c_program_ends_calls(folder, tmp_path):
    made = ["settle", "wait_for=wait: i8(u8)", "spread"]
    metate.compile_ahead(folder / "functions.py", tmp_path / "libahead.so", exports=made)
    (tmp_path / "program.c").write_text(PROGRAM)
    done = subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "program.c", "./libahead.so", "-Wl,-rpath,$ORIGIN", "-o",
                           "program"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    run = subprocess.run([tmp_path / "program"], capture_output=True, text=True, timeout=60,
                         env={**os.environ, "METATE_NUM_THREADS": "3"})
    assert run.returncode == 0 and run.stdout == ("1 KeyboardInterrupt: ended by metate_interrupt()\n1 KeyboardInterrupt\n0 2\n1 KeyboardInterrupt\n")


def test_libraries_of_one_program_have_one_switch(folder, tmp_path):
    """Linked, or statically linked beside a shared one."""
    for name, emit in (("first", "shared"), ("second", "shared"), ("third", "static")):
        metate.compile_ahead(folder / "functions.py", tmp_path / f"{name}.bin", emit, [f"{name}_wait=wait: i8(u8)"])
    (tmp_path / "program.c").write_text('''
#include <stdio.h>
#include "first.h"
#include "second.h"
#include "third.h"

int main(void) {
  int64_t n;
  metate_interrupt(true);
  printf("%d %d %d\\n", first_wait(1, &n, 0), second_wait(1, &n, 0), third_wait(1, &n, 0));
  return 0;
}
''')
    done = subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "program.c", "./third.bin", "./first.bin", "./second.bin", "-lm",
                           "-Wl,-rpath,$ORIGIN", "-o", "program"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert subprocess.run([tmp_path / "program"], capture_output=True, text=True, timeout=60).stdout == "1 1 1\n"
