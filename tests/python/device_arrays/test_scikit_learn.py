"""Scikit-learn computes with device arrays on their device: nothing but single numbers comes to the host."""

import os

import metate
import numpy as np
import pytest

os.environ.setdefault("SCIPY_ARRAY_API", "1")  # before SciPy is imported, says scikit-learn
sklearn = pytest.importorskip("sklearn", reason="scikit-learn is not installed")
metrics = pytest.importorskip("sklearn.metrics")
preprocessing = pytest.importorskip("sklearn.preprocessing")

pytestmark = pytest.mark.full
random = np.random.default_rng(0)
LARGEST_NUMBER = 16  # bytes


def scaled(x):
    scaler = preprocessing.MinMaxScaler((1, 3), clip=True).fit(x)
    return scaler.inverse_transform(scaler.transform(x))


def samples(dtype):
    return random.normal(size=(200, 4)).astype(dtype)


def labels():
    return random.integers(0, 3, 200)


@pytest.fixture
def copies(monkeypatch):
    """The bytes of each copy that goes to the host. The host does not reach the arrays' memory in any other way."""
    sizes = []
    original = metate.Queue.memcpy

    def counted(self, dest, src, count):
        if not hasattr(dest, "__sycl_usm_array_interface__"):
            sizes.append(count)
        return original(self, dest, src, count)

    monkeypatch.setattr(metate.Queue, "memcpy", counted)
    with pytest.raises(BufferError):
        memoryview(metate.ones(1).usm_data)
    with pytest.raises(TypeError):
        np.asarray(metate.ones(1))
    metate.asnumpy(metate.ones(9))
    assert sizes.pop() == 72  # it counts
    return sizes


@pytest.mark.parametrize("make_queue", [metate.get_current_queue, metate.Queue], ids=["current queue", "own queue"])
@pytest.mark.parametrize("compute, arguments, gives_array", [
    (lambda x: preprocessing.MinMaxScaler().fit_transform(x), [samples("f4")], True),
    (lambda x: preprocessing.MinMaxScaler().fit_transform(x), [samples("f8")], True),
    (scaled, [samples("f8")], True),
    (lambda x: preprocessing.MinMaxScaler().fit(x).data_range_, [samples("f8")], True),
    *((lambda x, norm=norm: preprocessing.Normalizer(norm).fit_transform(x), [samples(dtype)], True)
      for norm in ("l1", "l2", "max") for dtype in ("f4", "f8")),
    (metrics.mean_squared_error, [samples("f4")[:, 0].copy(), samples("f4")[:, 1].copy()], False),
    (metrics.mean_squared_error, [samples("f8"), samples("f8")], False),
    (lambda x, y: metrics.mean_squared_error(x, y, multioutput="raw_values"), [samples("f8"), samples("f8")], True),
    (metrics.accuracy_score, [labels(), labels()], False),
    (lambda x, y: metrics.accuracy_score(x, y, normalize=False), [labels(), labels()], False),
    (metrics.accuracy_score, [(samples("f8") > 0).astype(int), (samples("f8") > 0.5).astype(int)], False),
])
def test_estimators_and_metrics(copies, make_queue, compute, arguments, gives_array):
    expected = compute(*arguments)
    queue = make_queue()
    arrays = [metate.asarray(each, queue=queue) for each in arguments]
    with sklearn.config_context(array_api_dispatch=True):
        given = compute(*arrays)
    assert isinstance(given, metate.DeviceArray) == gives_array
    assert max(copies, default=0) <= LARGEST_NUMBER and len(copies) < 20
    if gives_array:
        assert (given.queue, given.dtype, given.shape) == (queue, expected.dtype, expected.shape)
        given = metate.asnumpy(given)
    np.testing.assert_allclose(given, expected, rtol=1e-5 if arguments[0].dtype == "f4" else 1e-12)
