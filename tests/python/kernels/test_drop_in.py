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
    dppy.mem_fence(dppy.CLK_GLOBAL_MEM_FENCE | dppy.CLK_LOCAL_MEM_FENCE)
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

ARRAYS = """
import dpctl.tensor as dpt
import dpnp
import numba_dpex as dpex
import numpy as np
from numba_dpex import USMNdArray, float32, int64, usm_ndarray
from numba_dpex.core.exceptions import KernelHasReturnValueError, MissingSpecializationError
from numba_dpex.core.kernel_interface.utils import NdRange, Range
import numba_dpex.experimental as exp

@exp.kernel([(usm_ndarray(int64, 1, "C", usm_type="device", device="0"),), (USMNdArray(1, "A", dtype=float32),)])
def increment(a):
    i = dpex.get_global_id(0)
    a[i] += 1

@dpex.kernel
def wrong(a):
    return a[0]

a = dpt.usm_ndarray((2, 2), dtype=np.float32, buffer="shared")
a.usm_data.copy_from_host(np.arange(4, dtype=np.float32).view("u1"))
part = dpt.usm_ndarray((2,), np.float32, buffer=a, strides=(2,), offset=1)
increment[NdRange(Range(2), Range(1))](part)
print(a.asnumpy().tolist(), isinstance(part, dpt.usm_ndarray), dpnp.get_usm_ndarray(a) is a)
try:
    increment[4](dpt.zeros(sh=4, dtype="int8"))
except MissingSpecializationError as error:
    print("missing")
try:
    wrong[1](a)
except KernelHasReturnValueError as error:
    print("MT5001" in str(error))
dpnp.random.seed(3)
x = dpnp.random.uniform(2.0, 3.0, 100)
@dpex.vectorize([dpex.float64(dpex.float64, dpex.float64)], target="dpex")
def total(a, b):
    return a + b

y = total(x, x)
assert y.sycl_queue is x.sycl_queue and float(y[3]) == 2 * float(x[3]) and total(1.0, 2.0) == 3.0
print(2.0 <= float(x.min()) <= float(x.max()) <= 3.0, x.sycl_device.is_cpu, dpnp.random.normal(size=(2, 3)).shape)
"""

ORDER = """
import dpctl
import dpctl.memory as dpmem
import numpy as np
from dpctl.utils import SequentialOrderManager, get_coerced_usm_type, get_execution_queue

queue = dpctl.SyclQueue(dpctl.SyclDevice("cpu"))
manager = SequentialOrderManager[queue]
memory = dpmem.MemoryUSMShared(1 << 16, queue=queue)
for value in range(20):
    data = np.full(1 << 16, value, np.uint8)
    event = queue.memcpy_async(memory, data, data.nbytes, dEvents=manager.submitted_events)
    dpctl.keep_args_alive((memory, data), [event])
    manager.add_event_pair(event, event)
manager.wait()
print(set(memory.tobytes()), manager.num_submitted_events, SequentialOrderManager[queue] is manager,
      get_execution_queue([queue, queue]) is queue, get_execution_queue([queue, dpctl.SyclQueue()]),
      get_coerced_usm_type(["host", "shared"]))
"""


DEVICES = """
import dpctl
import dpctl.compiler as compiler
import dpctl.program as program

queue = dpctl.SyclQueue()
device = queue.sycl_device
print(dpctl.fp_config.fma in device.single_fp_config, dpctl.memory_order.relaxed in device.atomic_memory_order_capabilities,
      dpctl.memory_scope.device in device.atomic_fence_scope_capabilities, device.partition_properties == ()
      or dpctl.partition_property.partition_by_affinity_domain in device.partition_properties,
      device.local_mem_type in dpctl.local_mem_type, device.can_compile("spv"))
for make, error in ((program.create_program_from_source, NotImplementedError),
                    (compiler.create_kernel_bundle_from_spirv, compiler.SyclKernelBundleCompilationError)):
    try:
        make(queue, b"neither")
    except error:
        print("refused")
print(program.SyclProgramCompilationError is compiler.SyclKernelBundleCompilationError,
      program.SyclProgram is compiler.SyclKernelBundle, dpctl.LocalAccessor("f4", (2, 3)).nbytes,
      dpctl.WorkGroupMemory(8).nbytes, dpctl.RawKernelArg.is_available())
"""


def run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("program, output", [
    (OLD, "[1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0] True True"), (NEW, "[28.0]"),
    (ARRAYS, "[[0.0, 2.0], [2.0, 4.0]] True True\nmissing\nTrue\nTrue True (2, 3)"), (ORDER, "{19} 0 True True None shared"),
    (DEVICES, "True True True True True True\nrefused\nrefused\nTrue True 24 8 True"),
    (QUEUES, "[0, 6, 12, 18, 24, 30, 36, 42] True True True True level_zero"),
])
def test_programs(program, output):
    done = run(INSTALL + program)
    assert done.stdout.strip() == output, done.stderr[-2000:]


def test_what_is_not_offered_is_named():
    for name in ("dpctl.get_include", "dpctl.memory.MemoryIPCDevice", "numba_dpex.config"):
        done = run(INSTALL + f"import {name.rpartition('.')[0]}\n{name}")
        assert f"AttributeError: {name} is not offered by Metate" in done.stderr
        module, _, name_in_it = name.rpartition(".")
        done = run(INSTALL + f"from {module} import {name_in_it}")
        assert f"ImportError: {name} is not offered by Metate" in done.stderr


def test_a_package_that_is_there_already():
    done = run("import sys, types, importlib.machinery\n"
               "dpctl = types.ModuleType('dpctl')\n"
               "dpctl.__spec__ = importlib.machinery.ModuleSpec('dpctl', None)\n"
               "sys.modules['dpctl'] = dpctl\n" + INSTALL)
    assert "ImportError: dpctl was imported before" in done.stderr


def test_number_types_of_numba():
    pytest.importorskip("numba")
    done = run(INSTALL + """
import numba_dpex as dpex
import numpy as np
from numba import boolean, complex64, float32, uint8

@dpex.kernel
def kernel(out):
    i = dpex.get_global_id(0)
    own, flags, shared = dpex.private.array(1, float32), dpex.private.array(1, boolean), dpex.local.array(2, dtype=uint8)
    shared[i] = 200 + 50 * i
    own[0] = 1 / 3
    flags[0] = 7
    out[i] = complex64(own[0] + flags[0] + shared[i])

out = np.zeros(2, complex)
kernel[2, 2](out)
print((out == [np.float32(1 / 3) + np.float32(201), np.float32(1 / 3) + np.float32(251)]).all())
""")
    assert done.stdout.strip() == "True", done.stderr[-2000:]
