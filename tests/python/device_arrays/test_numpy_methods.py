"""Methods of device arrays that NumPy's arrays have and the array API standard has not, compared with NumPy's."""

import numpy as np
import pytest

import metate

CALLS = {
    "argsort": [(), (0,)], "clip": [(2.0, 5.0)], "conj": [()], "conjugate": [()], "cumprod": [(), (1,)], "cumsum": [(), (0,)],
    "diagonal": [(), (1,), (-2,)], "flatten": [()], "ravel": [()], "repeat": [(2,), (3, 1)], "round": [(), (1,), (-1,)],
    "squeeze": [()], "std": [(), (1,), (0, None, None, 1)], "swapaxes": [(0, 1)], "take": [([3, 0],), ([1, 1], 1)], "trace": [()],
    "transpose": [(), (1, 0), ((1, 0),)], "var": [(), (0,)],
}


@pytest.mark.parametrize("name, arguments", [(name, each) for name, calls in CALLS.items() for each in calls])
@pytest.mark.parametrize("order", ["C", "F"])
def test_as_numpy(name, arguments, order):
    host = np.asarray(np.random.default_rng(4).normal(0, 30, (3, 4)), order=order)
    array = metate.asarray(host) if order == "C" else metate.asarray(host.T).T
    expected = getattr(host, name)(*arguments)
    if name in ("std", "var") and len(arguments) == 4:
        got = getattr(array, name)(arguments[0], ddof=arguments[3])
    else:
        got = getattr(array, name)(*[metate.asarray(each) if isinstance(each, list) else each for each in arguments])
    assert got.shape == expected.shape and got.dtype == expected.dtype
    np.testing.assert_allclose(metate.asnumpy(got), expected, rtol=1e-12)


def test_what_works_where_the_elements_are():
    host = np.array([[3.0, 1.0, 2.0], [9.0, 8.0, 7.0]])
    array = metate.asarray(host)
    array.sort()
    np.testing.assert_array_equal(metate.asnumpy(array), np.sort(host))
    array.sort(axis=0)
    array[0].fill(4)
    np.testing.assert_array_equal(metate.asnumpy(array), [[4, 4, 4], [7, 8, 9]])
    assert [places.tolist() for places in (array > 7).nonzero()] == [[1, 1], [1, 2]]
    view = array.transpose()
    view[0, 0] = -1
    assert float(array[0, 0]) == -1


@pytest.mark.parametrize("shapes", [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4))])
def test_dot(shapes):
    first, second = (np.arange(float(np.prod(shape))).reshape(shape) for shape in shapes)
    got = metate.asarray(first).dot(metate.asarray(second))
    np.testing.assert_allclose(metate.asnumpy(got), first.dot(second))
    out = metate.empty(got.shape)
    assert metate.asarray(first).dot(metate.asarray(second), out=out) is out
    np.testing.assert_allclose(metate.asnumpy(metate.asarray(first).dot(2.0)), first * 2)
