"""test_dpex_drop_in – names and programs of numba-dpex, dpctl and dpnp beyond kernels, in processes of their own."""

import os
import subprocess
import sys

import pytest

INSTALL = "import metate\nmetate.install_as_numba_dpex()\n"


def run(program, *arguments):
    done = subprocess.run([sys.executable, *arguments, "-c", INSTALL + program], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


NAMES = {
    "numba_dpex": "DpctlSyclEvent DpctlSyclQueue DpnpNdArray IntEnumLiteral KernelDispatcherType NdRangeType RangeType "
                  "USMNdArray usm_ndarray none boolean f4 i8 dpjit prange call_kernel_async NdRange",
    "numba_dpex.core.types": "DpctlSyclQueue DpnpNdArray KernelDispatcherType NdRangeType RangeType USMNdArray float32 void",
    "numba_dpex.core.exceptions": "ComputeFollowsDataInferenceError ExecutionQueueInferenceError IllegalIntEnumLiteralValueError "
                                  "IllegalRangeValueError IndeterminateExecutionQueueError InternalError "
                                  "InvalidKernelLaunchArgsError InvalidKernelSpecializationError KernelHasReturnValueError "
                                  "MissingSpecializationError SUAIProtocolError UncompiledKernelError UnknownGlobalRangeError "
                                  "UnmatchedNumberOfRangeDimsError UnreachableError UnsupportedAccessQualifierError "
                                  "UnsupportedBackendError UnsupportedCompilationModeError UnsupportedGroupWorkItemSizeError "
                                  "UnsupportedKernelArgumentError UnsupportedNumberOfRangeDimsError UnsupportedParforError "
                                  "UnsupportedWorkItemSizeError",
    "numba_dpex.core.decorators": "device_func dpjit kernel",
    "numba_dpex.core.kernel_launcher": "call_kernel call_kernel_async",
    "numba_dpex.core.types.kernel_api.index_space_ids": "ItemType NdItemType",
    "numba_dpex.kernel_api.memory_enums": "AddressSpace MemoryOrder MemoryScope",
    "numba_dpex.kernel_api.ranges": "NdRange Range",
    "dpctl": "SyclContext SyclDevice SyclEvent SyclPlatform SyclQueue SyclTimer kernel_arg_type nested_context_factories",
    "dpctl.utils": "ExecutionPlacementError SequentialOrderManager get_execution_queue validate_usm_type",
    "dpnp": "absolute arccos array array_equal concatenate cumsum diag dot erf fmod identity linalg outer power ravel "
            "transpose true_divide vstack",
    "dpnp.linalg": "cholesky eigh inv norm solve svd",
    "dpnp.fft": "fft ifft rfft",
}


def test_names_are_there():
    program = "".join(f"from {module} import {', '.join(names.split())}\n" for module, names in NAMES.items())
    run(program + "from numba_dpex.core.exceptions import *\nKernelHasReturnValueError\n")


TYPES = """
import numba_dpex as dpex
import dpctl, dpnp
from numba_dpex import kernel_api
from numba_dpex.core.types import DpctlSyclQueue, DpnpNdArray, KernelDispatcherType, NdRangeType, RangeType, USMNdArray
from numba_dpex.core.types.kernel_api.index_space_ids import ItemType

integers = DpnpNdArray(ndim=1, dtype=dpex.int64)

@dpex.kernel((ItemType(1), integers))
def increment(item, x):
    x[item.get_id(0)] += 1

queue, other = dpctl.SyclQueue(), dpctl.SyclQueue()
print(isinstance(integers, USMNdArray), integers == USMNdArray(1, "C", dpex.int64), integers.ndim, integers.dtype,
      DpctlSyclQueue(queue) == DpctlSyclQueue(queue), DpctlSyclQueue(queue) == DpctlSyclQueue(other),
      RangeType(2) == RangeType(2), RangeType(2) == NdRangeType(2), NdRangeType(3).ndim,
      KernelDispatcherType(increment).dispatcher is increment,
      dpex.IntEnumLiteral(kernel_api.MemoryOrder.ACQUIRE).literal_value + 0)
x = dpnp.zeros(3, dtype=dpnp.int64)
dpex.call_kernel(increment, dpex.Range(3), x)
print(x)
try:
    dpex.dpjit(dpex.void(RangeType(1)))(lambda r: None)
except TypeError as error:
    print(error)
"""


def test_types():
    first, second, third = run(TYPES).splitlines()
    assert first == "True True 1 int64 True False True False 3 True 1"
    assert second == "[1 1 1]"
    assert third.startswith("RangeType(1) cannot stand in a signature")


PLACES = """
import dpctl, dpnp
import dpctl.tensor as dpt
import numba_dpex as dpex
import numpy as np

queue = dpctl.SyclQueue()
a = dpt.arange(6, dtype="f4", sycl_queue=queue)
b = dpnp.ones(6, dtype=a.dtype, device=a.device)
c = dpnp.empty_like(a, shape=(2, 3), dtype=dpnp.int64)
assert b.sycl_queue == c.sycl_queue == queue == a.device.sycl_queue and c.shape == (2, 3) and c.dtype == np.int64
assert a.device.sycl_device == queue.sycl_device == a.device and a.device == b.device and a.device in dpctl.get_devices()
assert a.device.max_work_group_size == queue.sycl_device.max_work_group_size
assert a.to_device(dpctl.SyclQueue()).device != a.device
assert dpctl.SyclQueue(a.device).sycl_device == queue.sycl_device
assert dpt.zeros_like(b._array_obj, dtype="i4").sycl_queue == queue and b.get_array() is b
assert dpnp.zeros((2, 3), "f4", order="F").flags.f_contiguous and dpnp.full(3, 2, "i2").dtype == np.int16
assert dpnp.linspace(0, 1).shape == (50,) and dpt.arange(2, 8, 3, "f8").tolist() == [2.0, 5.0] and dpnp.eye(2, 3, k=1).sum() == 2
assert dpnp.asarray([1, 2], "f4").dtype == np.float32 and dpt.arange(3, step=2).tolist() == [0, 2]
try:
    dpnp.zeros(3, "f4", "C")
except TypeError as error:
    print(error)
"""


def test_arrays_where_others_are():
    assert run(PLACES) == "zeros() takes 2 arguments without names, but 3 were given\n"


NUMPY_SPELLING = """
import dpnp, numpy as np, math

h = np.arange(1.0, 13.0).reshape(3, 4)
a = dpnp.asarray(h)
same = lambda got, expected: np.testing.assert_allclose(dpnp.asnumpy(got), expected, rtol=1e-12)
for name in "absolute arctan cbrt fabs rint degrees square true_divide power arctan2 fmod".split():
    arguments = (1,) if getattr(np, name).nin == 1 else (1, 2)
    same(getattr(dpnp, name)(*[a / n for n in arguments]), getattr(np, name)(*[h / n for n in arguments]))
for name in "sum prod max amin mean std var argmax cumsum".split():
    same(getattr(dpnp, name)(a), getattr(np, name)(h))
    same(getattr(dpnp, name)(a, 1), getattr(np, name)(h, 1))
same(dpnp.std(a, ddof=1), np.std(h, ddof=1))
same(dpnp.erf(a / 4), [[math.erf(x) for x in row] for row in h / 4])
same(dpnp.dot(a, a.T), h @ h.T); same(dpnp.dot(a, 2.0), h * 2); same(dpnp.inner(a[0], a[1]), h[0] @ h[1])
same(dpnp.dot(dpnp.reshape(a, (1, 3, 4)), a.T), h.reshape(1, 3, 4) @ h.T); same(dpnp.outer(a[0], a[1]), np.outer(h[0], h[1]))
same(dpnp.transpose(a), h.T); same(dpnp.ravel(a.T), h.T.ravel()); same(dpnp.squeeze(a[None]), h)
same(dpnp.trace(a), np.trace(h)); same(dpnp.diagonal(a, -1), np.diagonal(h, -1)); same(dpnp.diag(a[0], 1), np.diag(h[0], 1))
for name in "vstack hstack column_stack concatenate stack".split():
    same(getattr(dpnp, name)((a, a)), getattr(np, name)((h, h)))
    same(getattr(dpnp, name)([a[0], a[1]]), getattr(np, name)([h[0], h[1]]))
same(dpnp.where(a > 3, a, 0), np.where(h > 3, h, 0)); same(dpnp.where(a > 3)[1], np.where(h > 3)[1])
same(dpnp.cov(a), np.cov(h)); same(dpnp.median(a, axis=0), np.median(h, axis=0)); same(dpnp.atleast_2d(a[0]), h[:1])
same(dpnp.unique(a % 3), [0, 1, 2]); same(dpnp.linalg.norm(a, axis=1), np.linalg.norm(h, axis=1))
values, vectors = dpnp.linalg.eigh(dpnp.dot(a.T, a))
same(dpnp.fft.ifft(dpnp.fft.fft(a)).real, h)
assert dpnp.array_equal(a, a) and not dpnp.array_equal(a, a.T) and dpnp.all(dpnp.isclose(a, a + 1e-12))
assert values.sycl_queue == a.sycl_queue and vectors.shape == (4, 4)
out = dpnp.empty(4); assert dpnp.sum(a, axis=0, out=out) is out
same(out, h.sum(0)); dpnp.copyto(out, a[0]); same(out, h[0])
assert dpnp.ndim(a) == 2 and dpnp.shape(a) == (3, 4) and dpnp.size(a, 1) == 4 and dpnp.identity(3).sum() == 3
"""


def test_numpy_spelling():
    run(NUMPY_SPELLING)


COMPILED = """
import dpnp, math, numpy as np
import numba_dpex as dpex
from dpnp import sqrt, ones

@dpex.dpjit
def erf_of(x):
    return dpnp.erf(x) + dpnp.sqrt(x)

@dpex.dpjit
def made(n):
    x = ones(n)
    return sqrt(x + 3)

power = dpnp.power

@dpex.dpjit
def powers(a, b):
    return power(a, b)

h = np.linspace(0, 2, 50)
x = dpnp.asarray(h)
np.testing.assert_allclose(dpnp.asnumpy(erf_of(x)), [math.erf(v) + v**0.5 for v in h], rtol=1e-12)
assert dpnp.asnumpy(made(3)).tolist() == [2, 2, 2]
np.testing.assert_allclose(dpnp.asnumpy(powers(x, x)), h**h)
"""


def test_functions_of_dpnp_in_compiled_code():
    run(COMPILED)


DPCTL = """
import dpctl, dpctl.memory
import numpy as np

for device in dpctl.get_devices():
    assert isinstance(device.backend, dpctl.backend_type) and device.backend.name == "level_zero"
    assert isinstance(device.device_type, dpctl.device_type) and f"{device.device_type}" == device.device_type.name
    assert dpctl.SyclDevice(device.filter_string) == device
    for name in dir(device):
        getattr(device, name)
entered = []

class Noting:
    def __init__(self, queue):
        self.queue = queue
    def __enter__(self):
        entered.append(self.queue)
    def __exit__(self, *_):
        entered.append(None)

dpctl.nested_context_factories.append(lambda queue: Noting(queue))
dpctl.nested_context_factories.append(lambda queue: None)
with dpctl.device_context("cpu") as queue:
    assert entered == [queue] and dpctl.get_current_device_type() is dpctl.device_type.cpu
assert entered == [queue, None]
for wrong, error in ((1, TypeError), ("both", ValueError)):
    try:
        dpctl.utils.validate_usm_type(wrong)
    except error as raised:
        print(raised)
"""


def test_dpctl():
    assert run(DPCTL) == "the kind of memory is a str, not a int\nmemory is 'device', 'shared' or 'host', not 'both'\n"


@pytest.mark.parametrize("name", ["numba_dpex.config", "dpctl.get_include", "dpnp.i0", "numba_dpex.core.runtime"])
def test_what_is_not_there_is_named(name):
    module, _, attribute = name.rpartition(".")
    program = f"import {module}\ntry:\n    {name}\nexcept AttributeError as error:\n    print(error)\n"
    assert f"{name} is not offered by Metate" in run(program)


KERNEL = """
import dpnp
import numba_dpex as dpex

@dpex.kernel
def increment(item, x):
    x[item.get_id(0)] += 1

x = dpnp.zeros(3)
dpex.call_kernel(increment, dpex.Range(3), x)
print(x)
"""


def run_in(folder, program, **variables):
    return subprocess.run([sys.executable, "-c", INSTALL + program], capture_output=True, text=True, timeout=300, cwd=folder,
                          env=os.environ | variables)


def test_variables_that_show_code(tmp_path):
    done = run_in(tmp_path, KERNEL, NUMBA_DPEX_SAVE_IR_FILES="1")
    assert done.stdout == "[1. 1. 1.]\n", done.stderr
    [llvm], [spirv] = ([*tmp_path.glob(f"*increment*-{stage}")] for stage in ("codegen.ll", "spirv.spvasm"))
    assert "define" in llvm.read_text() and "OpEntryPoint" in spirv.read_text()
    done = run_in(tmp_path, KERNEL, NUMBA_DPEX_DUMP_KERNEL_LLVM="1")
    assert "define" in done.stderr and "increment" in done.stderr and "OpEntryPoint" not in done.stderr


def test_variables_without_effect_are_named(tmp_path):
    done = run_in(tmp_path, KERNEL, NUMBA_DPEX_OFFLOAD_DIAGNOSTICS="4", NUMBA_DPEX_OPT="3", NUMBA_DPEX_DEBUG="0")
    assert done.stdout == "[1. 1. 1.]\n", done.stderr
    assert "<string>:2: MetateWarning: NUMBA_DPEX_OFFLOAD_DIAGNOSTICS has no effect, since Metate stands in for numba-dpex: " in done.stderr
    assert done.stderr.count("has no effect") == 2 and "NUMBA_DPEX_OPT" in done.stderr
    done = run_in(tmp_path, KERNEL, DPCTL_VERBOSITY="error", SYCL_PI_TRACE="1")
    assert done.stderr.count("has no effect, since Metate stands in for dpctl") == 2
    assert all(name in done.stderr for name in ("DPCTL_VERBOSITY", "SYCL_PI_TRACE", "METATE_TRACE"))
    assert run_in(tmp_path, KERNEL, DPCTL_VERBOSITY="none").stderr == ""
