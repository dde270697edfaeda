"""guvectorize: core axes, broadcasting in front of them, results that are made or given."""

import pickle

import numpy as np
import pytest

from metate import float64, guvectorize, njit, void
from metate.gufunc import parse_layout


@guvectorize(["void(int64[:], int64, int64[:])", "void(float64[:], float64, float64[:])"], "(n),()->(n)")
def shifted(x, by, out):
    for i in range(x.shape[0]):
        out[i] = x[i] + by


@guvectorize([void(float64[:, :], float64[:], float64[:])], "(m,n),(n)->(m)")
def product(a, x, out):
    for i in range(a.shape[0]):
        total = 0.0
        for j in range(a.shape[1]):
            total += a[i, j] * x[j]
        out[i] = total


@guvectorize(["void(float64[:], float64[:])"], "(n)->()", target="parallel")
def mean(x, out):
    total = 0.0
    for value in x:
        total += value
    out[0] = total / len(x)


@guvectorize("(n)->(),()")
def extremes(x, low, high):
    low[0] = high[0] = x[0]
    for value in x:
        low[0] = min(low[0], value)
        high[0] = max(high[0], value)


x = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize("a, b", [
    (x, 1.0), (x, np.arange(3.0)), (x[0, 0], np.arange(6.0).reshape(2, 3)), (x[..., ::2], 2), (x.T, 2.0), (x[:, :0], 1.0),
    (x[:1], np.arange(6.0).reshape(2, 3)),
])
def test_loops_over_the_axes_in_front(a, b):
    np.testing.assert_array_equal(shifted(a, b), a + np.asarray(b)[..., None])


def test_the_first_declaration_that_takes_the_inputs():
    assert shifted(np.arange(3), 1).dtype == np.int64
    assert shifted(np.arange(3, dtype="i2"), 1).dtype == np.int64
    assert shifted(np.arange(3, dtype="f4"), 1).dtype == np.float64
    assert shifted([1, 2], 0.5).tolist() == [1.5, 2.5]
    with pytest.raises(TypeError, match="could not be safely coerced"):
        shifted(np.ones(3, complex), 1)


def test_matrices():
    a, v = np.random.default_rng(1).random((5, 1, 3, 4)), np.random.default_rng(2).random((2, 4))
    np.testing.assert_allclose(product(a, v), (a @ v[..., None])[..., 0], rtol=1e-14)


def test_results_without_axes():
    np.testing.assert_array_equal(mean(x), x.mean(-1))
    result = mean(x[0, 0])
    assert type(result) is np.float64 and result == 1.5


def test_several_results_without_signatures():
    low, high = np.empty((2, 3)), np.empty((2, 3))
    given = extremes(x, low, high)
    assert given[0] is low and given[1] is high
    np.testing.assert_array_equal(low, x.min(-1))
    np.testing.assert_array_equal(high, x.max(-1))
    with pytest.raises(TypeError, match="no signatures"):
        extremes(x)


def test_out():
    out = np.empty_like(x)
    assert shifted(x, 1, out=out) is out and shifted(x, 1, out) is out
    np.testing.assert_array_equal(out, x + 1)
    single = np.empty(x.shape, "f4")
    assert shifted(x, 1.0, out=single) is single
    np.testing.assert_array_equal(single, x + 1)
    with pytest.raises(ValueError, match="has shape"):
        shifted(x, 1.0, out=np.empty(3))
    row = np.arange(5.0)
    shifted(row[:-1], 1.0, out=row[1:])
    np.testing.assert_array_equal(row, [0, 1, 2, 3, 4])


def test_sizes_that_do_not_fit():
    with pytest.raises(ValueError, match=r"Input operand 1 has a mismatch in its core dimension 0.*size 3 is different from 4"):
        product(np.ones((2, 4)), np.ones(3))
    with pytest.raises(ValueError, match="does not have enough dimensions"):
        product(np.ones(4), np.ones(4))
    with pytest.raises(ValueError, match="broadcast"):
        product(np.ones((2, 3, 4)), np.ones((5, 4)))


def test_inputs_that_are_numbers_in_arrays():
    @guvectorize(["void(float64[:], intp[:], float64[:])"], "(n),()->(n)")
    def shifted_by_first(x, by, out):
        for i in range(x.shape[0]):
            out[i] = x[i] + by[0]

    np.testing.assert_array_equal(shifted_by_first(x, 2), x + 2)
    np.testing.assert_array_equal(shifted_by_first(x, np.arange(3)), x + np.arange(3)[:, None])


