"""A driver that fails: each call in turn, through a loader of ours that stands before the real one.

Every failure is a Python exception that names the call, nothing leaks, and what comes next works again.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[3] / "runtime" / "level_zero" / "functions.def"

#: What each program begins with: the loader, and which functions have failed.
BEGIN = """
import ctypes, gc, json, sys
loader = ctypes.CDLL("libze_loader.so.1")
loader.metate_test_name.restype = ctypes.c_char_p
loader.metate_test_name.argtypes = [ctypes.c_size_t]
loader.metate_test_calls.restype = loader.metate_test_failures.restype = ctypes.c_long


def all_names():
    number = 0
    while name := loader.metate_test_name(number):
        yield name
        number += 1


def failed_functions():
    return [name.decode() for name in all_names() if loader.metate_test_failures(name) > 0]
"""

SCENARIO = BEGIN + """
import metate, numpy as np
from metate import programs

hidden, kept = [], []
sys.unraisablehook = lambda unraisable: hidden.append(unraisable.exc_value)
CAUSES = json.loads(sys.argv[1])


zeros = np.zeros(20_000, np.uint8)  # a variable of the module


def increment(a):
    i = metate.get_global_id(0)
    a[i] += 1 + zeros[i]


known = metate.kernel(increment)
words, entry, _ = known._dispatcher.module(1, "", (np.zeros(4),), 2)


def scenario(fresh):
    # Calls everything at least once; what makes modules only with a fresh kernel, which takes time to compile, and what
    # makes events, of which a device has many in advance, only where fresh ones are needed.
    kernel = metate.kernel(increment) if fresh == "kernel" else known
    queue = metate.Queue(property="enable_profiling")
    if fresh == "events":
        kept.extend(queue.submit_barrier() for _ in range(65))
    x, y, z = (cls(64, queue=queue) for cls in (metate.MemoryUSMShared, metate.MemoryUSMHost, metate.MemoryUSMDevice))
    queue.fill(x, b"ab", 32)
    queue.memset(y, 0)
    queue.memcpy(z, x, 64)
    queue.prefetch(x, 64)
    queue.mem_advise(x, 64, 0)
    queue.submit(kernel, (x,), 64)
    queue.submit(kernel, (y,), metate.Range(32, offset=32))
    first = queue.submit_async(kernel, (x,), 64)
    second = queue.submit_async(kernel, (x,), 64, dEvents=first)
    second.wait()
    assert second.profiling_info_end >= first.profiling_info_start >= first.profiling_info_submit
    queue.submit_barrier().wait()
    queue.wait()
    host = np.zeros(4)
    kernel[4](host)
    assert host.tolist() == [1] * 4 and x.tobytes() == b"de" * 32
    if fresh == "kernel":
        assert programs.create_kernel_bundle_from_spirv(queue, words).has_sycl_kernel(entry)


def failure_of_scenario(fresh=""):
    try:
        scenario(fresh)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def fresh_for(name):
    if name.startswith((b"zeModule", b"zeKernelCreate", b"zeKernelGet", b"zeKernelDestroy")):
        return "kernel"
    return "events" if name.startswith((b"zeEventPool", b"zeEventCreate", b"zeEventDestroy")) else ""


device = metate.select_default_device()
device.memory_pool_limit = 0
assert failure_of_scenario() is None
gc.collect()
before = device.live_allocations
report = {}
for name in all_names():
    fresh, cause = fresh_for(name), CAUSES.get(name.decode())
    calls = loader.metate_test_calls(name)
    assert failure_of_scenario(fresh) is None
    calls = loader.metate_test_calls(name) - calls
    for skipped in [0] if cause else sorted({*range(min(calls, 4)), calls - 1} - {-1}):
        hidden.clear()
        before_it = loader.metate_test_failures(name)
        assert loader.metate_test_fail(name, skipped, 0x70000001)
        assert not cause or loader.metate_test_fail(cause.encode(), 2, 0x70000001)
        failure = failure_of_scenario(fresh)
        gc.collect()
        failed = loader.metate_test_failures(name) > before_it
        for each in filter(None, (name, cause and cause.encode())):
            loader.metate_test_fail(each, -1, 0)
        if failure is None and hidden:
            failure = f"hidden {hidden[0]}"
        again = failure_of_scenario()
        gc.collect()
        # How often a program has to ask whether a command is done is a matter of time: it may be less often than before.
        if failed or skipped == 0:
            report[f"{name.decode()} {skipped}"] = failure, again, device.live_allocations - before
