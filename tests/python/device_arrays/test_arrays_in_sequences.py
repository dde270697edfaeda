"""Device arrays of sequences that have device arrays in them: as NumPy's of such sequences, without a way by the host."""

import numpy as np
import pytest

from metate import asarray, asnumpy

X, Y = np.arange(6.0).reshape(2, 3), np.array([[1, -2, 3], [4, 5, 6]], np.int16)


@pytest.mark.parametrize("arrange", [
    lambda x, y: [x, x + 1], lambda x, y: (x, y), lambda x, y: [[x[0], y[0]], [x[1], y[1]]], lambda x, y: [x[0], [1, 2, 3]],
    lambda x, y: [[1.5, 2, 3], y[1]], lambda x, y: [x[:1, 0], x[1:, 2]], lambda x, y: [x[:1, :1]], lambda x, y: [y[:, ::-2], X[:, :2]],
    lambda x, y: [[y[0, 0], 2, y[1, 1]], y[1]], lambda x, y: [x[:0], x[:0]], lambda x, y: [y.T, [(1, 2), [3, 4j], (y[0, 0], 6)]],
    lambda x, y: [y > 2, y < 2],
])
def test_values_shapes_and_dtypes(arrange):
    expected = np.asarray(arrange(X, Y))
    made = asarray(arrange(asarray(X), asarray(Y)))
    assert made.dtype == expected.dtype
    np.testing.assert_array_equal(asnumpy(made), expected, strict=True)


def test_dtype_and_kind_of_memory():
    x, shared = asarray(X), asarray(X, usm_type="shared")
    assert asarray([shared, shared]).usm_type == "shared" and asarray([shared, x]).usm_type == "device"
    assert asarray([x, x], usm_type="host").usm_type == "host"
    made = asarray([x, X.tolist()], dtype="float32")
    assert made.dtype == np.float32 and asnumpy(made).tolist() == [X.tolist()] * 2


def test_the_elements_do_not_come_to_the_host(monkeypatch):
    x = asarray(X)

    def refuse(*_):
        raise AssertionError("a copy to or from the host")
    monkeypatch.setattr(type(x.queue), "memcpy", refuse)
    made = asarray([x, x * 2])
    monkeypatch.undo()
    np.testing.assert_array_equal(asnumpy(made), [X, X * 2])


def test_parts_that_make_no_array():
    x = asarray(X)
    with pytest.raises(ValueError, match=r"shapes \(2, 3\) and \(3,\)"):
        asarray([x, x[0]])
    with pytest.raises(ValueError, match=r"shapes \(3,\) and \(\)"):
        asarray([x[0], 1])
    with pytest.raises(TypeError, match="not of object"):
        asarray([x[0], [None] * 3])
    with pytest.raises(ValueError, match="copy=False"):
        asarray([x, x], copy=False)