def test_inputs_that_are_written():
    @guvectorize(["void(float64[:], float64)"], "(n),()->", writable_args=("x",))
    def bump(x, by):
        for i in range(x.shape[0]):
            x[i] += by

    values = np.zeros((2, 3))
    assert bump(values, np.array([1.0, 2.0])) is None
    assert values.tolist() == [[1, 1, 1], [2, 2, 2]]


def test_from_compiled_code():
    @njit
    def f(a, out):
        shifted(a, 1.0, out)
        return out

    out = np.empty_like(x)
    np.testing.assert_array_equal(f(x, out), x + 1)
    with pytest.raises(ValueError, match="of size"):
        f(x, np.empty((2, 3, 5)))


@pytest.mark.parametrize("layout", ["(n)", "n->n", "(n)->(2)", "(n->(n)", 3])
def test_layouts_that_cannot_be_read(layout):
    with pytest.raises(ValueError, match="cannot read the layout"):
        parse_layout(layout)


def test_what_can_be_wrong_with_the_function():
    with pytest.raises(TypeError, match="takes 1 arguments, but its layout has 2"):
        guvectorize("(n)->(n)")(lambda x: None)
    with pytest.raises(TypeError, match="has 2 axes"):
        guvectorize(["void(float64[:, :], float64[:])"], "(n)->(n)")(lambda x, y: None)
    with pytest.raises(TypeError, match="returns nothing"):
        guvectorize(["float64(float64[:], float64[:])"], "(n)->(n)")(lambda x, y: None)


def test_calls_stand_in_line_unless_the_target_is_parallel():
    @guvectorize(["void(int64[:], int64[:])"], "(n),(m)->", writable_args=(1,))
    def append(x, log):
        log[0] += 1
        log[log[0]] = x[0]

    log = np.zeros(1001, int)
    append(np.arange(1000).reshape(1000, 1), log)
    np.testing.assert_array_equal(log, [1000, *range(1000)])
    assert "nest serial" in next(iter(append.inspect_ir().values()))
    assert "nest parallel" in next(iter(mean.inspect_ir().values()))


def test_attributes_and_pickle():
    assert (shifted.nin, shifted.nout, shifted.nargs, shifted.signature) == (2, 1, 3, "(n),()->(n)")
    assert shifted.types == ["ll->l", "dd->d"]
    assert pickle.loads(pickle.dumps(shifted)) is shifted


def test_broadcasting_in_compiled_code():
    @njit
    def multiply(a, v, out):
        product(a, v, out)

    @njit(parallel=True)
    def shift(a, by, out):
        shifted(a, by, out)

    numbers = np.random.default_rng(3)
    a, v = numbers.random((5, 1, 3, 4)), numbers.random((2, 4))
    out = np.empty((5, 2, 3))
    multiply(a, v, out)
    np.testing.assert_allclose(out, (a @ v[..., None])[..., 0], rtol=1e-14)
    multiply(a[0, 0], v[:1], out)  # results may have more places than the inputs
    np.testing.assert_allclose(out, np.broadcast_to(a[0, 0] @ v[0], out.shape), rtol=1e-14)

    shifted_by = np.empty((2, 3, 4))
    for given, by in [(x, np.arange(3.0)), (x[:1], np.arange(6.0).reshape(2, 3)), (x[:, :1], np.ones((2, 1))), (x, 2.0)]:
        shift(given, by, shifted_by)
        np.testing.assert_array_equal(shifted_by, np.broadcast_to(given, x.shape) + np.asarray(by)[..., None])


def test_places_that_do_not_fit_in_compiled_code():
    @njit
    def multiply(a, v, out):
        product(a, v, out)

    a = np.ones((5, 3, 4))
    with pytest.raises(ValueError, match="operand 1 has a loop axis of size 2, where another has 5"):
        multiply(a, np.ones((2, 4)), np.empty((5, 3)))
    with pytest.raises(ValueError, match="operand 2 has a loop axis of size 1, where another has 5"):
        multiply(a, np.ones(4), np.empty((1, 3)))  # a result is not stretched
    with pytest.raises(ValueError, match="operand 1 has a core axis of size 3, where another has 4"):
        multiply(a, np.ones(3), np.empty((5, 3)))
    with pytest.raises(TypeError, match="argument '3' of product"):
        multiply(a, np.ones(4), np.empty(3))