print(json.dumps([report, failed_functions()]))
"""

#: What releases things, and what asks for the notes of a build: nobody could act on their failure.
SILENT = {"zeMemFree", "zeModuleDestroy", "zeKernelDestroy", "zeCommandListDestroy", "zeEventHostReset",
          "zeModuleBuildLogGetString", "zeModuleBuildLogDestroy"}

#: What is released only where something else has failed: the third of the events of a new pool.
CAUSES = {"zeEventDestroy": "zeEventCreate", "zeEventPoolDestroy": "zeEventCreate"}


def run(environment, program, *arguments):
    """What the program prints at last, as JSON."""
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, env=environment,
                          timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def scenario(environment):
    """By call what became of it, and the functions that have failed."""
    return run(environment, SCENARIO, json.dumps(CAUSES))


def test_every_call(scenario):
    for call, (failure, again, leaked) in scenario[0].items():
        name = call.split()[0]
        if name in SILENT:
            assert failure is None, call
        else:
            failed = f"{CAUSES.get(name, name)} failed: ZE_RESULT_ERROR_DEVICE_LOST"
            assert failure is not None and failed in failure, (call, failure)
        assert (again, leaked) == (None, 0), call


BINARIES = BEGIN + """
import metate, numpy as np
metate.get_devices()
assert loader.metate_test_fail(sys.argv[1].encode(), 0, 0x78000011)

@metate.kernel
def increment(a):
    a[metate.get_global_id(0)] += 1

host = np.zeros(4)
increment[4](host)
calls = [loader.metate_test_calls(name) for name in (b"zeModuleCreate", b"zeModuleGetNativeBinary")]
print(json.dumps([host.tolist(), calls, failed_functions()]))
"""


@pytest.fixture(scope="module")
def binaries(environment, tmp_path_factory):
    """Programs in turn with one cache of code: which function fails first, and what became of it."""
    environment = {**environment, "METATE_CACHE": "1", "METATE_CACHE_DIR": str(tmp_path_factory.mktemp("binaries"))}
    failing = ["zeModuleGetNativeBinary", "zeMemAllocHost", "zeMemAllocHost", "zeModuleCreate", "zeMemAllocHost"]
    return [(name, *run(environment, BINARIES, name)) for name in failing]


def test_a_binary_that_the_driver_refuses_is_built_again(binaries):
    """As after an update of a driver that does not tell its versions apart. One that it does not give is done without."""
    assert all(host == [1] * 4 for _, host, *_ in binaries)
    assert [(name, *calls) for name, _, calls, _ in binaries] == [
        ("zeModuleGetNativeBinary", 1, 1),
        ("zeMemAllocHost", 1, 2),  # built, and asked for its size and its bytes
        ("zeMemAllocHost", 1, 0),  # found
        ("zeModuleCreate", 2, 2),  # refused, built and kept
        ("zeMemAllocHost", 1, 0),
    ]


#: What is called when devices are looked for. Without it there is no device of the driver, …
OPENING = [
    "zeInit", "zeDriverGet", "zeDriverGetProperties", "zeDriverGetApiVersion", "zeDeviceGet", "zeDeviceGetSubDevices",
    "zeDeviceGetProperties", "zeDeviceGetComputeProperties", "zeDeviceGetModuleProperties", "zeDeviceGetMemoryProperties",
    "zeDeviceGetMemoryAccessProperties", "zeDeviceGetCacheProperties", "zeContextCreate",
]
#: … but for what is done without: the driver's messages, and releasing the context of a driver that is left out.
OPENING_SILENT = {"zeDriverGetExtensionFunctionAddress": None, "zeContextDestroy": "zeDeviceGetProperties"}

OPEN = BEGIN + """
for name in sys.argv[1:]:
    assert loader.metate_test_fail(name.encode(), 0, 0x70000001)
import metate, numpy as np
x = np.zeros(4)

@metate.kernel
def fill(x):
    x[metate.get_global_id(0)] = 1

fill[4](x)
print(json.dumps([x.tolist(), metate._metate.device_notes(), failed_functions()]))
"""


@pytest.fixture(scope="module")
def openings(environment):
    """By function that fails, what became of it."""
    failing = {**dict.fromkeys(OPENING), **OPENING_SILENT}
    return {name: run(environment, OPEN, *filter(None, (name, cause))) for name, cause in failing.items()}


@pytest.mark.parametrize("name", OPENING)
def test_a_driver_that_cannot_be_used_is_left_out(openings, name):
    numbers, notes, failed = openings[name]
    assert numbers == [1] * 4 and failed == [name]
    assert f"{name} failed: ZE_RESULT_ERROR_DEVICE_LOST" in str(notes)


@pytest.mark.parametrize("name, cause", OPENING_SILENT.items())
def test_what_a_driver_is_done_without(openings, name, cause):
    numbers, notes, failed = openings[name]
    assert numbers == [1] * 4 and set(failed) == {name, cause} - {None}
    assert name not in str(notes) and (cause or "") in str(notes)


def test_every_function_has_failed(scenario, binaries, openings):
    """One that is added to the table, or that a scenario no longer reaches, is missed here."""
    functions = set(re.findall(r"^ZE_FUNCTION\((\w+)\)", FUNCTIONS.read_text(), re.MULTILINE))
    failed = {name for *_, names in [scenario, *binaries, *openings.values()] for name in names}
    assert len(functions) > 40 and failed == functions


LOST = BEGIN + """
import metate, numpy as np

