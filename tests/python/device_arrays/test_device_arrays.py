"""Device arrays against NumPy: made, seen as views, computed with element by element, brought back."""

import inspect
import pickle
from concurrent.futures import ThreadPoolExecutor

import metate
import numpy as np
import pytest

HOST = np.arange(12.0).reshape(3, 4)


def check(given, expected):
    """The same elements, shape and dtype."""
    assert isinstance(given, metate.DeviceArray)
    expected = np.asarray(expected)
    assert (given.shape, given.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_array_equal(metate.asnumpy(given), expected)


@pytest.fixture
def array():
    return metate.asarray(HOST)


# Made, and brought back.


@pytest.mark.parametrize("make", [
    lambda xp: xp.zeros((2, 3)), lambda xp: xp.ones(4, dtype=np.int16), lambda xp: xp.zeros((2, 0, 3)),
    lambda xp: xp.full((2, 2), True), lambda xp: xp.full(3, 2), lambda xp: xp.full(3, 2.5, dtype=np.float32),
    lambda xp: xp.full((), 1j), lambda xp: xp.arange(5), lambda xp: xp.arange(2, 9, 3), lambda xp: xp.arange(9, 2, -3),
    lambda xp: xp.arange(5, 2), lambda xp: xp.arange(0.0, 1.0, 0.1), lambda xp: xp.arange(5, dtype=np.float32),
    lambda xp: xp.arange(3, 250, 9, dtype=np.uint8), lambda xp: xp.arange(2**62, 2**62 + 3),
    lambda xp: xp.linspace(0, 1, 7), lambda xp: xp.linspace(5, -5, 4, endpoint=False), lambda xp: xp.linspace(2, 3, 1),
    lambda xp: xp.linspace(0, 1j, 5), lambda xp: xp.linspace(0, 1, 5, dtype=np.float32),
    lambda xp: xp.eye(3), lambda xp: xp.eye(3, 4, k=1, dtype=np.int32), lambda xp: xp.eye(4, 2, k=-2),
    lambda xp: xp.eye(3, k=2**40), lambda xp: xp.eye(2, 3, k=-2**31 - 1),
    lambda xp: xp.asarray(3), lambda xp: xp.asarray([[1, 2], [3, 4]]), lambda xp: xp.asarray((1, 2.5), dtype=np.float32),
    lambda xp: xp.asarray(HOST.T), lambda xp: xp.asarray(HOST[:, ::-2]), lambda xp: xp.asarray([]),
    lambda xp: xp.ones_like(xp.asarray(HOST)), lambda xp: xp.zeros_like(xp.asarray(HOST), dtype=np.int8),
    lambda xp: xp.full_like(xp.asarray(HOST), 7), lambda xp: xp.empty_like(xp.asarray(HOST[:0])),
])
def test_creation(make):
    check(make(metate), make(np))


def test_big_endian_numbers_arrive_in_the_order_of_the_device():
    check(metate.asarray(np.arange(4, dtype=">i4")), np.arange(4, dtype=np.int32))


@pytest.mark.parametrize("usm_type", ["device", "shared", "host"])
def test_where_an_array_lies(usm_type):
    queue = metate.Queue()
    array = metate.asarray(HOST, usm_type=usm_type, queue=queue)
    assert array.usm_type == usm_type and array.queue is array.sycl_queue is queue and array.device == queue.device
    assert (array + 1).usm_type == usm_type and (array + 1).queue is queue and array[1:].queue is queue
    assert metate.zeros_like(array).usm_type == usm_type and metate.zeros_like(array).queue is queue
    assert (array + metate.ones(4, queue=queue)).usm_type == "device"
    assert metate.asarray(array) is array
    other = metate.asarray(array, usm_type="host", copy=True)
    assert other.usm_type == "host" and other is not array
    check(other, HOST)


def test_device_context_says_where_arrays_are_made():
    queue = metate.Queue()
    with metate.device_context(queue):
        array = metate.ones(3)
        assert array.queue is queue and metate.ones(3, device=array.device).queue is queue
    assert metate.ones(3).queue is metate.get_current_queue() and metate.ones(3, device=queue).queue is queue


def test_to_device(array):
    queue = metate.Queue()
    moved = array.to_device(queue)
    assert moved.queue is queue and array.to_device(array.queue) is array
    moved[0, 0] = 5  # the memory is the same: it is the same device
    assert float(array[0, 0]) == 5


def test_memory_of_others_is_shared():
    memory = metate.MemoryUSMShared(32)
    array = metate.asarray(memory)
    array[:] = 7
    assert memory.tobytes() == bytes([7] * 32) and array.queue is memory.queue and array.usm_type == "shared"


@pytest.mark.parametrize("array", [HOST, HOST.astype(np.int8), HOST[:0], np.float32(2), HOST > 3])
def test_pickling(array):
    check(pickle.loads(pickle.dumps(metate.asarray(array))), array)


def test_text(array):
    assert str(array) == str(HOST)
    assert repr(array[0]) == f"metate.asarray([0., 1., 2., 3.], dtype=float64, device={array.device.filter_string!r})"


def test_single_numbers(array):
    assert float(array[1, 2]) == 6.0 and int(array[1, 1]) == 5 and complex(array[0, 1]) == 1 and bool(array[0, 1])
    assert array[2, 3].item() == 11.0 and type(array[2, 3].item()) is float and array[:1].tolist() == [[0, 1, 2, 3]]
    assert range(5)[metate.asarray(3)] == 3 and len(array) == 3
    assert [float(row[0]) for row in array] == [0, 4, 8]
    with pytest.raises(TypeError, match=r"one element is a number, not one of shape \(3, 4\)"):
        bool(array)
    with pytest.raises(TypeError, match="integer arrays without axes"):
        range(5)[array[0, 0]]
    for real in int, float:
        with pytest.raises(TypeError, match="complex128 does not turn into a real number"):
            real(array[0, 0] + 1j)


def test_nothing_comes_to_the_host_by_itself(array):
    for convert in (np.asarray, np.array, np.linalg.norm, lambda x: np.concatenate([x, x]), lambda x: np.add(x, HOST),
                    lambda x: HOST + x, lambda x: x + HOST, lambda x: np.add(HOST, HOST, out=x)):
        with pytest.raises(TypeError, match=r"metate\.asnumpy\(a\)"):
            convert(array)


def test_kernels_take_device_arrays(array):
    @metate.kernel
    def double(x):
        i, j = metate.get_global_id(0), metate.get_global_id(1)
        x[i, j] *= 2

    double[metate.Range(2, 3)](array[1:, ::-1][:, :3])
    expected = HOST.copy()
    expected[1:, 1:] *= 2
    check(array, expected)


# Elements.


@pytest.mark.parametrize("compute", [
    lambda a: a + a, lambda a: a * 2 + 1, lambda a: 1 - a, lambda a: a.T + a.T, lambda a: a + a[0], lambda a: a[:, :1] * a,
    lambda a: a[1:, ::-2] / 3, lambda a: -a, lambda a: abs(a - 5), lambda a: a // 3, lambda a: a % 3, lambda a: 2**a,
    lambda a: a > 3, lambda a: a == a.T.T, lambda a: (a > 3) & (a < 7), lambda a: ~(a > 3), lambda a: a != 5,
    lambda a: a[:0] + 1, lambda a: a[0, 0] + a[0, 1], lambda a: a.astype(np.int32) << 2, lambda a: +a,
    lambda a: a.astype(np.int8) + 100, lambda a: a.astype(np.float32) * 1.5, lambda a: a.astype(np.float32) * np.float64(1.5),
    lambda a: a.astype(np.uint8) - a.astype(np.int8), lambda a: a.astype(np.int8) < 1000, lambda a: a.astype(complex) * 2j,
    lambda a: a.astype(bool), lambda a: a.astype(np.complex64) + 1, lambda a: a.astype(np.int64) ** 2,
    lambda a: np.add(a, np.float64(2)), lambda a: np.maximum(a, 4), lambda a: np.hypot(a, a[::-1]), lambda a: np.isnan(a / a),
])
def test_elements(array, compute):
    with np.errstate(all="ignore"):
        check(compute(array), compute(HOST))


def test_functions_of_elements(array):
    given = metate.asnumpy(np.sin(array) + np.exp(-array))
    np.testing.assert_array_max_ulp(given, np.sin(HOST) + np.exp(-HOST), 4)


def test_functions_made_by_vectorize(array):
    @metate.vectorize
    def capped(x, y):
        return x if x < y else y

    check(capped(array, 5), np.minimum(HOST, 5))


def test_ufuncs_of_whole_axes_are_refused_by_name(array):
    @metate.guvectorize(["void(float64[:], float64[:])"], "(n)->(n)")
    def shifted(x, result):
        result[:] = x - x[0]

    @metate.guvectorize(["void(float64[:])"], "(n)->", writable_args=("x",))
    def doubled(x):
        x *= 2

    for ufunc, arguments in ((shifted, (array,)), (shifted, (HOST, array)), (doubled, (array,)), (np.matmul, (array, array.T))):
        with pytest.raises(TypeError, match=rf"^{ufunc.__name__}\(\) takes whole axes, .*metate.asnumpy\(a\)"):
            ufunc(*arguments)
    check(metate.asarray(shifted(metate.asnumpy(array))), HOST - HOST[:, :1])


def test_axes_beyond_the_third():
    host = np.arange(2 * 3 * 2 * 3 * 2).reshape(2, 3, 2, 3, 2)
    array = metate.asarray(host)
    check(array + array, host + host)
    check(array.T - array.T[0], host.T - host.T[0])
    check(array[:, ::2, :, ::-1, :] * array[0, 0, 0, 0], host[:, ::2, :, ::-1, :] * host[0, 0, 0, 0])


def test_in_place(array):
    expected = HOST.copy()
    view = array[1:]
    view += array[:-1]  # overlaps: all is read before
    expected[1:] += HOST[:-1]
    array *= 2
    array.T[1:] -= array.T[:-1]
    expected *= 2
    expected.T[1:] -= expected.T[:-1].copy()
    check(array, expected)
    with pytest.raises(TypeError, match="cannot cast results of add from float64 to int64"):
        array = metate.ones(3, dtype=np.int64)
        array += 1.5
    with pytest.raises(ValueError, match=r"shape \(3,\) cannot take results of shape \(2, 3\)"):
        array += metate.ones((2, 3), dtype=np.int64)


@pytest.mark.parametrize("compute, error, message", [
    (lambda a: a + metate.ones(3), ValueError, "broadcast"),
    (lambda a: a + "x", TypeError, "unsupported operand"),
    (lambda a: a.astype(np.uint8) + 300, OverflowError, "300"),
    (lambda a: a.astype(np.int64) ** -1, ValueError, "negative integer powers"),
    (lambda a: np.power(2, a.astype(np.int8) - 9), ValueError, "negative integer powers"),
    (lambda a: a & a, TypeError, "bitwise_and"),
    (lambda a: np.add.reduce(a), TypeError, "add.reduce is not there for device arrays"),
    (lambda a: np.add(a, a, where=a > 1), TypeError, "add with where is not there"),
    (lambda a: np.divmod(a, a), TypeError, "divmod is not there"),
    (lambda a: (a * 1j).astype(float), TypeError, "real part"),
    (lambda a: metate.asarray("abc"), TypeError, "not of <U3"),
    (lambda a: metate.asarray(HOST, copy=False), ValueError, "copy=False forbids it"),
    (lambda a: metate.empty((2, -1)), ValueError, "negative dimensions"),
    (lambda a: metate.empty(2, usm_type="texture"), ValueError, "'device', 'shared' or 'host', not 'texture'"),
    (lambda a: metate.empty(2, queue="cpu"), TypeError, "takes a metate.Queue, not a str"),
    (lambda a: metate.arange(1, 2, 0), ValueError, "step of 0"),
    (lambda a: hash(a), TypeError, "unhashable"),
])
def test_what_cannot_be(array, compute, error, message):
    with pytest.raises(error, match=message):
        compute(array)


def test_two_queues_are_named(array):
    queue = metate.Queue()
    with pytest.raises(metate.errors.ExecutionQueueInferenceError) as caught:
        array + metate.ones(4, queue=queue)
    assert repr(array.queue) in str(caught.value) and repr(queue) in str(caught.value)


def test_parts_of_complex_numbers():
    z = metate.asarray([1 + 2j, 3 - 4j], dtype="complex64")
    real, imag = z.real, z.imag
    assert real.dtype == imag.dtype == np.float32
    np.testing.assert_array_equal(z.asnumpy(), [1 + 2j, 3 - 4j])
    np.testing.assert_array_equal(metate.asnumpy(imag), [2, -4])
    real[0] = 9  # a view
    assert complex(z[0]) == 9 + 2j
    x = metate.ones(2)
    assert x.imag.dtype == np.float64 and not metate.asnumpy(x.imag).any()
    np.testing.assert_array_equal(metate.asnumpy(x.real), [1, 1])


def test_operators_are_methods():
    """They are called as functions of a class are, whether their operands lie in rows or not."""
    x = metate.asarray(np.arange(4.0))
    assert metate.asnumpy(x.__sub__(1)).tolist() == [-1, 0, 1, 2]
    assert metate.asnumpy(x.__rsub__(1)).tolist() == [1, 0, -1, -2]
    assert metate.asnumpy(metate.DeviceArray.__mul__(x, x)).tolist() == [0, 1, 4, 9]
    assert metate.asnumpy(metate.DeviceArray.__neg__(x[::2])).tolist() == [0, -2]
    assert x.__add__("a") is NotImplemented and x.__radd__(None) is NotImplemented
    assert list(inspect.signature(metate.DeviceArray.__pow__).parameters) == ["self", "other"]
    for wrong in (lambda: x.__add__(), lambda: x.__add__(1, 2), lambda: x.__add__(1, key=2)):
        with pytest.raises(TypeError, match="argument"):
            wrong()


def test_operators_of_two_threads_learn_types_at_once():
    x = metate.asarray(np.arange(8))

    def work(dtype):
        y = x.astype(dtype)
        for number in (1, 1.5):
            assert metate.asnumpy(y + number).tolist() == (metate.asnumpy(y) + number).tolist()

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work, dtype) for dtype in ("i1", "i2", "i4", "i8", "u1", "u2", "f4", "f8")]:
            done.result()
