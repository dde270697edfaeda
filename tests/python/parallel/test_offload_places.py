"""Where the parallel nests of `njit(parallel=True)` run: which queue, which memory, and what stays on the host."""

import collections
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import metate
from metate import njit, prange
from offloading import diagnostics, launches, same


@njit(parallel=True)
def scale(x, factor, y):
    for i in prange(x.shape[0]):
        y[i] = x[i] * factor + 1


@njit(parallel=True)
def expression(x, y):
    return np.sqrt(x * x + y) - 2 * x


@njit(parallel=True)
def total(x):
    return x.sum()


# Which queue.

def test_two_queues_are_refused_by_name():
    one, other = metate.Queue(), metate.Queue(property="in_order")
    with pytest.raises(metate.errors.ExecutionQueueInferenceError) as error:
        scale(metate.zeros(3, queue=one), 2, metate.zeros(3, queue=other))
    for part in "a parallel function runs on the queue", "'x'", "'y'", repr(one), repr(other):
        assert part in str(error.value)
    with pytest.raises(TypeError, match="argument 'y' is a NumPy array and 'x' lies in device memory"):
        scale(metate.zeros(3), 2, np.zeros(3))


def test_earlier_commands_are_waited_for():
    @metate.kernel
    def fill(x, value):
        x[metate.get_global_id(0)] = value

    @njit(parallel=True)
    def first(x):
        return x[0]

    queue = metate.Queue()
    x = metate.zeros(1000, queue=queue, usm_type="shared")
    queue.submit_async(fill, (x, 5.0), 1000)
    assert first(x) == 5
    queue.submit_async(fill, (x, 6.0), 1000)
    assert total(x) == 6000


def test_arguments_that_lie_nowhere():
    with pytest.raises(TypeError, match="compiled code cannot take a"):
        scale({}, 1, {})


# NumPy arrays under a device_context.

def test_a_device_context():
    x = np.arange(1000.0)
    y = np.zeros(1000)
    before = launches(scale)
    other = metate.Queue()
    with metate.device_context(metate.select_default_device()):
        scale(x, 3, y)
        made = expression(x, y)
        assert total(x) == x.sum()
        with pytest.warns(metate.errors.MetateWarning, match="the device_context of"):
            scale(metate.zeros(3, queue=other), 3, metate.zeros(3, queue=other))
    np.testing.assert_array_equal(y, x * 3 + 1)
    assert type(made) is np.ndarray
    np.testing.assert_allclose(made, np.sqrt(x * x + y) - 2 * x, atol=1e-9)
    assert launches(scale) == before + 2
    scale(x, 4, y)
    assert launches(scale) == before + 2


def test_arrays_in_tuples():
    @njit(parallel=True)
    def add(pair, out):
        x, y = pair
        for i in prange(out.shape[0]):
            out[i] = x[i] + y[i]

    x, y, out = np.arange(5.0), np.ones(5), np.zeros(5)
    with metate.device_context(metate.select_default_device()):
        add((x, y), out)
    np.testing.assert_array_equal(out, x + 1)
    on_device = metate.zeros(5)
    add((metate.asarray(x), metate.asarray(y)), on_device)
    same(on_device, x + 1)
    assert launches(add) == 2
    with pytest.raises(TypeError, match="argument 'pair' is a NumPy array and 'out' lies in device memory"):
        add((x, y), on_device)
    other = metate.zeros(5, queue=metate.Queue())
    with pytest.raises(metate.errors.ExecutionQueueInferenceError, match="'pair' has .* 'out' has"):
        add((other, other), on_device)


Pair = collections.namedtuple("Pair", "first second")


def test_a_tuple_brings_its_queue_and_comes_back():
    @njit(parallel=True)
    def swap(pair):
        return Pair(pair.second, pair.first[1:]), pair, [pair.first + pair.second]

    queue = metate.Queue()
    x, y = (metate.asarray(np.arange(5.0), queue=queue, usm_type=kind) for kind in ("host", "shared"))
    swapped, given, (added,) = swap(Pair(x, y))
    assert type(swapped) is type(given) is Pair
    assert swapped.first is y and swapped.second.usm_data is x.usm_data and given.first is x and given.second is y
    same(swapped.second, np.arange(1, 5.0))
    same(added, np.arange(5.0) * 2)
    assert added.usm_type == "shared" and added.queue is queue


def test_a_loop_over_the_arrays_of_a_tuple():
    @njit(parallel=True)
    def choose(nested, which, out):
        rows, (factor, _) = nested
        for i in prange(out.shape[0]):
            out[i] = rows[which][i] * factor + nested[1][1][i]

    rows = np.arange(20.0).reshape(2, 10)
    out = metate.zeros(5)
    x, y, z = metate.asarray(rows[0])[::2], metate.asarray(rows[1])[::2], metate.ones(5, dtype="int8")
    choose(((x, y), (3, z)), 1, out)
    same(out, rows[1][::2] * 3 + 1)
    with pytest.raises(IndexError):
        choose(((x, y), (3, z)), 2, out)


def test_an_element_of_a_tuple_on_the_host_is_refused():
    @njit(parallel=True)
    def first(pair):
        return pair[1][0]

    with pytest.raises(metate.errors.TypingError, match="MT5005: argument 'pair' lies in device memory"):
        first((1, metate.ones(3)))
    assert first((1, metate.ones(3, usm_type="shared"))) == 1


