"""Queues and events: what waits, what does not, in which order, and where errors go."""

import ctypes
import gc
import subprocess
import sys
import threading
import time
import weakref

import metate
import numpy as np
import pytest
from metate.errors import ExecutionQueueInferenceError


@metate.kernel
def increment(x):
    x[metate.get_global_id(0)] += 1


@metate.kernel
def times_ten(x):
    x[metate.get_global_id(0)] *= 10


@metate.kernel
def outside(x):
    x[metate.get_global_id(0) + x.shape[0]] = 0


@metate.kernel
def slow(x, rounds):
    i = metate.get_global_id(0)
    value = np.uint32(x[i])
    for _ in range(rounds):
        value = value * np.uint32(1664525) + np.uint32(1013904223)
    x[i] = value


@metate.kernel
def wait_for_flag(flag, begun, seen, rounds):
    metate.atomic.add(begun, 0, 1)
    for _ in range(rounds):
        if metate.atomic.add(flag, 0, 0) != 0:
            seen[0] = 1
            return


def shared(queue, values=(0,) * 8):
    memory = metate.MemoryUSMShared(len(values), queue=queue)
    memory.copy_from_host(bytes(values))
    return memory


def values(memory):
    return list(memory.tobytes())


def test_properties():
    plain = metate.Queue()
    assert not plain.is_in_order and not plain.has_enable_profiling
    both = metate.Queue("cpu", property=["in_order", "enable_profiling"])
    assert both.is_in_order and both.has_enable_profiling and both.device.is_cpu
    assert both.name == both.sycl_device.name and both.backend == "level_zero"
    assert both.sycl_context == metate.Context(both.device) and both.sycl_context.device_count == 1
    assert metate.Queue(both.sycl_context, both.device).device is both.device
    assert plain != both and plain == plain
    assert "level_zero:cpu:0, in order, profiling at 0x" in repr(both) or not metate.get_devices()[0].is_cpu


