"""test_torch – compiled functions and PyTorch's tensors share memory by DLPack, in both directions.

PyTorch before 2.9 does not say by DLPack whether a tensor may be written to, so that NumPy's views of its tensors are read-only.
Arrays of NumPy are shared with any PyTorch for reading and writing.
"""

import gc
import threading
import weakref

import metate
import numpy as np
import pytest
from metate import get_global_id, kernel, njit, prange, vectorize

torch = pytest.importorskip("torch", reason="there is no PyTorch for this CPython")

WRITABLE = np.from_dlpack(torch.zeros(1)).flags.writeable
DTYPES = ["float32", "float64", "int8", "int16", "int32", "int64", "uint8", "complex64", "complex128"]


@njit
def total(x):
    return x.sum()


@njit
def increase(x, by):
    for i in range(x.size):
        x.flat[i] += by


@njit(parallel=True)
def increase_on_threads(x, by):
    for i in prange(len(x)):
        x[i] += by


@kernel
def increase_on_device(x, by):
    x[get_global_id(0)] += by


def increase_by_kernel(x, by):
    increase_on_device[len(x)](x, by)


WRITERS = [increase, increase_on_threads, increase_by_kernel]


def same(tensor, expected):
    assert tensor.tolist() == np.asarray(expected).tolist()


# What lies in tensors is read by compiled functions.

@pytest.mark.parametrize("dtype", DTYPES)
def test_functions_read_tensors(dtype):
    tensor = torch.arange(6).to(getattr(torch, dtype)).reshape(2, 3)
    view = np.from_dlpack(tensor)
    assert (view.ctypes.data, view.dtype) == (tensor.data_ptr(), dtype)
    assert total(view) == 15
    tensor[1, 2] += 10  # in the same memory
    assert total(view) == 25


def test_booleans():
    tensor = torch.tensor([True, False, True])
    try:
        view = np.from_dlpack(tensor)
    except RuntimeError:  # those of older PyTorch do not travel, but their bytes do
        view = np.from_dlpack(tensor.view(torch.uint8)).view(bool)
    assert view.ctypes.data == tensor.data_ptr()
    assert total(view) == 2
    tensor[1] = True
    assert total(view) == 3


def test_halves():
    """Functions of vectorize and device arrays take them as far as NumPy does."""
    tensor = torch.tensor([0.5, 1.5, -2], dtype=torch.float16)
    array = metate.from_dlpack(tensor)
    assert array.dtype == np.float16
    same(torch.from_dlpack(metate.asnumpy(array * 2)), [1, 3, -4])


@pytest.mark.parametrize("cut", [
    lambda t: t.t(), lambda t: t[:, ::2], lambda t: t[1:], lambda t: t[:, 1], lambda t: t[0].expand(4, 3),
    lambda t: t.reshape(2, 1, 3, 1).permute(2, 0, 3, 1), lambda t: t.diagonal()])
def test_views_keep_their_strides(cut):
    tensor = cut(torch.arange(6.0).reshape(2, 3))
    view = np.from_dlpack(tensor)
    assert view.shape == tuple(tensor.shape)
    assert [stride for stride, extent in zip(view.strides, view.shape) if extent > 1] == [
        4 * stride for stride, extent in zip(tensor.stride(), tensor.shape) if extent > 1]
    assert total(view) == tensor.sum().item()
    same(torch.from_dlpack(metate.asnumpy(metate.from_dlpack(tensor))), tensor.tolist())


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0), ()])
def test_tensors_without_axes_or_elements(shape):
    tensor = torch.full(shape, 3.0)
    view = np.from_dlpack(tensor)
    assert view.shape == shape and total(view) == (3 if shape == () else 0)
    array = metate.from_dlpack(tensor, usm_type="shared")
    assert array.shape == shape
    back = torch.from_dlpack(array)
    assert tuple(back.shape) == shape
    same(back, np.full(shape, 3.0))


