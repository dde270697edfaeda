"""A driver that fails: each call in turn, through a loader of ours that stands before the real one.

Every failure is a Python exception that names the call, nothing leaks, and what comes next works again.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import metate
import pytest

LOADER = Path(metate.__file__).parents[3] / "tests" / "level_zero" / "failing"

PROGRAM = """
import ctypes, gc, json, sys
import metate, numpy as np
from metate import programs

loader = ctypes.CDLL("libze_loader.so.1")
loader.metate_test_name.restype = ctypes.c_char_p
loader.metate_test_calls.restype = ctypes.c_long
loader.metate_test_name.argtypes = [ctypes.c_size_t]
hidden = []
sys.unraisablehook = lambda unraisable: hidden.append(unraisable.exc_value)


zeros = np.zeros(20_000, np.uint8)  # a variable of the module


def increment(a):
    i = metate.get_global_id(0)
    a[i] += 1 + zeros[i]


known = metate.kernel(increment)
words, entry, _ = known._dispatcher.module(1, "", (np.zeros(4),), 2)


def scenario(fresh):
    # Calls everything at least once; what makes modules only with a fresh kernel, which takes time to compile.
    kernel = metate.kernel(increment) if fresh else known
    queue = metate.Queue(property="enable_profiling")
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
    if fresh:
        assert programs.create_kernel_bundle_from_spirv(queue, words).has_sycl_kernel(entry)


def failure_of_scenario(fresh=False):
    try:
        scenario(fresh)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def all_names():
    number = 0
    while name := loader.metate_test_name(number):
        yield name
        number += 1


device = metate.select_default_device()
device.memory_pool_limit = 0
assert failure_of_scenario() is None
gc.collect()
before = device.live_allocations
report = {}
for name in all_names():
    fresh = name.startswith((b"zeModule", b"zeKernelCreate", b"zeKernelGet", b"zeKernelDestroy"))
    calls = loader.metate_test_calls(name)
    assert failure_of_scenario(fresh) is None
    calls = loader.metate_test_calls(name) - calls
    for skipped in sorted({*range(min(calls, 4)), calls - 1} - {-1}):
        hidden.clear()
        before_it = loader.metate_test_calls(name)
        assert loader.metate_test_fail(name, skipped, 0x70000001)
        failure = failure_of_scenario(fresh)
        gc.collect()
        failed = loader.metate_test_calls(name) - before_it > skipped
        loader.metate_test_fail(name, -1, 0)
        if failure is None and hidden:
            failure = f"hidden {hidden[0]}"
        again = failure_of_scenario()
        gc.collect()
        # How often a program has to ask whether a command is done is a matter of time: it may be less often than before.
        if failed or skipped == 0:
            report[f"{name.decode()} {skipped}"] = failure, again, device.live_allocations - before
print(json.dumps(report))
"""

#: What releases things, and what asks for the notes of a build: nobody could act on their failure.
SILENT = {"zeMemFree", "zeModuleDestroy", "zeKernelDestroy", "zeCommandListDestroy", "zeEventHostReset", "zeEventDestroy",
          "zeEventPoolDestroy", "zeModuleBuildLogGetString", "zeModuleBuildLogDestroy", "zeContextDestroy"}


def real_loader():
    """The path of the loader that Metate finds by itself."""
    program = "import metate; metate.get_devices(); print(open('/proc/self/maps').read())"
    maps = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return next((line.split()[-1] for line in maps.splitlines() if "libze_loader" in line), None)


@pytest.fixture(scope="module")
def environment():
    loader = real_loader()
    if not (LOADER / "libze_loader.so.1").exists() or loader is None:
        pytest.skip("needs the build tree and a Level Zero loader")
    path = os.pathsep.join(filter(None, (str(LOADER), os.environ.get("LD_LIBRARY_PATH"))))
    return {**os.environ, "LD_LIBRARY_PATH": path, "METATE_TEST_LOADER": loader}


def test_every_call(environment):
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, timeout=600)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {"zeMemAllocShared 0", "zeModuleGetKernelNames 1", "zeCommandListAppendLaunchKernel 2", "zeEventHostSynchronize 0"} <= report.keys()
    for call, (failure, again, leaked) in report.items():
        name = call.split()[0]
        if name in SILENT:
            assert failure is None, call
        else:
            assert failure is not None and f"{name} failed: ZE_RESULT_ERROR_DEVICE_LOST" in failure, (call, failure)
        assert (again, leaked) == (None, 0), call


BINARIES = """
import ctypes
import metate, numpy as np
metate.get_devices()
loader = ctypes.CDLL("libze_loader.so.1")
loader.metate_test_calls.restype = ctypes.c_long
assert loader.metate_test_fail(FAILING, 0, 0x78000011)

@metate.kernel
def increment(a):
    a[metate.get_global_id(0)] += 1

host = np.zeros(4)
increment[4](host)
print(host.tolist(), *[loader.metate_test_calls(name) for name in (b"zeModuleCreate", b"zeModuleGetNativeBinary")])
"""


def test_a_binary_that_the_driver_refuses_is_built_again(environment, tmp_path):
    """As after an update of a driver that does not tell its versions apart. One that it does not give is done without."""
    environment = {**environment, "METATE_CACHE": "1", "METATE_CACHE_DIR": str(tmp_path / "cache")}

    def run(failing):
        done = subprocess.run([sys.executable, "-c", BINARIES.replace("FAILING", repr(failing))], capture_output=True, text=True,
                              env=environment)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    right = "[1.0, 1.0, 1.0, 1.0]"
    assert run(b"zeModuleGetNativeBinary") == f"{right} 1 1\n"
    assert run(b"zeMemAllocHost") == f"{right} 1 2\n"  # built, and asked for its size and its bytes
    assert run(b"zeMemAllocHost") == f"{right} 1 0\n"  # found
    assert run(b"zeModuleCreate") == f"{right} 2 2\n"  # refused, built and kept
    assert run(b"zeMemAllocHost") == f"{right} 1 0\n"


@pytest.mark.parametrize("name", ["zeInit", "zeDriverGet", "zeDeviceGet", "zeDeviceGetProperties", "zeContextCreate",
                                  "zeDeviceGetMemoryAccessProperties"])
def test_a_driver_that_cannot_be_used_is_left_out(environment, name):
    program = ("import ctypes\n"
               "loader = ctypes.CDLL('libze_loader.so.1')\n"
               f"loader.metate_test_fail({name.encode()!r}, 0, 0x70000001)\n"
               "import metate, numpy as np\n"
               "x = np.zeros(4)\n"
               "@metate.kernel\n"
               "def fill(x):\n"
               "    x[metate.get_global_id(0)] = 1\n"
               "fill[4](x)\n"
               "print(x.sum(), metate._metate.device_notes())\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, timeout=300)
    assert done.stdout.startswith("4.0 ") and f"{name} failed: ZE_RESULT_ERROR_DEVICE_LOST" in done.stdout, done.stderr