@pytest.mark.parametrize("make, error, message", [
    (lambda: metate.Queue(property="fast"), ValueError, "a queue has no property 'fast'"),
    (lambda: metate.Queue(async_handler=3), TypeError, "a int cannot be"),
    (lambda: metate.Queue("cpu", "gpu"), TypeError, "a Queue is made of nothing"),
    (lambda: metate.Queue(3.5), TypeError, "a device is a Device or a filter string"),
    (lambda: metate.Queue("accelerator:7"), ValueError, "no device matches"),
])
def test_properties_that_make_no_sense(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_one_default_queue():
    device = metate.get_devices()[0]
    queue = metate.get_device_cached_queue(device)
    assert queue is metate.get_device_cached_queue(device.filter_string) is metate.get_device_cached_queue(queue.context)
    assert queue is metate.get_device_cached_queue((queue.context, device))
    assert metate.get_current_queue() is queue


def test_numbers_of_ctypes():
    @metate.kernel
    def scale(x, factor, shift):
        x[metate.get_global_id(0)] = x[metate.get_global_id(0)] * factor + shift

    queue = metate.Queue()
    x = metate.MemoryUSMShared(8, queue=queue)
    x.memset(3)
    queue.submit(scale, [x, ctypes.c_uint8(4), ctypes.c_uint8(250)], [8])
    assert values(x) == [(3 * 4 + 250) % 256] * 8
    with pytest.raises(TypeError, match="c_char_p"):
        queue.submit(scale, [x, ctypes.c_char_p(b"a"), 1], [8])


def test_submit_waits_and_raises():
    queue = metate.Queue()
    x = shared(queue)
    event = queue.submit(increment, [x], [8])
    assert event.execution_status == "complete" and values(x) == [1] * 8
    with pytest.raises(IndexError, match="index 8 is out of bounds for axis 0 with size 8") as raised:
        queue.submit(outside, [x], [8])
    assert raised.traceback[-1].name == "outside"
    queue.wait()  # it was reported


@pytest.mark.parametrize("order", ["in_order", None])
def test_events_put_commands_in_order(order):
    queue = metate.Queue(property=order)
    x = shared(queue)
    event = None
    for kernel in (increment, times_ten, increment):
        event = queue.submit_async(kernel, (x,), 8, dEvents=[event] if event else None)
    assert event.execution_status in ("submitted", "complete")
    event.wait()
    assert event.execution_status == metate.enums.event_status_type.complete and values(x) == [11] * 8


def test_an_in_order_queue_needs_no_events():
    queue = metate.Queue(property="in_order")
    x, y = shared(queue), shared(queue)
    for kernel in (increment, times_ten, increment):
        queue.submit_async(kernel, (x,), 8)
    queue.memcpy_async(y, x, 8)
    queue.submit_async(increment, (y,), 8)
    increment[8](y)  # behind all of it
    assert values(y) == [13] * 8


def test_events_across_queues():
    first, second = metate.Queue(), metate.Queue()
    x = shared(first)
    event = first.submit_async(slow, (x, 200_000), 8)
    done = second.submit_async(increment, (x,), 8, dEvents=event)
    metate.Event.wait_for([event, done])
    expected = shared(first)
    first.submit(slow, (expected, 200_000), 8)
    assert values(x) == [(value + 1) % 256 for value in values(expected)]


def test_asynchronous_errors_are_raised_by_the_next_wait():
    queue = metate.Queue()
    x = shared(queue)
    queue.submit_async(increment, (x,), 8)
    queue.submit_async(outside, (x,), 8)
    queue.submit_async(increment, (x,), 8)
    with pytest.raises(IndexError, match="index 8 is out of bounds"):
        queue.wait()
    queue.wait()
    assert values(x) == [2] * 8


def test_an_event_raises_the_error_of_its_command():
    queue = metate.Queue()
    x = shared(queue)
    event = queue.submit_async(outside, (x,), 8)
    for _ in range(2):
        with pytest.raises(IndexError, match="index 8 is out of bounds"):
            event.wait()
    with pytest.raises(IndexError):
        metate.Event.wait_for([metate.Event(), event])
    queue.wait()


def test_several_errors_come_as_context():
    queue = metate.Queue()
    x, y = shared(queue), shared(queue, (0,) * 5)
    queue.submit_async(outside, (x,), 8)
    queue.submit_async(outside, (y,), 8)
    with pytest.raises(IndexError, match="with size 8") as raised:
        queue.wait()
    assert "with size 5" in str(raised.value.__context__)


def test_the_handler_is_called_with_each_error():
    errors = []
    queue = metate.Queue(async_handler=errors.append)
    x = shared(queue)
    queue.submit_async(outside, (x,), 8)
    event = queue.submit_async(outside, (x,), 8)
    event.wait()
    queue.wait()
    event.wait()
    assert [type(error) for error in errors] == [IndexError, IndexError]
    with pytest.raises(IndexError):
        queue.submit(outside, (x,), 8)
    assert len(errors) == 2


def test_a_handler_that_raises():
    def handler(error):
        raise RuntimeError("from the handler")

    queue = metate.Queue(async_handler=handler)
    queue.submit_async(outside, (shared(queue),), 8)
    with pytest.raises(RuntimeError, match="from the handler"):
        queue.wait()


def test_an_error_nobody_waits_for_is_shown(monkeypatch):
    shown = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: shown.append(unraisable.exc_value))
    queue = metate.Queue()
    queue.submit_async(outside, (shared(queue),), 8)
    del queue
    gc.collect()
    assert [type(error) for error in shown] == [IndexError]


