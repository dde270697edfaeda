"""Arrays of two queues do not mix: the error names both. What lies on the host is copied."""

import re

import metate
import numpy as np
import pytest
from metate import DeviceArray
from metate.errors import ExecutionQueueInferenceError

HOST = np.arange(6.0)
xp = metate.ones(1).__array_namespace__()


@pytest.fixture
def x():
    return metate.asarray(HOST, queue=metate.Queue())


def put_at(x, key, value):
    x[key] = value
    return x


MIXED = {
    "an index array": (lambda x, other: x[other], [0, 5, 2]),
    "an index without axes": (lambda x, other: x[other], 1),
    "a bound of a slice": (lambda x, other: x[other:], 1),
    "an index without axes that is written to": (lambda x, other: put_at(x, other, 1.0), 1),
    "an empty index array": (lambda x, other: x[other], np.empty(0, int)),
    "one of several index arrays": (lambda x, other: x.reshape(2, 3)[xp.asarray([1, 0], device=x.device), other], [2, 0]),
    "a list of numbers": (lambda x, other: x[[other[0], other[1]]], [4, 1]),
    "a mask": (lambda x, other: x[other], HOST > 2),
    "a mask without axes": (lambda x, other: x[other], True),
    "an index array that is written to": (lambda x, other: put_at(x, other, 5), [3, 1]),
    "a mask that is written to": (lambda x, other: put_at(x, other, 0), HOST > 2),
    "a mask of one of the axes": (lambda x, other: put_at(x.reshape(2, 3), (other, 0), 0), [False, True]),
    "numbers that are written": (lambda x, other: put_at(x, slice(2), [other[0], other[1]]), [7, 8]),
    "take": (lambda x, other: xp.take(x, other), [1, 1]),
    "take of a mode": (lambda x, other: xp.take(x, other, mode="clip"), [1, 9]),
    "take, the method": (lambda x, other: x.take(other), [1, 1]),
    "take_along_axis": (lambda x, other: xp.take_along_axis(x, other), [5, 0, 0]),
    "put": (lambda x, other: xp.put(x, other, 3), [1, 2]),
    "put_along_axis": (lambda x, other: xp.put_along_axis(x, other, 3), [1, 2]),
    "repeat": (lambda x, other: xp.repeat(x, other), [0, 1, 2, 0, 1, 3]),
    "repeat, the method": (lambda x, other: x.repeat(other), [0, 1, 2, 0, 1, 3]),
    "extract": (lambda x, other: xp.extract(other, x), HOST > 2),
    "place": (lambda x, other: xp.place(x, other, xp.asarray([1.0], device=x.device)), HOST > 2),
    "values of place": (lambda x, other: xp.place(x, x > 2, other), [1.0, 2.0]),
    "a sorter": (lambda x, other: xp.searchsorted(x, x, sorter=other), np.arange(6)),
}


@pytest.mark.parametrize("compute, host", MIXED.values(), ids=MIXED)
def test_an_array_of_another_queue_is_refused(x, compute, host):
    other = metate.asarray(np.asarray(host))
    with pytest.raises(ExecutionQueueInferenceError, match=re.escape(repr(x.queue))) as refused:
        compute(x, other)
    assert repr(other.queue) in str(refused.value)
    np.testing.assert_array_equal(metate.asnumpy(x), HOST)  # nothing was written
    result = compute(x, other.to_device(x.device))
    assert result is None or result.queue is x.queue


def test_elements_of_two_queues_make_no_array(x):
    y = metate.asarray(HOST)
    for mixed in ([x[0], y[0]], [[x[0], 1], [2, y[0]]], (x[0], [y[0]][0]), [x, y]):
        with pytest.raises(ExecutionQueueInferenceError, match="two"):
            metate.asarray(mixed)
    made = metate.asarray([[x[0], 1], [2, x[5]]])
    assert made.queue is x.queue
    np.testing.assert_array_equal(metate.asnumpy(made), [[0, 1], [2, 5]])
    asked = metate.asarray([x[1], y[2]], queue=y.queue)  # a place that is named is where things go
    assert asked.queue is y.queue and metate.asnumpy(asked).tolist() == [1, 2]
    asked = metate.asarray([x, y], queue=y.queue)
    assert asked.queue is y.queue and metate.asnumpy(asked).tolist() == [HOST.tolist()] * 2


class Foreign:
    """Another library's array, in the memory of a device array."""

    def __init__(self, array):
        self.array = array
        self.__sycl_usm_array_interface__ = array.__sycl_usm_array_interface__


def test_arrays_of_other_libraries_belong_to_their_queues(x):
    indices = metate.asarray([1, 2])
    with pytest.raises(ExecutionQueueInferenceError):
        xp.take(x, Foreign(indices))
    taken = xp.take(x, Foreign(indices.to_device(x.device)))
    assert taken.queue is x.queue and metate.asnumpy(taken).tolist() == [1, 2]


@pytest.mark.parametrize("compute, expected", [
    (lambda x: x[[0, 2]], [0, 2]),
    (lambda x: x[np.array([0, 2])], [0, 2]),
    (lambda x: x[HOST > 3], [4, 5]),
    (lambda x: put_at(x, HOST > 3, 0), [0, 1, 2, 3, 0, 0]),
    (lambda x: put_at(x, [1, 2], [8, 9]), [0, 8, 9, 3, 4, 5]),
    (lambda x: xp.take(x, [1, 2]), [1, 2]),
    (lambda x: xp.take_along_axis(x, np.array([1, 2])), [1, 2]),
    (lambda x: xp.repeat(x, np.array([0, 1, 0, 0, 2, 0])), [1, 4, 4]),
    (lambda x: xp.searchsorted(x, np.array([1.0, 4.0])), [1, 4]),
])
def test_what_lies_on_the_host_is_copied(x, compute, expected):
    result = compute(x)
    assert isinstance(result, DeviceArray) and result.queue is x.queue
    np.testing.assert_array_equal(metate.asnumpy(result), expected)
