"""Device arrays and other libraries share memory by DLPack."""

import ctypes
import gc
import weakref

import metate
import numpy as np
import pytest

HOST = np.array([[3, 1, 2, 1], [5, 0, 9, 5]])
CPU = (1, 0)


# The structures of dlpack.h, versions 0 and 1.

class Tensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("device_type", ctypes.c_int32), ("device_id", ctypes.c_int32),
                ("ndim", ctypes.c_int32), ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.POINTER(ctypes.c_int64)),
                ("byte_offset", ctypes.c_uint64)]


DELETER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Unversioned(ctypes.Structure):
    _fields_ = [("tensor", Tensor), ("context", ctypes.c_void_p), ("deleter", DELETER)]


class Versioned(ctypes.Structure):
    _fields_ = [("major", ctypes.c_uint32), ("minor", ctypes.c_uint32), ("context", ctypes.c_void_p), ("deleter", DELETER),
                ("flags", ctypes.c_uint64), ("tensor", Tensor)]


READ_ONLY, COPIED = 1, 2
_get = ctypes.pythonapi.PyCapsule_GetPointer
_get.restype, _get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
_rename = ctypes.pythonapi.PyCapsule_SetName
_rename.argtypes = [ctypes.py_object, ctypes.c_char_p]
USED = b"used_dltensor_versioned"


def opened(capsule, versioned=True):
    name = b"dltensor_versioned" if versioned else b"dltensor"
    return (Versioned if versioned else Unversioned).from_address(_get(capsule, name))


def shared(view=lambda a: a):
    return view(metate.asarray(HOST, usm_type="shared"))


def test_capsules_say_where_the_elements_lie():
    array = shared(lambda a: a[:, 1::2])
    for found in (opened(capsule := array.__dlpack__(max_version=(1, 0))), opened(old := array.__dlpack__(), False)):
        tensor = found.tensor
        assert (tensor.data + tensor.byte_offset, tensor.ndim) == (array.usm_data._pointer + 8, 2)
        assert (tensor.shape[:2], tensor.strides[:2]) == ([2, 2], [4, 2])
        assert (tensor.code, tensor.bits, tensor.lanes, tensor.device_type, tensor.device_id) == (0, 64, 1, *CPU)
    assert opened(capsule).major == 1 and opened(capsule).flags == 0
    del old


def test_read_only_arrays():
    array = shared(lambda a: metate.ones(1).__array_namespace__().broadcast_to(a, (3, *a.shape)))
    assert opened(capsule := array.__dlpack__(max_version=(1, 0))).flags == READ_ONLY
    assert not np.from_dlpack(array).flags.writeable
    del capsule
    with pytest.raises(BufferError, match="readonly"):  # an old capsule cannot say it
        array.__dlpack__()


def test_copies():
    array = shared()
    assert opened(capsule := array.__dlpack__(max_version=(1, 0), copy=True)).flags == COPIED
    assert opened(capsule).tensor.data != array.usm_data._pointer
    assert opened(capsule := array.__dlpack__(max_version=(1, 0), copy=False)).flags == 0
    assert opened(capsule).tensor.data == array.usm_data._pointer


@pytest.mark.parametrize("use", [True, False])
def test_memory_lives_as_long_as_the_capsule(use):
    array = shared()
    memory = weakref.ref(array.usm_data)
    capsule = array.__dlpack__(max_version=(1, 0))
    del array
    gc.collect()
    assert memory() is not None
    if use:  # as a consumer does: it takes the capsule over, and deletes once
        tensor = opened(capsule)
        _rename(capsule, USED)
        del capsule
        gc.collect()
        assert memory() is not None
        tensor.deleter(ctypes.addressof(tensor))
    else:
        del capsule
    gc.collect()
    assert memory() is None


def test_numpy():
    array = shared()
    assert array.__dlpack_device__() == CPU
    host = np.from_dlpack(array[:, ::-2])
    host[0, 0] = 77
    assert int(array[0, -1]) == 77
    del array
    assert host.tolist() == [[77, 1], [5, 0]]  # the memory lives
    for dtype in ("?", "i1", "u2", "i4", "u8", "f4", "f8", "c8", "c16"):
        given = metate.from_dlpack(HOST.astype(dtype)[:, ::-1])
        assert given.dtype == np.dtype(dtype)
        np.testing.assert_array_equal(np.from_dlpack(given, device="cpu"), HOST.astype(dtype)[:, ::-1])
    empty = np.from_dlpack(metate.ones((0, 3), usm_type="shared"))
    assert empty.shape == (0, 3)