@vectorize
def logistic(x):
    return 1 / (1 + np.exp(-x))


def test_ufuncs():
    tensor = torch.linspace(-3, 3, 50, dtype=torch.float64).reshape(5, 10)
    made = torch.from_dlpack(logistic(np.from_dlpack(tensor)))
    assert torch.allclose(made, torch.sigmoid(tensor), rtol=1e-14, atol=0)


# What compiled functions write is seen by tensors.

@pytest.mark.parametrize("increase", WRITERS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_functions_write_into_arrays_of_tensors(increase, dtype):
    array = np.arange(4).astype(dtype)
    tensor = torch.from_dlpack(array)
    assert tensor.dtype == getattr(torch, dtype) and tensor.data_ptr() == array.ctypes.data
    increase(array, 2)
    same(tensor, [2, 3, 4, 5])
    tensor.mul_(3)
    increase(array, 1)
    same(tensor, [7, 10, 13, 16])


@pytest.mark.parametrize("increase", WRITERS)
def test_functions_write_into_tensors(increase):
    tensor = torch.zeros(3, 2)[:, 1]
    view = np.from_dlpack(tensor)
    if WRITABLE:
        increase(view, 2)
        same(tensor, [2, 2, 2])
    else:
        with pytest.raises(Exception, match="read-only"):
            increase(view, 2)
        same(tensor, [0, 0, 0])


@pytest.mark.skipif(WRITABLE, reason="newer PyTorch takes them and does not heed what DLPack says")
def test_read_only_arrays_stay_so():
    array = np.arange(3.0)
    array.flags.writeable = False
    with pytest.raises((BufferError, RuntimeError), match="(?i)read-?only"):
        torch.from_dlpack(array)


def test_results_are_tensors_without_a_copy():
    @njit
    def squares(n):
        return np.arange(n) ** 2.0

    array = squares(5)
    tensor = torch.from_dlpack(array)
    assert tensor.data_ptr() == array.ctypes.data
    same(tensor, [0, 1, 4, 9, 16])


# Device arrays.

@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("make", [metate.from_dlpack, metate.asarray])
def test_tensors_become_device_arrays_and_come_back(make, dtype):
    tensor = torch.arange(6).to(getattr(torch, dtype)).reshape(2, 3)
    array = make(tensor.t(), usm_type="shared")
    assert isinstance(array, metate.DeviceArray) and array.dtype == dtype
    array += 1
    assert tensor[0, 0] == 0  # it was copied
    back = torch.from_dlpack(array[:, 1:])
    assert back.dtype == tensor.dtype and back.data_ptr() == array.usm_data._pointer + tensor.element_size()
    same(back, [[4], [5], [6]])
    array[0, 1] = 40
    back[1, 0] = 50
    same(back, [[40], [50], [6]])
    assert metate.asnumpy(array)[:, 1].tolist() == [40, 50, 6]


def test_a_device_computes_with_a_tensor_in_between():
    array = metate.zeros(4, dtype="float32", usm_type="shared")
    tensor = torch.from_dlpack(array)
    increase_by_kernel(array, 1)
    tensor.add_(torch.arange(4.0))
    increase_on_threads(array, 10)
    same(tensor, [11, 12, 13, 14])
    assert metate.asnumpy(array).tolist() == tensor.tolist()


def test_memory_of_the_device_is_copied_on_demand():
    array = metate.arange(3)
    with pytest.raises(BufferError, match="ask for the CPU"):
        torch.from_dlpack(array)
    same(torch.from_dlpack(np.from_dlpack(array, device="cpu")), [0, 1, 2])
    same(torch.from_dlpack(metate.asnumpy(array)), [0, 1, 2])


def test_conversion_to_numpy():
    tensor = torch.arange(3.0)
    try:
        found = np.asarray(tensor)
    except RuntimeError as error:  # a PyTorch that was built for NumPy 1
        assert "Numpy is not available" in str(error)
    else:
        assert total(found) == 3
    with pytest.raises(TypeError, match="asnumpy"):
        np.asarray(metate.asarray(tensor))


# What cannot be shared is refused with its reason.

def test_functions_do_not_take_tensors_themselves():
    hint = r"cannot take a Tensor; pass np.from_dlpack\(a\), which shares its memory"
    tensor = torch.zeros(3)
    for call in (lambda: total(tensor), lambda: increase_by_kernel(tensor, 1), lambda: total((tensor, 1))):
        with pytest.raises(TypeError, match=hint):
            call()


@pytest.mark.parametrize("make", [metate.from_dlpack, metate.asarray])
def test_refused_tensors(make):
    with pytest.raises(BufferError, match="Tensor of dtype torch.bfloat16 cannot be shared by DLPack: "):
        make(torch.ones(2, dtype=torch.bfloat16))
    with pytest.raises(BufferError, match="Tensor of dtype torch.float32 cannot be shared by DLPack: .*detach"):
        make(torch.ones(2, requires_grad=True))
    with pytest.raises(BufferError, match="Tensor of dtype torch.complex64 cannot be shared by DLPack: .*conj"):
        make(torch.ones(2, dtype=torch.complex64).conj())
    with pytest.raises(BufferError, match="cannot be shared by DLPack: .*meta"):
        make(torch.ones(2, device="meta"))
    # What to do instead:
    assert make(torch.ones(2, dtype=torch.bfloat16).float()).dtype == np.float32
    assert make(torch.ones(2, requires_grad=True).detach()).sum() == 2
    assert make(torch.full((2,), 1j).conj().resolve_conj()).sum() == -2j


def test_gradients_go_on_around_a_function():
    """As a function of autograd, with the derivative compiled too."""
    @njit
    def value_and_slope(x):
        return x**3, 3 * x**2

    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            value, slope = map(torch.from_dlpack, value_and_slope(np.from_dlpack(x.detach())))
            ctx.save_for_backward(slope)
            return value

        @staticmethod
        def backward(ctx, gradient):
            slope, = ctx.saved_tensors
            return gradient * slope

    x = torch.arange(4, dtype=torch.float64, requires_grad=True)
    (2 * Cube.apply(x)).sum().backward()
    same(x.grad, [0, 6, 24, 54])


# Whoever lives longer keeps the memory.

def test_a_tensor_keeps_an_array():
    array = np.arange(1000.0)
    array = array[10:]
    gone = weakref.ref(array)
    tensor = torch.from_dlpack(array)
    del array
    gc.collect()
    assert gone() is not None
    increase(gone(), 1)
    assert tensor[0] == 11
    del tensor
    gc.collect()
    assert gone() is None


def test_a_tensor_keeps_device_memory():
    array = metate.full(1000, 2.0, usm_type="shared")
    memory = weakref.ref(array.usm_data)
    tensor = torch.from_dlpack(array)[500:]
    del array
    gc.collect()
    assert memory() is not None and tensor.sum() == 1000
    del tensor
    gc.collect()
    assert memory() is None


def test_a_view_keeps_the_memory_of_a_tensor():
    views = [np.from_dlpack(torch.full((1000,), float(value))) for value in range(200)]
    gc.collect()
    others = [torch.full((1000,), -1.0) for _ in range(200)]
    assert [total(view) for view in views] == [1000 * value for value in range(200)]
    del views, others


def test_threads_of_both():
    """PyTorch's threads and Metate's compute at the same time."""
    matrix = torch.ones(300, 300)
    products, array = [], np.zeros(100_000)

    def multiply():
        products.extend((matrix @ matrix).sum().item() for _ in range(30))

    thread = threading.Thread(target=multiply)
    thread.start()
    for _ in range(200):
        increase_on_threads(array, 1)
    thread.join()
    assert products == [300.0**3] * 30 and (array == 200).all()
