"""Ctrl-C while a device works: what ends, what goes on, and that nothing writes to memory that is gone."""

import signal
import subprocess
import sys
import time

import metate
import pytest

pytestmark = pytest.mark.skipif("thread" in metate.build_info()["sanitizers"],
                                reason="ThreadSanitizer holds signals back until the next call of the C library")

BEGINNING = """
import os, signal, threading, time
import numpy as np
import metate

# Tests started in the background by a shell ignore the signal otherwise.
signal.signal(signal.SIGINT, signal.default_int_handler)

@metate.kernel
def slow(x, rounds):
    i = metate.get_global_id(0)
    value = np.uint32(x[i])
    for _ in range(rounds):
        value = value * np.uint32(1664525) + np.uint32(1013904223)
    x[i] = value

def interrupt(delay):
    threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT)).start()
"""

LONG_LAUNCH = BEGINNING + """
x = np.zeros({items}, np.uint32)
slow[len(x)](x, 1)
slow[len(x)](x, {first})
y = np.zeros({items}, np.uint32)
print("ready", flush=True)
try:
    slow[len(y)](y, {rounds})
except KeyboardInterrupt:
    # An item writes its element when it is done.
    print("under way" if (y == 0).any() else "done", flush=True)
"""


@pytest.mark.parametrize(("items", "first", "rounds"), [(1 << 21, 1, 10_000), (64, 30_000_000, 1_000_000_000)],
                         ids=["many items", "slow before"])
def test_control_c_ends_the_wait_for_a_launch(items, first, rounds):
    """The kernel itself goes on: the arrays live until it is done."""
    process = subprocess.Popen([sys.executable, "-c", LONG_LAUNCH.format(items=items, first=first, rounds=rounds)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        time.sleep(0.3)  # most likely in the launch; the outcome is the same if not
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "under way\n"
    finally:
        process.kill()
        process.communicate()


LONG_OPERATION = BEGINNING + """
@metate.vectorize
def long(x):
    for _ in range(20_000):
        x = x * 1.000001 + 1e-9
    return x

queue = metate.Queue()
x = metate.asarray(np.full({elements}, 0.5), queue=queue, usm_type="shared")
for _ in range(2):
    {operation}
try:
    interrupt(0.1)
    {operation}
    time.sleep(60)
except KeyboardInterrupt:
    pass
again = metate.MemoryUSMShared(x.nbytes, queue=queue)  # where the result was, which is gone
numbers = np.frombuffer(again)
numbers[:] = 0
queue.wait()
print(numbers.any())
"""


@pytest.mark.parametrize(("operation", "elements"), [("np.power(x, x)", 12_000_000), ("long(x)", 20_000)])
def test_control_c_waits_for_an_operation_of_device_arrays(operation, elements):
    """As in NumPy: who would keep the memory that it writes to?"""
    script = LONG_OPERATION.format(operation=operation, elements=elements)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


BEHIND_ANOTHER = BEGINNING + """
queue = metate.Queue()
x = metate.asarray(np.ones(1000), queue=queue)
event = queue.submit_async(slow, (np.zeros(1, np.uint32), 10**10), 1)
try:
    interrupt({delay})
    x + x
except KeyboardInterrupt:
    print(event.execution_status, flush=True)
    os._exit(0)
"""


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.3])
def test_control_c_ends_the_wait_for_what_is_before_an_operation(delay):
    """Sooner or later: while the operation is compiled, too."""
    done = subprocess.run([sys.executable, "-c", BEHIND_ANOTHER.format(delay=delay)], capture_output=True, text=True)
    assert done.stdout == "submitted\n", done.stderr
