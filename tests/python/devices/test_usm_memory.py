"""Memory that a device reaches: owning, copying, sharing, and passing it to kernels."""

import gc
import pickle
from types import SimpleNamespace

import metate
import numpy as np
import pytest

KINDS = {"shared": metate.MemoryUSMShared, "host": metate.MemoryUSMHost, "device": metate.MemoryUSMDevice}
every_kind = pytest.mark.parametrize("kind", KINDS)


@metate.kernel
def double(x):
    i = metate.get_global_id(0)
    x[i] = x[i] * 2


class View:
    """An array in memory of another object."""

    def __init__(self, memory, dtype, shape, strides=None, offset=0, readonly=False, **other):
        self.__sycl_usm_array_interface__ = {
            "shape": shape, "typestr": np.dtype(dtype).str, "data": (memory._pointer, readonly), "strides": strides,
            "offset": offset, "syclobj": memory.queue, "version": 1, **other}
        self.memory = memory


class Foreign:
    """A queue of another library, by dpctl's protocol."""

    def _get_capsule(self):
        return None


@every_kind
def test_what_was_copied_comes_back(kind):
    memory = KINDS[kind](5)
    assert memory.nbytes == memory.size == len(memory) == 5 and memory.get_usm_type() == kind
    memory.copy_from_host(b"abcde")
    memory.copy_from_host(bytearray(b"AB"))
    assert memory.tobytes() == bytes(memory) == b"ABcde"
    into = bytearray(6)
    assert memory.copy_to_host(into) is into and into == b"ABcde\0"
    np.testing.assert_array_equal(memory.copy_to_host(), np.frombuffer(b"ABcde", np.uint8))
    memory.memset(7)
    assert memory.tobytes() == bytes([7] * 5)
    other = KINDS[kind](5)
    other.copy_from_device(memory)
    assert other.tobytes() == bytes([7] * 5)
    assert memory.queue is memory.sycl_queue is metate.get_current_queue()
    assert memory.device is memory.sycl_device is memory.queue.device and memory.sycl_context == memory.queue.context


@every_kind
def test_pickling(kind):
    memory = KINDS[kind](3, queue=metate.Queue())
    memory.copy_from_host(b"xyz")
    again = pickle.loads(pickle.dumps(memory))
    assert type(again) is KINDS[kind] and again.tobytes() == b"xyz"


@every_kind
def test_alignment(kind):
    memories = [KINDS[kind](100, alignment=alignment) for alignment in (0, 1, 64, 256, 4096)]
    assert [memory._pointer % max(alignment, 64) for memory, alignment in zip(memories, (0, 1, 64, 256, 4096))] == [0] * 5


def test_buffers():
    for kind in ("shared", "host"):
        memory = KINDS[kind](16)
        array = np.ndarray(2, np.float64, buffer=memory)
        array[:] = 1, 2
        double[2](array)
        assert np.frombuffer(memory.tobytes()).tolist() == [2, 4]
        del memory
        gc.collect()
        assert array.tolist() == [2, 4]
    with pytest.raises(BufferError, match="copy_to_host"):
        memoryview(metate.MemoryUSMDevice(16))


def test_sharing_and_copying():
    memory = metate.MemoryUSMShared(8)
    memory.copy_from_host(b"12345678")
    shared = metate.MemoryUSMShared(memory)
    assert shared.reference_obj is memory and shared._pointer == memory._pointer and memory.reference_obj is None
    copied = metate.MemoryUSMDevice(memory, copy=True)
    memory.memset(0)
    assert copied.tobytes() == b"12345678" and shared.tobytes() == bytes(8)
    with pytest.raises(ValueError, match="MemoryUSMHost cannot share memory of kind 'shared'; copy=True makes a copy"):
        metate.MemoryUSMHost(memory)
    assert type(metate.as_usm_memory(copied)) is metate.MemoryUSMDevice
    part = metate.as_usm_memory(View(copied, "u1", (3,), offset=2))
    assert part.tobytes() == b"345"
    address = memory._pointer
    del memory
    gc.collect()
    assert shared._pointer == address and shared.tobytes() == bytes(8)


def test_views_as_kernel_arguments():
    memory = metate.MemoryUSMDevice(12 * 4)
    memory.copy_from_host(np.arange(12, dtype=np.float32))

    @metate.kernel
    def negate(x):
        i, j = metate.get_global_id(0), metate.get_global_id(1)
        x[i, j] = -x[i, j]

    negate[metate.Range(2, 3)](View(memory, np.float32, (2, 3), strides=(6, -1), offset=3))
    expected = np.arange(12, dtype=np.float32)
    expected[1:4] *= -1
    expected[7:10] *= -1
    np.testing.assert_array_equal(np.frombuffer(memory.tobytes(), np.float32), expected)
    with pytest.raises(TypeError, match="read-only"):
        negate[metate.Range(2, 3)](View(memory, np.float32, (2, 3), readonly=True))
    double[0](View(memory, np.float32, (0,)))


