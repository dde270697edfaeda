"""NumPy's functions that forward to methods of their names compute with device arrays on the device."""

import metate
import numpy as np
import pytest
from metate.errors import ExecutionQueueInferenceError

HOST = np.array([[3.0, -1, 4], [1, 5, -9]])
DTYPES = [{}, {"dtype": "f4"}]
DDOF = [{}, {"ddof": 1}, {"dtype": "f4", "ddof": 1}]
CALLS = {
    np.sum: DTYPES, np.prod: DTYPES, np.mean: DTYPES, np.std: DDOF, np.var: DDOF,
    np.max: [{}], np.min: [{}], np.amax: [{}], np.any: [{}], np.all: [{}], np.argmax: [{}], np.argmin: [{}],
}
CASES = [(function, more) for function, calls in CALLS.items() for more in calls]
RUNNING = [(np.cumsum, {}), (np.cumprod, {"dtype": "f4"})]


def same(given, expected):
    assert isinstance(given, metate.DeviceArray)
    assert (given.shape, given.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(metate.asnumpy(given), expected, rtol=1e-6 if expected.dtype == "f4" else 1e-14)


@pytest.fixture
def x():
    return metate.asarray(HOST, queue=metate.Queue())


@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"axis": -1, "keepdims": True}])
@pytest.mark.parametrize("function, more", CASES)
def test_reductions(x, function, more, options):
    given = function(x, **options, **more)
    same(given, function(HOST, **options, **more))
    assert given.queue is x.queue


@pytest.mark.parametrize("function, more", CASES + RUNNING)
def test_out(x, function, more):
    expected = function(HOST, axis=0, **more)
    out = metate.empty(expected.shape, expected.dtype, device=x.device)
    assert function(x, axis=0, out=out, **more) is out
    same(out, expected)


@pytest.mark.parametrize("function, more", RUNNING)
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_running_reductions(x, function, more, axis):
    same(function(x, axis=axis, **more), function(HOST, axis=axis, **more))


@pytest.mark.parametrize("compute", [
    lambda a: np.clip(a, -2, 3),
    lambda a: np.round(a / 7, 2),
    lambda a: np.take(a, np.array([2, 0]), axis=1),
    lambda a: np.take(a, np.array([-3, 9]), mode="clip"),
    np.argsort,
    lambda a: np.argsort(a, axis=None, kind="stable"),
    lambda a: np.repeat(a, 2, axis=0),
    lambda a: np.transpose(np.squeeze(np.reshape(a, (3, 1, 2)))),
    lambda a: np.swapaxes(a, 0, 1),
])
def test_functions_of_arrays(x, compute):
    same(compute(x), compute(HOST))


@pytest.mark.parametrize("compute", [
    lambda a, out: np.clip(a, -2, 3, out=out),
    lambda a, out: np.round(a, 1, out=out),
    lambda a, out: np.take(a, [0, 1], axis=0, out=out),
])
def test_out_of_functions_of_arrays(x, compute):
    out = metate.empty(HOST.shape, device=x.device)
    assert compute(x, out) is out
    same(out, compute(HOST, np.empty_like(HOST)))


def test_positions_of_parameters_are_those_of_numpy(x):
    out = metate.empty(3, "f4", device=x.device)
    assert x.sum(0, "f4", out) is x.std(0, "f4", out, 1) is x.max(0, out) is x.mean(0, None, out) is out
    same(out, HOST.mean(0).astype("f4"))  # "same_kind" casts


def test_arrays_for_results_have_to_fit(x):
    with pytest.raises(ValueError, match=r"sum: the result is of shape \(3,\), and out of shape \(2,\)"):
        np.sum(x, axis=0, out=metate.empty(2, device=x.device))
    with pytest.raises(TypeError, match="cannot cast results of mean from float64 to int64 by the rule 'same_kind'"):
        np.mean(x, axis=0, out=metate.empty(3, int, device=x.device))
    with pytest.raises(TypeError, match="do not mix"):
        np.max(x, axis=0, out=np.empty(3))
    with pytest.raises(ExecutionQueueInferenceError):
        np.sum(x, axis=0, out=metate.empty(3))


@pytest.mark.parametrize("function", [np.sum, np.prod, np.max, np.min])
def test_other_parameters_are_refused_by_name(x, function):
    for other in ({"initial": 1}, {"where": HOST > 0}):
        with pytest.raises(TypeError, match=rf"{function.__name__}\(\) .*'{next(iter(other))}'"):
            function(x, **other)
    for more in (np.mean, np.std, np.any, np.all):
        with pytest.raises(TypeError, match=rf"{more.__name__}\(\) .*'where'"):
            more(x, where=HOST > 0)
    with pytest.raises(ValueError, match="no fields"):
        x.argsort(order="a")
    with pytest.raises(ValueError, match="mode is 'raise' or 'clip', not 'wrap'"):
        x.take([1], mode="wrap")