def test_memory_of_the_device():
    device = metate.asarray(HOST)
    assert device.__dlpack_device__()[0] == 14
    with pytest.raises(BufferError, match="ask for the CPU"):
        device.__dlpack__()
    with pytest.raises(BufferError, match="copy=False forbids it"):
        device.__dlpack__(dl_device=CPU, copy=False)
    with pytest.raises(BufferError, match=r"device \(2, 0\)"):
        device.__dlpack__(dl_device=(2, 0))
    np.testing.assert_array_equal(np.from_dlpack(device, device="cpu"), HOST)
    assert metate.from_dlpack(device) is device
    with pytest.raises(ValueError, match="copy=False forbids it"):
        metate.from_dlpack(HOST, copy=False)

    class Elsewhere:
        def __dlpack_device__(self):
            return 2, 0

    with pytest.raises(BufferError, match="device type 2 cannot be reached"):
        metate.from_dlpack(Elsewhere())


class Foreign:
    """An array of another library, which hands out that of NumPy or raises an error."""

    dtype = "strange64"

    def __init__(self, array):
        self.array = array

    def __dlpack_device__(self):
        return CPU

    def __dlpack__(self, **keywords):
        if isinstance(self.array, Exception):
            raise self.array
        return self.array.__dlpack__(**keywords)


@pytest.mark.parametrize("make", [metate.from_dlpack, metate.asarray])
def test_arrays_of_other_libraries(make):
    array = make(Foreign(HOST[:, ::-1]))
    np.testing.assert_array_equal(metate.asnumpy(array), HOST[:, ::-1])
    with pytest.raises(ValueError, match="copy=False forbids it"):
        make(Foreign(HOST), copy=False)
    for error in (BufferError, RuntimeError, TypeError, ValueError):
        with pytest.raises(BufferError, match="this Foreign of dtype strange64 cannot be shared by DLPack: not this one$"):
            make(Foreign(error("not this one.")))
    assert metate.asarray(Foreign(HOST), dtype="float32").dtype == np.float32


def test_functions_say_how_arrays_of_other_libraries_are_passed():
    @metate.njit
    def total(x):
        return x.sum()

    @metate.kernel
    def clear(x):
        x[metate.get_global_id(0)] = 0

    for call in (total, clear[1], lambda x: total((x, 1))):
        with pytest.raises(TypeError, match=r"cannot take a Foreign; pass np.from_dlpack\(a\), which shares its memory"):
            call(Foreign(HOST))
    assert total(np.from_dlpack(Foreign(HOST))) == HOST.sum()


@pytest.mark.parametrize("name", ["torch", "tvm_ffi"])
def test_other_libraries(name):
    library = pytest.importorskip(name, reason=f"{name} is not installed")
    array = shared(lambda a: a.astype("float32"))
    tensor = library.from_dlpack(array[:, 1:])
    array[0, 1] = 99
    assert tuple(tensor.shape) == (2, 3)
    back = np.from_dlpack(tensor)
    np.testing.assert_array_equal(back, [[99, 2, 1], [0, 9, 5]])
    memory = weakref.ref(array.usm_data)
    del array, back
    gc.collect()
    assert memory() is not None
    np.testing.assert_array_equal(metate.asnumpy(metate.from_dlpack(tensor)), [[99, 2, 1], [0, 9, 5]])
    del tensor
    gc.collect()
    assert memory() is None
    with pytest.raises(BufferError):
        library.from_dlpack(metate.asarray(HOST))


@metate.kernel
def count_up(x, steps):
    i = metate.get_global_id(0)
    k = 0
    while k < steps:
        k += x[i] + 1  # x[i] is 0: a loop that no compiler counts
    x[i] = k


@pytest.mark.parametrize("usm_type", ["shared", "host", "device"])
def test_commands_of_the_queue_are_waited_for(usm_type):
    queue = metate.Queue()
    count_up[1](metate.zeros(1, dtype=np.int64, queue=queue), 1)  # compiled
    array = metate.zeros(1, dtype=np.int64, usm_type=usm_type, queue=queue)
    event = queue.submit_async(count_up, (array, 50_000_000), 1)
    assert np.from_dlpack(array, device="cpu").tolist() == [50_000_000]
    event.wait()


def test_errors_of_commands_are_raised_by_the_wait():
    @metate.kernel
    def fail(x):
        if x[0] == 0:
            raise ValueError("nothing to count")

    queue = metate.Queue()
    array = metate.zeros(1, usm_type="shared", queue=queue)
    queue.submit_async(fail, (array,), 1)
    with pytest.raises(ValueError, match="nothing to count"):
        np.from_dlpack(array)
    assert np.from_dlpack(array).tolist() == [0]
