"""RecursionError where the stack ends, KeyboardInterrupt where the user asks for it; in processes of their own."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import metate
import pytest
from metate import njit

RECURSION = """
import sys, threading
import metate

@metate.njit
def down(n):
    if n == -1:
        return 0
    return down(n - 1) + 1

@metate.njit
def even(n):
    return True if n == 0 else odd(n - 1)

@metate.njit
def odd(n):
    return False if n == 0 else even(n - 1)

def check():
    assert down(5000) == 5001
    for _ in range(3):
        try:
            down(10**9)
        except RecursionError as error:
            assert "maximum recursion depth exceeded" in str(error)
        else:
            sys.exit("no error")
    assert even(1000)
    try:
        even(10**9)
    except RecursionError:
        return
    sys.exit("no error")

check()
threading.stack_size(1 << 20)
thread = threading.Thread(target=check)
thread.start()
thread.join()
print("fine")
"""


def test_recursion_ends_in_an_error():
    result = subprocess.run([sys.executable, "-c", RECURSION], capture_output=True, text=True, timeout=300)
    assert (result.returncode, result.stdout) == (0, "fine\n"), result.stderr


LONG = """
import signal, sys
import numpy as np
from metate import njit, prange

# Tests started in the background by a shell ignore the signal otherwise.
signal.signal(signal.SIGINT, signal.default_int_handler)

@njit(parallel={parallel})
def run(x, n):
{body}

run(np.ones(3), 0)
try:
    print("ready", flush=True)
    run(np.ones(3), 10**15)
except KeyboardInterrupt:
    print("interrupted")
run(np.ones(3), 0)
"""

BODIES = {
    "loops": """
        s = 0.0
        for i in range(n):
            for j in range(10):
                s += x[0] * j
        return s
    """,
    "while": """
        s = 1.0
        while s > 0 and n > 0:
            s = s * x[0]
        return s
    """,
    "nest": """
        s = 0.0
        for i in range(n):
            s += np.sum(x)
        return s
    """,
    "prange": """
        for i in prange(n):
            for j in range(1000):
                if x[0] * i < -1:
                    x[1] = j
        return 0.0
    """,
}


@pytest.mark.skipif("thread" in metate.build_info()["sanitizers"],
                    reason="ThreadSanitizer holds signals back until the next call of the C library")
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.filterwarnings("ignore")
def test_interrupt(body, threads):
    code = LONG.format(parallel=body == "prange", body=textwrap.indent(textwrap.dedent(BODIES[body]), "    "))
    path = [entry for entry in sys.path if entry]
    environment = os.environ | {"METATE_NUM_THREADS": threads, "PYTHONPATH": os.pathsep.join(path)}
    script = f"import warnings; warnings.simplefilter('ignore')\n{code}"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        time.sleep(0.2)  # most likely in compiled code; the outcome is the same if not
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (out, process.returncode) == ("interrupted\n", 0), err


def test_inner_loops_do_not_look():
    @njit
    def total(x):
        s = 0
        for i in range(len(x)):
            s += x[i]
        return s

    import numpy as np

    total(np.ones(3, int))
    assert "metate_interrupted" not in "".join(total.inspect_llvm().values())