def test_a_device_as_syclobj_is_its_default_queue():
    memory = metate.MemoryUSMShared(4)
    for stands_for in (memory.device, memory.device.filter_string, memory.queue.context):
        view = View(memory, "u1", (4,), syclobj=stands_for)
        memory.memset(3)
        double[4](view)
        assert memory.tobytes() == bytes([6] * 4) and metate.as_usm_memory(view).queue is memory.queue


@pytest.mark.parametrize("make, error, message", [
    (lambda: metate.MemoryUSMShared(0), ValueError, "at least one byte"),
    (lambda: metate.MemoryUSMShared(-1), ValueError, "at least one byte"),
    (lambda: metate.MemoryUSMShared(1.5), TypeError, "integer"),
    (lambda: metate.MemoryUSMShared(8, alignment=3), ValueError, "power of two"),
    (lambda: metate.MemoryUSMShared(8, alignment=-8), ValueError, "power of two"),
    (lambda: metate.MemoryUSMShared(8, queue=3), TypeError, "a device is a Device or a filter string"),
    (lambda: metate.MemoryUSMDevice(1 << 60), metate.errors.USMAllocationError, "cannot allocate 1152921504606846976"),
    (lambda: metate.MemoryUSMDevice(2**70), MemoryError, "no machine has as many addresses"),
    (lambda: metate.MemoryUSMDevice(8, alignment=2**70), ValueError, "no memory is aligned"),
])
def test_memory_that_cannot_be(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize("change, error, message", [
    ({"shape": None}, TypeError, "has no 'shape'"),
    ({"shape": 3}, TypeError, "'shape' that is no tuple"),
    ({"shape": (1.5,)}, TypeError, "not made of integers"),
    ({"shape": (-1,)}, TypeError, "negative extent"),
    ({"strides": (1, 1)}, TypeError, "more or fewer strides"),
    ({"typestr": ">f8"}, TypeError, "cannot take an array of dtype"),
    ({"typestr": "|O"}, TypeError, "cannot take an array of dtype"),
    ({"data": 3}, TypeError, "no pair of an address and a flag"),
    ({"data": (1.5, False)}, TypeError, "integer"),
    ({"syclobj": None}, TypeError, "has no 'syclobj'"),
    ({"version": None}, TypeError, "has no 'version'|is of version None"),
    ({"version": 2}, TypeError, "is of version 2, and Metate knows version 1"),
    ({"version": "1"}, TypeError, "'version' that is not made of integers|is of version 1"),
    ({"syclobj": Foreign()}, TypeError, "another SYCL runtime"),
    ({"syclobj": 3.5}, TypeError, "a device is a Device or a filter string"),
    ({"shape": (2**32, 2**32)}, TypeError, "more elements than there are addresses"),
    ({"shape": (2**31, 2**33), "strides": (0, 0)}, TypeError, "more elements than there are addresses"),
    ({"shape": (2**61,), "strides": (0,), "typestr": "<f8"}, TypeError, "more elements than there are addresses"),
    ({"shape": (0, 2**61), "typestr": "<f8"}, TypeError, "more elements than there are addresses"),
    ({"strides": (2**62,)}, TypeError, "more elements than there are addresses"),
    ({"typestr": "<f8", "offset": 2**62}, TypeError, "more elements than there are addresses"),
    ({"shape": (9,)}, ValueError, "not, or no longer, in memory that Metate allocated"),
    ({"offset": 5}, ValueError, "not, or no longer, in memory that Metate allocated"),
    ({"strides": (-1,)}, ValueError, "not, or no longer, in memory that Metate allocated"),
    ({"data": (64, False)}, ValueError, "not, or no longer, in memory that Metate allocated"),
])
def test_interfaces_that_make_no_sense(change, error, message):
    memory = metate.MemoryUSMShared(8)
    view = View(memory, "u1", (4,))
    view.__sycl_usm_array_interface__.update(change)
    with pytest.raises(error, match=message):
        double[4](view)
    with pytest.raises(error, match=message):
        metate.as_usm_memory(view)
    if change.keys() & {"version", "syclobj"}:
        with pytest.raises(error, match=message):
            metate.asarray(view)


def test_freed_memory_is_refused():
    memory = metate.MemoryUSMShared(1000)
    view = SimpleNamespace(__sycl_usm_array_interface__=memory.__sycl_usm_array_interface__)
    double[4](view)
    del memory
    gc.collect()
    with pytest.raises(ValueError, match="no longer, in memory that Metate allocated"):
        double[4](view)


@pytest.mark.parametrize("copy, error, message", [
    (lambda queue, memory: queue.memcpy(memory, b"abc", 4), ValueError, "there are 3 bytes, fewer than 4"),
    (lambda queue, memory: queue.memcpy(memory, bytes(100), 9), ValueError, "there are 8 bytes, fewer than 9"),
    (lambda queue, memory: queue.memcpy(memory, bytes(8), -1), ValueError, "cannot be negative"),
    (lambda queue, memory: queue.memcpy(b"abcd", memory, 4), ValueError, "read-only"),
    (lambda queue, memory: queue.memcpy(View(memory, "u1", (4,), readonly=True), b"abcd", 4), ValueError, "read-only"),
    (lambda queue, memory: queue.memcpy(memory, 3, 4), TypeError, "not on a int"),
    (lambda queue, memory: queue.memcpy(memory, np.zeros(8)[::2], 4), ValueError, "ascontiguousarray"),
    (lambda queue, memory: queue.memcpy(memory, View(memory, "u1", (4,), strides=(2,)), 4), ValueError, "one piece"),
    (lambda queue, memory: queue.memcpy(memory, View(memory, "u1", (4,), offset=1), 4), ValueError, "overlap"),
    (lambda queue, memory: queue.memcpy(memory, b"abcd", 1.5), TypeError, "as an integer"),
    (lambda queue, memory: queue.memset(memory, 256), ValueError, "a byte from 0 to 255"),
    (lambda queue, memory: queue.memset(memory, 1, 9), ValueError, "fewer than 9"),
    (lambda queue, memory: queue.fill(memory, b"abc", 1), ValueError, "1, 2, 4, 8 or 16 bytes"),
    (lambda queue, memory: queue.prefetch(memory, 9), ValueError, "fewer than 9"),
    (lambda queue, memory: queue.mem_advise(memory, 8, 99), ValueError, "a number from 0 to 7"),
    (lambda queue, memory: memory.copy_to_host(bytearray(7)), ValueError, "there are 7 bytes to copy 8 bytes to"),
    (lambda queue, memory: memory.copy_from_host(bytes(9)), ValueError, "fewer than 9"),
    (lambda queue, memory: memory.copy_from_device(metate.MemoryUSMHost(9)), ValueError, "fewer than 9"),
    (lambda queue, memory: memory.copy_from_device(b"abc"), AttributeError, "__sycl_usm_array_interface__"),
])
def test_copies_that_make_no_sense(copy, error, message):
    queue = metate.Queue()
    memory = metate.MemoryUSMShared(8, queue=queue)
    memory.memset(5)
    with pytest.raises(error, match=message):
        copy(queue, memory)
    assert memory.tobytes() == bytes([5] * 8)


def test_commands_on_memory():
    queue = metate.Queue(property="in_order")
    memory = metate.MemoryUSMDevice(16, queue=queue)
    queue.fill(memory, np.float32(1.5), 4)
    queue.prefetch(memory, 16)
    queue.mem_advise(memory, 16, 0).wait()
    assert np.frombuffer(memory.tobytes(), np.float32).tolist() == [1.5] * 4
    first = queue.memset_async(memory, 1)
    second = queue.fill_async(memory, b"ab", 2, dEvents=[first])
    host = np.zeros(2, np.int64)
    third = queue.copy_async(host, memory, 2, np.int64, dEvents=[first, second])
    third.wait()
    assert host.tobytes() == b"abab" + bytes([1] * 12)
    queue.copy(memory, host[::-1].copy(), 1, "i8")
    queue.memset(memory, 0, 1)
    assert memory.tobytes() == b"\0" + bytes([1] * 7) + bytes([1] * 8)
    assert queue.memcpy(memory, b"", 0).execution_status == "complete"
    queue.memcpy_async(memory, bytes(16), 0, dEvents=first).wait()
    between_hosts = bytearray(3)
    queue.memcpy(between_hosts, b"xyz", 3)
    assert between_hosts == b"xyz"


def test_more_elements_than_addresses():
    with pytest.raises(metate.errors.USMAllocationError, match="no machine has as many addresses"):
        metate.zeros((1 << 40, 1 << 40))
