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


def run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("program, output", [
    (OLD, "[1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0] True True"), (NEW, "[28.0]"),
])
def test_programs(program, output):
    done = run(INSTALL + program)
    assert done.stdout.strip() == output, done.stderr[-2000:]


def test_what_is_not_offered_is_named():
    done = run(INSTALL + "import dpctl\ndpctl.SyclPlatform")
    assert "dpctl.SyclPlatform is not offered by Metate" in done.stderr


def test_a_package_that_is_there_already():
    done = run("import sys, types, importlib.machinery\n"
               "dpctl = types.ModuleType('dpctl')\n"
               "dpctl.__spec__ = importlib.machinery.ModuleSpec('dpctl', None)\n"
               "sys.modules['dpctl'] = dpctl\n" + INSTALL)
    assert "ImportError: dpctl was imported before" in done.stderr