def test_an_error_is_shown_at_the_end_of_the_program():
    program = ("import metate, numpy as np\n"
               "@metate.kernel\ndef outside(x):\n    x[metate.get_global_id(0) + 8] = 0\n"
               "metate.call_kernel_async(outside, metate.Range(8), (), metate.MemoryUSMShared(8))\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and "IndexError: index 8 is out of bounds" in done.stderr
    assert "an asynchronous command of a metate.Queue" in done.stderr


def test_kernels_run_where_their_arguments_are():
    first, second = metate.Queue(), metate.Queue()
    x, y = shared(first), shared(second)
    event = metate.call_kernel_async(increment, metate.Range(8), (), x)[-1]
    event.wait()

    @metate.kernel
    def add(a, b):
        a[metate.get_global_id(0)] += b[metate.get_global_id(0)]

    with pytest.raises(ExecutionQueueInferenceError) as raised:
        add[8](x, y)
    assert "'a' has " + repr(first) in str(raised.value) and "'b' has " + repr(second) in str(raised.value)
    with pytest.raises(TypeError, match="argument 'b' is a NumPy array and 'a' lies in device memory"):
        add[8](x, np.zeros(8))
    first.submit(add, (x, y), 8)  # a queue that is named takes all memory of its device
    assert values(x) == [1] * 8
    with metate.device_context(second), pytest.warns(metate.errors.MetateWarning, match="has no effect on it"):
        increment[8](x)
    with metate.device_context(second):
        increment[8](y)
    assert values(y) == [1] * 8


def test_many_threads_on_one_queue():
    for order in ("in_order", None):
        queue = metate.Queue(property=order)
        memories = [shared(queue) for _ in range(8)]
        errors = []

        def work(x):
            try:
                event = None
                for step in range(50):
                    if step % 3:
                        event = queue.submit_async(increment, (x,), 8, dEvents=event)
                    else:
                        event = queue.submit(increment, (x,), 8, dEvents=event)
                    if step % 7 == 0:
                        event.wait()
                event.wait()
                queue.wait()
            except BaseException as error:  # noqa: BLE001 – to be seen in the main thread
                errors.append(error)

        threads = [threading.Thread(target=work, args=(x,)) for x in memories]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == [] and all(values(x) == [50] * 8 for x in memories)


@pytest.mark.parametrize("launch", [
    lambda *arguments: wait_for_flag[2](*arguments),  # for which the driver is asked for a size of groups
    lambda *arguments: metate.Queue().submit(wait_for_flag, arguments, 1),
    lambda *arguments: metate.Queue().submit_async(wait_for_flag, arguments, 1).wait(),
])
def test_a_launch_does_not_wait_for_another_one_of_its_kernel(launch):
    def numbers(*values):
        return np.array(values, np.int32)

    flag, begun, seen = numbers(0), numbers(0), numbers(0)
    wait_for_flag[1](numbers(1), numbers(0), numbers(0), 1)
    thread = threading.Thread(target=lambda: wait_for_flag[1](flag, begun, seen, 1_000_000_000))
    thread.start()
    while not begun[0] and thread.is_alive():
        time.sleep(0.001)
    launch(numbers(1), numbers(0), numbers(0), 1)
    flag[0] = 1
    thread.join()
    assert seen[0] == 1


def test_arguments_of_submit_by_name():
    queue = metate.Queue()
    x = shared(queue)
    first = queue.submit_async(gS=8, kernel=increment, args=[x])
    queue.submit(times_ten, (x,), 8, dEvents=first, lS=4)
    queue.submit(increment, args=(x,), gS=metate.Range(4, offset=4))
    assert values(x) == [10] * 4 + [11] * 4


def test_events_are_objects_like_others():
    queue, x = metate.Queue(), np.zeros(1 << 20)

    class Named(metate.Event):
        def __init__(self, event, name):
            super().__init__(event)
            self.name = name

    launched = queue.submit_async(increment, (x,), x.size)
    named = Named(launched, "first")
    again = metate.Event(event=named)
    metate.Event.wait_for(events=(named, again))
    assert (named.name, x[-1]) == ("first", 1)
    assert named.addressof_ref() != launched.addressof_ref()
    named.__init__(metate.Event(), "none")
    assert (named.execution_status, launched.execution_status) == ("complete", "complete")

    def handler(error):
        assert launched_again

    queue = metate.Queue(async_handler=handler)
    launched_again = queue.submit_async(increment, (x,), x.size)  # event, queue, handler, event
    launched_again.wait()
    gone = weakref.ref(handler)
    del queue, handler, launched_again
    gc.collect()
    assert gone() is None


def test_one_event_from_many_threads():
    queue = metate.Queue()
    x = shared(queue)
    event = queue.submit_async(slow, (x, 300_000), 8)
    failing = queue.submit_async(outside, (x,), 8)
    results = []

    def wait():
        event.wait()
        try:
            failing.wait()
        except IndexError:
            results.append(event.execution_status)

    threads = [threading.Thread(target=wait) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["complete"] * 8


def test_arguments_live_until_the_kernel_is_done():
    queue = metate.Queue()
    y = shared(queue)
    x = shared(queue, range(8))
    address = x._pointer
    queue.submit_async(slow, (y, 300_000), 8)
    first = queue.submit_async(increment, (x,), 8)
    copied = queue.memcpy_async(y, x, 8, dEvents=first)
    del x
    gc.collect()
    others = [metate.MemoryUSMShared(8, queue=queue) for _ in range(4)]
    assert copied.execution_status == "complete" or all(other._pointer != address for other in others)
    copied.wait()
    assert values(y) == list(range(1, 9))


def test_barriers():
    queue = metate.Queue()
    x = shared(queue)
    event = queue.submit_async(slow, (x, 200_000), 8)
    barrier = queue.submit_barrier()
    barrier.wait()
    assert event.execution_status == "complete"
    assert queue.submit_barrier([event, barrier]).wait() is None


@pytest.mark.parametrize("call, error, message", [
    (lambda queue: queue.submit(print, (), 1), TypeError, "a queue runs functions decorated with @kernel"),
    (lambda queue: queue.submit(increment, (1, 2, 3), 1), TypeError, "takes"),
    (lambda queue: queue.submit(increment, 3, 1), TypeError, "not iterable"),
    (lambda queue: queue.submit(increment), TypeError, "submit.*missing required argument 'args'"),
    (lambda queue: queue.submit_async(increment, (), 1, size=3), TypeError, "'size'"),
    (lambda queue: queue.submit(increment, (), 1, None, None, None), TypeError, "submit.*5"),
    (lambda queue: type(queue).submit(increment, (), 1), TypeError, "submit"),
    (lambda queue: queue.submit(increment, [np.zeros(4)], 4, dEvents=[3]), TypeError, "waits for metate.Event objects"),
    (lambda queue: queue.submit(increment, [np.zeros(4)], 4, dEvents=3), TypeError, "waits for metate.Event objects"),
    (lambda queue: queue.submit(increment, [np.zeros(4)], (1, 1, 1, 1)), ValueError, "1 to 3 dimensions"),
    (lambda queue: queue.submit(increment, [np.zeros(4)], 4, 3), ValueError, "not a multiple"),
    (lambda queue: metate.Event.wait_for(3), TypeError, "waits for metate.Event objects"),
    (lambda queue: metate.Event(3), TypeError, r"Event\(\) takes an Event or None, not a int"),
    (lambda queue: metate.Event().profiling_info_end, ValueError, "enable_profiling"),
    (lambda queue: queue.submit(increment, [np.zeros(4)], 4).profiling_info_start, ValueError, "enable_profiling"),
])
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call(metate.Queue())


def test_nothing_to_do():
    queue = metate.Queue()
    x = shared(queue)
    assert queue.submit_async(increment, (x,), 0).execution_status == "complete"
    queue.wait()
    assert values(x) == [0] * 8
