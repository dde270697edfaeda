"""Programs for dpctl.tensor and dpnp, in a process of their own."""

import subprocess
import sys

PROGRAM = """
import metate
metate.install_as_numba_dpex()
import dpctl, dpnp
import dpctl.tensor as dpt
import numba_dpex as dpex
import numpy as np

queue = dpctl.SyclQueue()
a = dpt.arange(8, dtype=dpt.float32, sycl_queue=queue, usm_type="shared")
b = dpt.asarray(np.ones(8, np.float32), sycl_queue=queue, order="C")
c = dpt.empty_like(a)

@dpex.kernel
def add(a, b, c):
    i = dpex.get_global_id(0)
    c[i] = a[i] + b[i]

add[dpex.Range(8)](a, b, c)
assert isinstance(c, dpt.usm_ndarray) and c.sycl_queue is queue
assert dpt.asnumpy(c).tolist() == [1, 2, 3, 4, 5, 6, 7, 8] == dpt.to_numpy(a + b).tolist()
assert float(dpt.sum(c)) == 36
x = dpnp.ones((2, 3), device="cpu")
assert isinstance(x, dpnp.ndarray) and dpnp.asnumpy(dpnp.array([1, 2]) * 2).tolist() == [2, 4]
for module, name in ((dpnp, "fft"), (dpt, "top_k")):
    try:
        getattr(module, name)
    except AttributeError as error:
        assert f"{module.__name__}.{name} is not offered by Metate" in str(error)
    else:
        raise AssertionError(name)
try:
    dpt.zeros(3, order="F")
except ValueError as error:
    assert "not 'F'" in str(error)
else:
    raise AssertionError("order")
"""


def test_programs_for_dpctl_tensor_and_dpnp():
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
