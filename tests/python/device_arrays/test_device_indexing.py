"""Indices of device arrays mean what those of NumPy arrays mean."""

import metate
import numpy as np
import pytest

HOST = np.arange(2 * 3 * 4).reshape(2, 3, 4)
VIEWS = [0, -1, slice(1, None), slice(None, None, -2), Ellipsis, None, (1, 2, 3), (slice(None), 1), (..., 0), (0, ..., None),
         (None, slice(0, 0)), (slice(None), slice(2, 0, -1), slice(1, 3)), ()]
ARRAYS = [[0, 1, 0], [[0], [-1]], (slice(None), [2, 0]), (..., [3, -4, 1]), ([0, 1], [2, 1]), ([0, 1], slice(None), [3, 0]),
          (0, slice(None), [1, 2]), (0, [1, 2]), (slice(None), 1, [0, 3]), (slice(None, None, -1), [0, 2], slice(1, 3)),
          (None, [1, 0], ...), ([0, 1], None, [2, 1]), (slice(None), [[0, 1], [2, 0]], [1, 2]), ([1], [2], [3]), []]
MASKS = [HOST > 7, HOST[:, 0, 0] > 3, (slice(None), HOST[0, :, 0] > 3), (slice(None), HOST[0] % 3 == 0), True, False,
         (..., HOST[0, 0] > 1), HOST < 0, (0, HOST[0] > 4), (slice(None), [True, False, True], [1, 2]),
         np.zeros((2, 0), bool), np.zeros((0, 3, 4), bool), (slice(None), np.zeros((3, 0), bool))]  # empty along an axis


@pytest.fixture
def array():
    return metate.asarray(HOST)


def on_device(key):
    """`key` with device arrays in place of NumPy's."""
    if isinstance(key, tuple):
        return tuple(map(on_device, key))
    return metate.asarray(key) if isinstance(key, np.ndarray) else key


@pytest.mark.parametrize("key", VIEWS, ids=str)
def test_views(array, key):
    view = array[key]
    assert view.shape == HOST[key].shape
    view[...] = -5
    expected = HOST.copy()
    expected[key] = -5
    np.testing.assert_array_equal(metate.asnumpy(array), expected)


@pytest.mark.parametrize("key", [*ARRAYS, *MASKS], ids=str)
def test_copies(array, key):
    expected = HOST[key]
    for given in (array[key], array[on_device(key)]):
        assert given.shape == expected.shape and given.dtype == expected.dtype
        np.testing.assert_array_equal(metate.asnumpy(given), expected)


@pytest.mark.parametrize("key", [*ARRAYS[1:], *MASKS], ids=str)
@pytest.mark.parametrize("transposed", [False, True])
def test_assignment(array, key, transposed):
    host = HOST.copy()
    if transposed:  # not in C's order in memory, but of the same shape
        array = metate.asarray(np.ascontiguousarray(HOST.T)).T
    array[on_device(key)] = -1
    host[key] = -1
    np.testing.assert_array_equal(metate.asnumpy(array), host)
    values = np.arange(host[key].size).reshape(host[key].shape)
    array[on_device(key)] = metate.asarray(values)
    host[key] = values
    places, counts = np.unique(np.arange(host.size).reshape(host.shape)[key], return_counts=True)
    once = np.isin(np.arange(host.size), places[counts == 1]) | ~np.isin(np.arange(host.size), places)
    np.testing.assert_array_equal(metate.asnumpy(array).ravel()[once], host.ravel()[once])


def test_long_masks():
    host = np.arange(100_000) % 7 == 3
    np.testing.assert_array_equal(metate.asnumpy(metate.arange(100_000)[metate.asarray(host)]), np.nonzero(host)[0])


def test_values_are_cast_and_broadcast(array):
    host = HOST.copy()
    array[:, 1] = metate.asarray([1.5, 2.5, 3.5, 4.5])
    host[:, 1] = [1.5, 2.5, 3.5, 4.5]
    array[0, 0] = [7, 8, 9, 10]
    host[0, 0] = [7, 8, 9, 10]
    array[..., 0] = True
    host[..., 0] = True
    np.testing.assert_array_equal(metate.asnumpy(array), host)


@pytest.mark.parametrize("index, error, message", [
    (lambda a: a[2], IndexError, "out of bounds for axis 0"),
    (lambda a: a[0, 0, 0, 0], IndexError, "too many indices"),
    (lambda a: a[[0], 0, 0, 0], IndexError, "too many indices"),
    (lambda a: a["x"], IndexError, "only integers, slices"),
    (lambda a: a[1.0], IndexError, "only integers, slices"),
    (lambda a: a[[0.5]], IndexError, "must be of integer"),
    (lambda a: a[[0, 2]], IndexError, "out of range"),
    (lambda a: a[[0, -3]], IndexError, "out of range"),
    (lambda a: a[..., [4]], IndexError, "out of range"),
    (lambda a: a[[True, False, True]], IndexError, "boolean index did not match"),
    (lambda a: a[..., [0], ...], IndexError, "single ellipsis"),
    (lambda a: a.__setitem__(0, np.ones(4)), TypeError, r"metate\.asarray\(a\)"),
    (lambda a: a.__setitem__([2], 1), IndexError, "out of range"),
    (lambda a: a.__setitem__(0, metate.ones(3)), ValueError, "cannot be broadcast"),
    (lambda a: a.__setitem__(0, metate.ones(4, queue=metate.Queue())), metate.errors.ExecutionQueueInferenceError, "two"),
])
def test_what_cannot_be(array, index, error, message):
    with pytest.raises(error, match=message):
        index(array)