_COPIES = """
import numpy as np
import metate
from metate import njit, prange

@njit(parallel=True)
def work(x, y, z):
    for i in prange(x.shape[0]):
        y[i] = x[i] * 2
    z[0] = y[3] + 1
    return y, x[2:], (x + y, z)

x, y, z = np.arange(10.0), np.zeros(20)[::2], np.zeros(3)
with metate.device_context(metate.select_default_device()):
    same, view, (made, last) = work(x, y, z)
np.testing.assert_array_equal(y, x * 2)
assert z.tolist() == [7, 0, 0]
assert same is y and last is z
np.testing.assert_array_equal(view, x[2:])
assert view.base is x
np.testing.assert_array_equal(made, x * 3)

@njit(parallel=True)
def add_pair(pair):
    pair[1][:] += pair[0]
    return pair

with metate.device_context(metate.select_default_device()):
    first, second = add_pair((x, y))
np.testing.assert_array_equal(y, x * 3)
np.testing.assert_array_equal(second, y)
assert np.shares_memory(first, x) and np.shares_memory(second, y)
assert sum(sum(launches.values()) for *_, nests in work._nests() for *_, launches, _, _ in nests if launches) == 2

table = np.arange(5.0)

@njit(parallel=True)
def look_up(x):
    part = table[1:]
    for i in prange(x.shape[0]):
        x[i] = part[i % 4]

x = np.zeros(8)
with metate.device_context(metate.select_default_device()):
    try:
        look_up(x)
    except TypeError as error:
        assert "global array" in str(error) and SYSTEM == "0"
    else:
        assert x.tolist() == [1, 2, 3, 4] * 2 and SYSTEM == "1"
"""


@pytest.mark.parametrize("system_memory", ["1", "0"], ids=["in place", "copies"])
def test_a_device_that_does_not_reach_the_host(system_memory):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "METATE_ZE_SYSTEM_MEMORY": system_memory}
    program = f"SYSTEM = {system_memory!r}\n" + textwrap.dedent(_COPIES)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr


# What devices cannot run.

@njit(parallel=True)
def with_temporary(x, y):
    for i in prange(x.shape[0]):
        part = np.zeros(3)
        part[i % 3] = x[i]
        y[i] = part.sum()


@pytest.mark.parametrize("usm_type", ["shared", "host"])
def test_the_host_does_what_devices_cannot(usm_type):
    x = metate.arange(10.0, usm_type=usm_type)
    y = metate.zeros(10, usm_type=usm_type)
    with_temporary(x, y)
    same(y, np.arange(10.0))
    assert launches(with_temporary) == 0
    line = with_temporary.py_func.__code__.co_firstlineno + 2
    assert f"line {line}, prange loop: on threads, since a device cannot run a new array (line {line + 1})" in \
        diagnostics(with_temporary)


def test_what_the_host_does_not_reach_is_refused():
    line = with_temporary.py_func.__code__.co_firstlineno
    with pytest.raises(metate.errors.TypingError) as error:
        with_temporary(metate.zeros(10), metate.zeros(10, usm_type="shared"))
    text = str(error.value)
    assert "MT5005: argument 'x' lies in device memory" in text and "a device cannot run a new array" in text
    assert f"test_offload_places.py:{line + 4}" in text

    @njit(parallel=True)
    def sequential(x):
        return x[0] + x[1]

    with pytest.raises(metate.errors.TypingError, match="only prange loops and array expressions run on a device"):
        sequential(metate.ones(3))
    assert sequential(metate.ones(3, usm_type="shared")) == 2

    @njit
    def last(x):
        number = 0.0
        for i in range(x.size):
            number = x[i]
        return number

    @njit(parallel=True)
    def through_a_call(x):
        return last(x)

    with pytest.raises(metate.errors.TypingError, match="only array expressions of a function without parallel=True"):
        through_a_call(metate.ones(3))


def test_print_and_c_functions_stay_on_the_host():
    @njit(parallel=True)
    def loud(x):
        for i in prange(x.shape[0]):
            if x[i] > 100:
                print(x[i])
            x[i] = 1

    x = metate.zeros(5, usm_type="shared")
    loud(x)
    same(x, np.ones(5))
    assert "a device cannot run print()" in diagnostics(loud)


# Diagnostics and the names of numba-dpex.

def testdiagnostics():
    @njit(parallel=True)
    def two(x, y):
        for i in prange(x.shape[0]):
            y[i] = x[i]
        return x + y

    line = two.py_func.__code__.co_firstlineno
    apart = f"; not fused: only array expressions fuse; this loop can do what line {line + 4} does, if that needs nothing of other iterations"
    two(np.zeros(3), np.zeros(3))
    device = metate.select_default_device().name
    assert diagnostics(two).splitlines() == [
        "two(float64[::1], float64[::1]) on the CPU",
        f"  line {line + 2}, prange loop: on threads{apart}",
        f"  line {line + 4}, array expression: on threads",
    ]
    x = metate.zeros(3)
    two(x, x)
    two(x, x)
    assert diagnostics(two).splitlines()[3:] == [
        "two(float64[::1], float64[::1]) in calls that belong to a device",
        f"  line {line + 2}, prange loop: on {device}: 2 launches{apart}",
        f"  line {line + 4}, array expression: on {device}: 2 launches",
    ]
    assert diagnostics(two, signature="void(int64)") == ""


def test_dpjit():
    program = """
    import metate
    metate.install_as_numba_dpex()
    import dpnp
    from numba_dpex import dpjit, prange

    @dpjit
    def f(x, y):
        for i in prange(x.size):
            y[i] = x[i] + 1
        return dpnp.sqrt(y)

    x, y = dpnp.arange(4.0), dpnp.zeros(4)
    z = f(x, y)
    assert isinstance(z, dpnp.ndarray)
    print(dpnp.asnumpy(y), dpnp.asnumpy(z * z))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.stdout.split() == ["[1.", "2.", "3.", "4.]", "[1.", "2.", "3.", "4.]"], done.stderr
