"""test_drop_in – programs written for numba-dpex and dpctl run unchanged, in a process of their own."""

import subprocess
import sys

import pytest

INSTALL = "import metate\nmetate.install_as_numba_dpex()\n"

OLD = """
import dpctl
import numba_dppy as dppy
import numpy as np

@dppy.func
def twice(x):
    return x + x

@dppy.kernel
def add(a, b, c):
    i = dppy.get_global_id(0)
    shared = dppy.local.array(shape=4, dtype=np.float32)
    shared[dppy.get_local_id(0)] = twice(a[i])
    dppy.barrier(dppy.CLK_LOCAL_MEM_FENCE)
    c[i] = shared[dppy.get_local_id(0)] + b[i]

a = np.arange(8, dtype=np.float32)
b = np.ones_like(a)
c = np.empty_like(a)
device = dpctl.select_default_device()
with dpctl.device_context(device):
    add[8, 4](a, b, c)
print(c.tolist(), dpctl.has_cpu_devices(), dpctl.SyclDevice is type(device))
"""

NEW = """
import numba_dpex as dpex
from numba_dpex import kernel_api as kapi
import numba_dpex.kernel_api
import numpy as np

@dpex.device_func
def index_of(item):
    return item.get_global_id(0)

@dpex.kernel
def sums(item: kapi.NdItem, a, out, slm):
    slm[item.get_local_id(0)] = a[index_of(item)]
    kapi.group_barrier(item.get_group())
    if item.get_group().leader:
        for k in range(item.get_local_range(0)):
            kapi.AtomicRef(out, index=0).fetch_add(slm[k])

out = np.zeros(1)
dpex.call_kernel(sums, dpex.NdRange(dpex.Range(8), dpex.Range(4)), np.arange(8.0), out, kapi.LocalAccessor(4, np.float64))
print(out.tolist())
"""

QUEUES = """
import dpctl
import dpctl.memory as dpmem
import numba_dpex as dpex
import numpy as np
from numba_dpex.core.exceptions import ExecutionQueueInferenceError

@dpex.kernel
def scale(item, x, factor):
    x[item.get_id(0)] *= factor

queue = dpctl.SyclQueue(dpctl.select_default_device(), property=["in_order", "enable_profiling"])
memory = dpmem.MemoryUSMShared(8, queue=queue)
np.frombuffer(memory, np.uint8)[:] = range(8)
host_event, device_event = dpex.call_kernel_async(scale, dpex.Range(8), (), memory, np.uint8(2))
queue.submit_async(scale, [memory, np.uint8(3)], [8], dEvents=[device_event]).wait()
timer = dpctl.SyclTimer()
with timer(queue):
    dpex.call_kernel(scale, dpex.Range(8), memory, np.uint8(1))
other = dpmem.MemoryUSMDevice(8, queue=dpctl.SyclQueue(queue.sycl_context, queue.sycl_device))
other.copy_from_device(memory)
with dpctl.device_context(queue) as current:
    same = dpctl.get_current_queue() is current is queue and dpctl.get_num_activated_queues() == 1
print(other.copy_to_host().tolist(), host_event.execution_status == dpctl.event_status_type.complete,
      same, timer.dt.device_dt >= 0, isinstance(device_event, dpctl.SyclEvent), dpctl.get_platforms()[0].backend)
"""


def run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("program, output", [
    (OLD, "[1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0] True True"), (NEW, "[28.0]"),
    (QUEUES, "[0, 6, 12, 18, 24, 30, 36, 42] True True True True level_zero"),
])
def test_programs(program, output):
    done = run(INSTALL + program)
    assert done.stdout.strip() == output, done.stderr[-2000:]


def test_what_is_not_offered_is_named():
    for name in ("dpctl.WorkGroupMemory", "dpctl.memory.MemoryIPCDevice", "numba_dpex.config"):
        done = run(INSTALL + f"import {name.rpartition('.')[0]}\n{name}")
        assert f"{name} is not offered by Metate" in done.stderr


def test_a_package_that_is_there_already():
    done = run("import sys, types, importlib.machinery\n"
               "dpctl = types.ModuleType('dpctl')\n"
               "dpctl.__spec__ = importlib.machinery.ModuleSpec('dpctl', None)\n"
               "sys.modules['dpctl'] = dpctl\n" + INSTALL)
    assert "ImportError: dpctl was imported before" in done.stderr
