"""Functions of `dpjit` that command devices: they launch kernels, take queues, events and ranges, and make device arrays."""

import pickle

import numpy as np
import pytest

import metate
from metate import NdRange, Range, call_kernel, call_kernel_async, dpjit, errors, kernel, prange
from metate.drop_in_creation import functions
from offloading import launches, same

zeros, ones, full, zeros_like = (functions()[name] for name in ("zeros", "ones", "full", "zeros_like"))


@kernel
def add_to(item, x, amount):
    x[item.get_id(0)] += amount


@kernel
def add_group(item, x):
    x[item.get_global_id(0)] += item.get_group().get_group_id(0)


@dpjit
def launch(x, amount):
    call_kernel(add_to, Range(x.shape[0]), x, amount)


@dpjit
def launch_chain(x):
    _, first = call_kernel_async(add_to, Range(x.shape[0]), (), x, 1)
    _, second = call_kernel_async(add_to, Range(x.shape[0]), (first,), x, 1)
    second.wait()


def test_launches():
    x = metate.zeros(10, dtype="int64")
    launch(x, 3)
    launch_chain(x)
    same(x, np.full(10, 5))


def test_launches_by_a_function_that_is_called():
    @dpjit
    def twice(x):
        metate.call_kernel(add_to, metate.Range(x.shape[0]), x, 1)
        launch(x, 1)

    @dpjit
    def outer(x):
        twice(x)
        return x

    x = metate.zeros(4, dtype="int64")
    assert outer(x) is x
    same(x, np.full(4, 2))


@pytest.mark.parametrize("extents", [(12,), (2, 6), (1, 3, 4)])
def test_ranges_are_given_and_given_back(extents):
    @dpjit
    def whole(launch, x):
        call_kernel(add_group, launch, x)
        return launch

    @dpjit
    def itself(launch):
        return launch

    assert itself(Range(*extents)) == Range(*extents)
    assert itself(NdRange(Range(*extents), Range(*extents))) == NdRange(extents, extents)
    if len(extents) == 1:
        x = metate.zeros(12, dtype="int64")
        assert whole(NdRange((12,), (4,)), x) == NdRange((12,), (4,))
        same(x, np.repeat([0, 1, 2], 4))


def test_queues_and_events():
    queue = metate.Queue()

    @dpjit
    def made(n, queue):
        return zeros(n, dtype="int32", usm_type="shared", sycl_queue=queue)

    @dpjit
    def waited(event):
        event.wait()

    array = made(7, queue)
    assert (array.queue, array.usm_type, array.dtype, array.shape) == (queue, "shared", np.int32, (7,))
    assert waited(queue.submit_barrier()) is None


def test_a_place_that_is_named():
    @dpjit
    def made(n):
        x = full(n, 4.0, device="cpu", usm_type="host")
        return np.sqrt(x)

    x = made(5)
    assert x.usm_type == "host" and x.device.is_cpu
    same(x, np.full(5, 2.0))


def test_arrays_made_in_compiled_functions_lie_on_the_device():
    @dpjit
    def made(n):
        x, y = ones(n), zeros(n)
        for i in prange(n):
            y[i] = x[i] + i
        return y, zeros_like(y)

    before = launches(made)
    y, z = made(100)
    assert launches(made) > before
    assert isinstance(y, metate.DeviceArray) and isinstance(z, metate.DeviceArray)
    assert y.queue is metate.get_current_queue()
    same(y, np.arange(1.0, 101.0))
    queue = metate.Queue()
    with metate.device_context(queue):
        assert made(3)[0].queue is queue
    # What is given NumPy arrays gives such.
    @dpjit
    def like(x):
        return zeros_like(x) + 1

    assert type(like(np.arange(3.0))) is np.ndarray


