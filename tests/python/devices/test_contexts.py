"""Which queue kernels run on: device_context by thread, by asyncio task, and nested; Ctrl-C while a program waits."""

import asyncio
import subprocess
import sys
import threading

import metate
import pytest


def test_nested_contexts():
    outside = metate.get_current_queue()
    first, second = metate.Queue(), metate.Queue()
    with metate.device_context(first):
        with metate.device_context(second) as inner:
            assert inner is second is metate.get_current_queue()
        assert metate.get_current_queue() is first
        with pytest.raises(RuntimeError), metate.device_context(second):
            raise RuntimeError
        assert metate.get_current_queue() is first
    assert metate.get_current_queue() is outside


def test_threads_have_contexts_of_their_own():
    seen = []
    with metate.device_context(metate.Queue()) as queue:
        thread = threading.Thread(target=lambda: seen.append(metate.get_current_queue()))
        thread.start()
        thread.join()
    assert seen != [queue] and seen == [metate.get_current_queue()]


def test_tasks_have_contexts_of_their_own():
    queues = [metate.Queue() for _ in range(4)]

    async def work(queue, turns):
        with metate.device_context(queue):
            for _ in range(turns):
                assert metate.get_current_queue() is queue
                await asyncio.sleep(0)
                memory = metate.MemoryUSMShared(8, queue=metate.get_current_queue())
                assert memory.queue is queue
        return metate.get_current_queue()

    async def main():
        with metate.device_context(queues[0]):
            return await asyncio.gather(*(work(queue, turns) for turns, queue in enumerate(queues, 3)))

    assert asyncio.run(main()) == [queues[0]] * 4


WAITING = """
import os, signal, sys, threading, time
import metate, numpy as np

# Tests started in the background by a shell ignore the signal otherwise.
signal.signal(signal.SIGINT, signal.default_int_handler)

@metate.kernel
def long(x, go_on):
    while go_on[0]:
        x[0] += 1

queue = metate.Queue()
x = metate.MemoryUSMShared(1, queue=queue)
go_on = metate.MemoryUSMShared(1, queue=queue)
flag = np.frombuffer(go_on, np.uint8)
flag[0] = 1
event = queue.submit_async(long, (x, go_on), 1)
for wait in (event.wait, queue.wait):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        wait()
    except KeyboardInterrupt:
        print("interrupted", event.execution_status.value)
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
except KeyboardInterrupt:  # which CPython drops from 3.12 on, in its warning that there are threads
    pass
print("forked", event.execution_status.value)
flag[0] = 0
event.wait()
print(event.execution_status.value)
"""


def test_ctrl_c_ends_a_wait_and_not_the_command():
    done = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True, timeout=300)
    assert done.stdout.split("\n")[:4] == ["interrupted submitted"] * 2 + ["forked submitted", "complete"], done.stderr
