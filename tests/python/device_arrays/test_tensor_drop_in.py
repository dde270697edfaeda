"""Programs for dpctl.tensor and dpnp, in a process of their own."""

import subprocess
import sys

import pytest

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
for module, name in ((dpnp, "i0"), (dpt, "einsum")):
    try:
        getattr(module, name)
    except AttributeError as error:
        assert f"{module.__name__}.{name} is not offered by Metate" in str(error)
    else:
        raise AssertionError(name)
turned = dpt.ones((2, 3, 4), order="F")
assert turned.flags.f_contiguous and not turned.flags.c_contiguous and turned.strides == (1, 2, 6) and turned.shape == (2, 3, 4)
values = np.arange(6.0).reshape(2, 3)
for made in (dpt.asarray(values, order="F"), dpt.asarray(dpt.asarray(values), order="F"), dpt.copy(dpt.asarray(values), order="F"),
             dpt.astype(dpt.asarray(values, dtype="f4"), "f8", order="F"), dpt.sqrt(dpt.asarray(values**2), order="F")):
    assert made.flags.f_contiguous and (dpt.asnumpy(made) == values).all()
assert dpt.asarray(made, order="F") is made and dpt.asarray(made, order="C").flags.c_contiguous and dpt.asarray(made) is made
made = dpt.usm_ndarray((2, 3), "f4", buffer="shared", order="F")
assert made.strides == (1, 2) and made.shape == (2, 3) and made.usm_type == "shared"
try:
    dpt.zeros(3, order="X")
except ValueError as error:
    assert "not 'X'" in str(error)
else:
    raise AssertionError("order")
assert dpctl.__version__.startswith("0.21.1+metate") and dpnp.__version__ and dpex.__version__.startswith("0.23.0+")
"""

# Of dpctl 0.21, the last with dpctl.tensor.
NAMES = """
Device usm_ndarray arange asarray astype copy empty zeros ones full eye linspace empty_like zeros_like ones_like full_like flip
reshape roll concat stack broadcast_arrays broadcast_to expand_dims permute_dims squeeze take put extract place nonzero from_numpy
to_numpy asnumpy from_dlpack tril triu where matrix_transpose all any dtype isdtype bool int8 uint8 int16 uint16 int32 uint32 int64
uint64 float16 float32 float64 complex64 complex128 iinfo finfo unstack moveaxis swapaxes can_cast result_type meshgrid
get_print_options set_print_options print_options usm_ndarray_repr usm_ndarray_str newaxis e pi nan inf abs acos acosh add asin
asinh atan atan2 atanh bitwise_and bitwise_invert bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor ceil conj cos cosh
divide equal exp expm1 floor floor_divide greater greater_equal hypot imag isfinite isinf isnan less less_equal log logical_and
logical_not logical_or logical_xor log1p log2 log10 maximum minimum multiply negative not_equal positive pow logaddexp proj real
remainder round sign signbit sin sinh sqrt square subtract sum tan tanh trunc allclose repeat tile max min argmax argmin prod cbrt
exp2 copysign rsqrt clip logsumexp reduce_hypot mean std var __array_api_version__ __array_namespace_info__ reciprocal angle sort
argsort unique_all unique_counts unique_inverse unique_values matmul tensordot vecdot searchsorted cumulative_logsumexp
cumulative_prod cumulative_sum nextafter diff count_nonzero put_along_axis take_along_axis top_k isin dldevice_to_sycl_device
sycl_device_to_dldevice DLDeviceType
"""

TENSOR = f"""
import metate
metate.install_as_numba_dpex()
import dpctl
import dpctl.tensor as dpt
import numpy as np

missing = [name for name in {NAMES.split()!r} if not hasattr(dpt, name)]
assert not missing, missing

def refused(error, message, function, *args, **options):
    try:
        function(*args, **options)
    except error as raised:
        assert message in str(raised), str(raised)
    else:
        raise AssertionError(message)

x = dpt.asarray([[3, 1, 2], [6, 5, 4]], dtype="f4", order="C")
out = dpt.empty(2, dtype="f4")
assert dpt.sum(x, axis=1, out=out) is out and out.tolist() == [6, 15]
assert dpt.max(x, axis=1, out=out) is out and out.tolist() == [3, 6]
assert dpt.add(out, out, out=out, order="K") is out and out.tolist() == [6, 12]
refused(ValueError, "the result is of shape (3,)", dpt.sum, x, axis=0, out=out)
refused(ValueError, "not 'X'", dpt.sin, x, order="X")
refused(TypeError, "NumPy array", dpt.sum, x, out=np.zeros(()))
assert dpt.copy(x, order="C").tolist() == x.tolist() == dpt.astype(x, "i4", casting="unsafe").tolist()
refused(TypeError, "by the rule 'safe'", dpt.astype, x, "i4", casting="safe")
assert dpt.take(x, dpt.asarray([7, -9]), axis=1).tolist() == [[2, 3], [4, 6]]
refused(ValueError, "'wrap' or 'clip'", dpt.take, x, dpt.asarray([0]), axis=1, mode="raise")
assert dpt.dtype("f4") == x.dtype == dpt.float32

place = dpt.Device.create_device(x)
assert place == dpt.Device.create_device(x.sycl_queue) == dpt.Device.create_device(place)
assert place.sycl_queue is x.sycl_queue and place.sycl_device is x.sycl_device and place.sycl_context == x.sycl_context
assert dpt.zeros(2, device=place).sycl_queue is x.sycl_queue is dpt.zeros(2, device=x).sycl_queue
assert x.to_device(place) is x and dpt.Device.create_device("cpu").sycl_device.is_cpu
place.wait()
assert repr(place) == f"Device({{x.sycl_device.filter_string}})"
pair = dpt.sycl_device_to_dldevice(x.sycl_device)
assert pair == x.__dlpack_device__() and pair[0] == dpt.DLDeviceType.kDLOneAPI and dpt.dldevice_to_sycl_device(pair) is x.sycl_device
refused(ValueError, "not 1", dpt.dldevice_to_sycl_device, (1, 0))
refused(ValueError, "number 99", dpt.dldevice_to_sycl_device, (14, 99))

third = dpt.asarray([1 / 3])
with dpt.print_options(precision=2) as options:
    assert options["precision"] == 2 and str(third) == "[0.33]" and np.get_printoptions()["precision"] == 8
assert str(third) == "[0.33333333]" and dpt.get_print_options()["precision"] == 8
dpt.set_print_options(precision=3)
assert str(third) == "[0.333]" and str(np.array([1 / 3])) == "[0.33333333]"
dpt.set_print_options(numpy=True)
assert dpt.usm_ndarray_str(third, precision=1) == "[0.3]" and dpt.usm_ndarray_repr(third, precision=4) == "usm_ndarray([0.3333])"
assert dpt.usm_ndarray_repr(dpt.ones(1, dtype="i4"), prefix="a") == "a([1], dtype=int32)"
refused(TypeError, "'colour'", dpt.set_print_options, colour=3)
"""


@pytest.mark.parametrize("program", [PROGRAM, TENSOR], ids=["arrays", "tensor"])
def test_programs_for_dpctl_tensor_and_dpnp(program):
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