@metate.kernel
def increment(a):
    a[metate.get_global_id(0)] += 1

@metate.kernel
def turn(a, times):  # long enough not to be done before the device is lost
    i = metate.get_global_id(0)
    for k in range(times):
        a[i] = 3 * a[i] ^ (k & 1)

device = metate.select_default_device()
device.memory_pool_limit = 0
host = np.zeros(4)
increment[4](host)
turn[4](host.astype(np.uint8), 1)
gc.collect()
before = device.live_allocations
queue = metate.Queue(property="enable_profiling")
x, y = metate.MemoryUSMShared(64, queue=queue), metate.MemoryUSMDevice(64, queue=queue)
queue.submit(turn, (x, 1), 64)
event = queue.submit_async(turn, (x, 2_000_000), 64)

loader.metate_test_lose(0x70000001)
uses = {
    "allocate": lambda: metate.MemoryUSMShared(64, queue=queue), "copy": lambda: queue.memcpy(y, x, 64),
    "fill": lambda: queue.memset(x, 0), "launch": lambda: queue.submit(increment, (x,), 64),
    "launch later": lambda: queue.submit_async(increment, (x,), 64), "wait for an event": event.wait,
    "time": lambda: event.profiling_info_end, "make a queue": lambda: metate.Queue().wait(),
    "launch over an array": lambda: increment[4](host), "compile": lambda: metate.kernel(lambda a: None)[4](host),
    "make an array": lambda: metate.asarray(host) + 1, "prange": lambda: metate.asnumpy(metate.zeros(4)),
}


def said(use):
    try:
        return f"gave {use()}"
    except Exception as error:
        return str(error)


report = {"wait for a queue": said(queue.wait)}  # which says once what nobody knows yet
for number in range(2):
    report.update({f"{name} {number}": said(use) for name, use in uses.items()})
numbers = host.tolist()
if sys.argv[1:] == ["end"]:  # with all of it alive
    print(json.dumps([report, numbers, 0, None]), flush=True)
    sys.exit()
del queue, x, y, event, uses
gc.collect()
leaked = device.live_allocations - before
loader.metate_test_lose(0)
increment[4](host)
print(json.dumps([report, numbers, leaked, host.tolist()]))
"""


@pytest.mark.parametrize("end", [(), ("end",)])
def test_a_device_that_stays_lost(environment, end):
    """Each use says so, again and again; nothing hangs, what was made can be released, and the process ends as usual."""
    report, numbers, leaked, again = run(environment, LOST, *end)
    silent = {use: said for use, said in report.items() if "ZE_RESULT_ERROR_DEVICE_LOST" not in said}
    assert len(report) == 25 and silent == {}
    assert numbers == [1] * 4 and leaked == 0 and again == (None if end else [2] * 4)


STORAGE = BEGIN + """
import metate, traceback, numpy as np

@metate.njit
def successor(a):
    return a + 1

metate.select_default_device().memory_pool_limit = 0
a = metate.ones(1000)
assert successor(a).sum() == 2000
report = []
for fail in (lambda: loader.metate_test_fail(b"zeMemAllocShared", 0, 0x70000001), lambda: loader.metate_test_lose(0x70000003)):
    fail()
    try:
        successor(a)
    except Exception as error:
        report.append([type(error).__name__, str(error), traceback.extract_tb(error.__traceback__)[-1].name])
    loader.metate_test_lose(0)
assert successor(a).sum() == 2000
print(json.dumps(report))
"""


def test_functions_that_get_no_memory_for_an_array(environment):
    """Memory that the device does not give for what an offloaded function makes: the error says why."""
    reasons = ["zeMemAllocShared failed: ZE_RESULT_ERROR_DEVICE_LOST", "zeMemAllocShared failed: ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY"]
    for (error, message, function), reason in zip(run(environment, STORAGE), reasons, strict=True):
        assert (error, function) == ("MemoryError", "successor") and message.startswith(f"unable to allocate 8000 bytes for an array: {reason}")