def test_functions_that_make_no_arrays_stay_as_they_are():
    @dpjit
    def double(x):
        return x * 2

    assert type(double(np.arange(3.0))) is np.ndarray
    assert double.overload_count == 1
    assert isinstance(double(metate.arange(3.0)), metate.DeviceArray)


offset = 10


def test_loops_beside_launches():
    scale = 3

    @dpjit
    def both(x, rounds, *, first=1):
        total = 0
        for k in range(rounds):
            call_kernel(add_to, Range(x.shape[0]), x, first)
            for i in prange(x.shape[0]):
                more = x[i] * scale
                if more > offset:
                    x[i] = more - k
            for i in metate.prange(x.shape[0]):
                total += x[i]
            if k == 0:
                call_kernel(add_to, Range(1), x, total)
        return total

    def expected(x, rounds):
        total = 0
        for k in range(rounds):
            x += 1
            x[:] = np.where(x * scale > offset, x * scale - k, x)
            total += x.sum()
            if k == 0:
                x[0] += total
        return total

    host = np.arange(6)
    x = metate.asarray(host)
    assert both(x, 3) == expected(host, 3)
    same(x, host)
    assert both._lifted is not None


def test_a_loop_and_a_queue():
    @dpjit
    def numbered(n, queue):
        x = zeros(n, dtype="int64", sycl_queue=queue)
        for i in prange(n):
            x[i] = i
        return x

    queue = metate.Queue()
    x = numbered(9, queue)
    assert x.queue is queue
    same(x, np.arange(9))


def test_a_loop_that_cannot_be_taken_out_is_refused_with_its_line():
    @dpjit
    def both(x):
        call_kernel(add_to, Range(3), x, 1)
        for i in prange(3):
            x[i] += sum([k for k in range(3)])

    line = both.py_func.__code__.co_firstlineno + 3
    with pytest.raises(errors.TypingError, match=rf"test_device_programs.py:{line}: both\(\) launches kernels .* line {line + 1}"):
        both(metate.zeros(3))
    names = {"dpjit": dpjit, "prange": prange, "call_kernel": call_kernel, "Range": Range, "add_to": add_to}
    source = "def unread(x):\n    call_kernel(add_to, Range(3), x, 1)\n    for i in prange(3):\n        x[i] += 1\n"
    exec(compile(source, "<a program without a file>", "exec"), names)
    with pytest.raises(errors.TypingError, match="its source cannot be read: put the loop into a dpjit function"):
        dpjit(names["unread"])(metate.zeros(3))


def test_signatures_methods_and_pickle():
    @dpjit("float64(float64)")
    def half(x):
        return x / 2

    class Holder:
        factor = 3

        @dpjit
        def times(self, x):
            call_kernel(add_to, Range(x.shape[0]), x, self.factor)

    assert half(3) == 1.5
    x = metate.zeros(2, dtype="int64")
    Holder().times(x)
    same(x, np.array([3, 3]))
    assert pickle.loads(pickle.dumps(launch)) is launch


def test_the_prange_of_numba():
    marked = type("prange", (), {"__module__": "numba.misc.special", "__new__": lambda cls, *arguments: range(*arguments)})

    @dpjit
    def fill(x):
        for i in marked(x.shape[0]):
            x[i] = i

    x = metate.zeros(5)
    fill(x)
    same(x, np.arange(5.0))
    assert launches(fill) == 1


def test_functions_are_looked_into_once():
    """Here there are 2 ** 40 ways from the last one to the first."""
    source = "def step_0(x):\n    call_kernel(add_to, Range(3), x, 1)\n"
    for i in range(1, 41):
        source += f"def step_{i}(x):\n    step_{i - 1}(x)\n    if len(x) == 4:\n        step_{i - 1}(x)\n"
    names = {"call_kernel": call_kernel, "Range": Range, "add_to": add_to}
    exec(source, names)
    x = metate.zeros(3, dtype="int64")
    dpjit(names["step_40"])(x)
    same(x, np.ones(3, np.int64))
