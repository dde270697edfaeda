"""vectorize: what it makes of arrays and numbers, beside numpy.ufunc and numpy.vectorize."""

import math
import pickle
import traceback

import numpy as np
import pytest

from metate import errors, float64, int64, njit, vectorize
from metate.errors import TypingError


@vectorize
def hypot2(x, y):
    return x * x + y * y


@vectorize(["int32(int32, int32)", "int64(int64, int64)", "float64(float64, float64)"], identity=0)
def add(x, y):
    return x + y


@vectorize(["float64(float64)"], target="parallel")
def root(x):
    return math.sqrt(x)


@vectorize
def inverse(x):
    return 1 // x


def same(actual, expected):
    assert type(actual) is type(expected)
    assert np.asarray(actual).dtype == np.asarray(expected).dtype
    np.testing.assert_array_equal(actual, expected)


x = np.arange(24.0).reshape(2, 3, 4)
OPERANDS = [
    (x, x), (x, 2), (3, x), (x, x[0]), (x[:, :1], x), (x, np.float32(2)), (x[..., ::2], x[..., 1::2]),
    (np.asfortranarray(x), np.asfortranarray(x)), (x.T, x.T), (x[::-1], x), (x[:0], x[:0]), (x[0, 0], x[:, :, :1]),
    (x.astype("f4"), 2.0), (x.astype("i2"), x.astype("u1")), (x.astype("i4"), 2), (2, 3), (2.0, 3), (np.float32(2), 3),
    (np.array(2.0), np.array(3.0)), ([1, 2], (3, 4)), (x.astype("c16"), 1j),
]


@pytest.mark.parametrize("a, b", OPERANDS)
def test_broadcasting_and_dtypes_are_those_of_numpy(a, b):
    given = [one if np.isscalar(one) else np.asarray(one) for one in (a, b)]
    same(hypot2(a, b), np.asarray(hypot2.py_func(*given))[()])


@pytest.mark.parametrize("a, b, dtype", [
    (np.int32(1), np.int32(2), "i4"), (np.int16(1), np.int32(2), "i4"), (np.int32(1), np.int64(2), "i8"),
    (np.int32(1), 2, "i4"), (1, 2, "i8"), (1.5, 2, "f8"), (np.float32(1), 2, "f8"), (True, np.int8(3), "i4"),
    (np.uint32(1), np.uint32(2), "i8"), (np.uint64(1), np.uint64(2), "f8"), (np.ones(3, "i4"), 2.0, "f8"),
])
def test_the_first_loop_that_is_reached_safely(a, b, dtype):
    result = add(a, b)
    assert result.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(result, np.add(a, b))


def test_no_loop():
    with pytest.raises(TypingError, match=r"add\(\) is not declared for"):
        add(1j, 2)
    with pytest.raises(OverflowError):
        add(np.ones(3, "i4"), 2**40)


def test_does_not_broadcast():
    with pytest.raises(ValueError, match=r"could not be broadcast together with shapes \(2,\) \(3,\)"):
        add(np.ones(2), np.ones(3))


def test_out():
    out = np.empty((2, 3))
    assert add(np.ones((2, 3)), np.arange(3), out) is out
    same(out, np.ones((2, 3)) + np.arange(3))
    assert add(out, 1, out=(out,)) is out
    same(out, np.ones((2, 3)) + np.arange(3) + 1)
    with pytest.raises(TypeError, match="cannot store a result of dtype float64 in an array of dtype int64"):
        add(1.5, np.ones(3), out=np.empty(3, int))
    with pytest.raises(TypeError, match="cannot cast"):
        add(1, np.ones(3, int), out=np.empty(3), casting="no")
    whole = np.empty(3, int)
    same(add(1.5, np.ones(3), out=whole, casting="unsafe"), np.array([2, 2, 2]))
    with pytest.raises(ValueError, match="non-broadcastable output operand"):
        add(np.ones(3), np.ones((2, 3)), out=np.empty(3))
    with pytest.raises(TypeError, match="ArrayType"):
        add(1, 2, out=[0])


def test_out_that_overlaps():
    values = np.arange(10.0)
    expected = values.copy()
    np.add(expected[:-1], 1, out=expected[1:])
    add(values[:-1], 1, out=values[1:])
    same(values, expected)


def test_where():
    mask = np.array([True, False, True])
    out = np.full(3, -1)
    assert inverse(np.array([1, 0, -1]), out=out, where=mask) is out
    same(out, np.array([1, -1, -1]))
    same(add(np.arange(3), 1, where=mask)[mask], np.array([1, 3]))
    out = np.zeros((2, 3))
    add(np.ones((2, 3)), 1, out=out, where=mask)
    same(out, np.array([[2.0, 0, 2]] * 2))
    with pytest.raises(TypeError, match="takes bools"):
        add(1, np.ones(3), where=np.ones(3))


def test_dtype():
    same(hypot2(np.arange(3), 2, dtype="f4"), np.add(np.arange(3) ** 2, 4, dtype="f4", casting="same_kind"))
    assert add(np.arange(3), 1, dtype=float).dtype == float
    with pytest.raises(TypeError, match="No loop"):
        add(1, 2, dtype="f4")


def test_attributes():
    assert (add.nin, add.nout, add.nargs, add.identity, add.signature, add.ntypes) == (2, 1, 3, 0, None, 3)
    assert add.types == ["ii->i", "ll->l", "dd->d"] and add.__name__ == "add"
    assert add.signatures[2] == (float64, float64) and "ufunc 'add'" in repr(add)

    @vectorize
    def lazy(x):
        return x + 1

    lazy(np.ones(3, "f4"))
    assert lazy.types == ["f->f"] and lazy.nin == 1


REDUCED = np.random.default_rng(3).integers(-50, 50, (3, 4, 5))


@pytest.mark.parametrize("axis", [0, 1, 2, -1, None, (0, 2), ()])
@pytest.mark.parametrize("keepdims", [False, True])
def test_reduce(axis, keepdims):
    for array in (REDUCED, REDUCED.T, np.asfortranarray(REDUCED), REDUCED[::2, ::-1], REDUCED.astype(float)):
        same(add.reduce(array, axis=axis, keepdims=keepdims), np.add.reduce(array, axis=axis, keepdims=keepdims))


def test_reduce_in_order():
    @vectorize
    def minus(a, b):
        return a - b

    same(minus.reduce(REDUCED), np.subtract.reduce(REDUCED))
    same(minus.reduce(REDUCED[0, 0]), np.subtract.reduce(REDUCED[0, 0]))
    same(minus.reduce(REDUCED[0], axis=1, initial=7), np.subtract.reduce(REDUCED[0], axis=1, initial=7))
    with pytest.raises(ValueError, match="no identity"):
        minus.reduce(REDUCED[:0])
    with pytest.raises(ValueError, match="where mask"):
        minus.reduce(REDUCED, where=REDUCED > 0)


def test_reduce_of_nothing_and_with_where_initial_dtype_out():
    same(add.reduce(REDUCED[:0]), np.add.reduce(REDUCED[:0]))
    same(add.reduce(np.empty(0)), np.float64(0))
    same(add.reduce(REDUCED, where=REDUCED > 0), np.add.reduce(REDUCED, where=REDUCED > 0))
    same(add.reduce(REDUCED, 1, initial=5), np.add.reduce(REDUCED, 1, initial=5))
    same(add.reduce(REDUCED, 1, dtype=float), np.add.reduce(REDUCED, 1, dtype=float))
    out = np.empty((4, 5), int)
    assert add.reduce(REDUCED, out=out) is out
    same(out, REDUCED.sum(0))
    with pytest.raises(np.exceptions.AxisError):
        add.reduce(REDUCED, axis=3)
    with pytest.raises(ValueError, match="binary"):
        root.reduce(REDUCED)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_accumulate(axis):
    for array in (REDUCED, REDUCED.T, REDUCED[:, :0], REDUCED.astype(float)):
        before = array.copy()
        same(add.accumulate(array, axis=axis), np.add.accumulate(array, axis=axis))
        same(array, before)


@pytest.mark.parametrize("axis", [0, 1])
def test_reduceat(axis):
    indices = [0, 2, 1, 1]
    same(add.reduceat(REDUCED, indices, axis=axis), np.add.reduceat(REDUCED, indices, axis=axis))
    with pytest.raises(IndexError):
        add.reduceat(REDUCED, [7], axis=axis)


def test_outer():
    same(add.outer(REDUCED[0], REDUCED[0, 0]), np.add.outer(REDUCED[0], REDUCED[0, 0]))
    same(add.outer(1, 2), np.add.outer(1, 2))


@pytest.mark.parametrize("indices", [[0, 0, 2], (slice(None), [1, 1]), np.array([True, False, True]), 1])
def test_at(indices):
    for make in (np.copy, np.asfortranarray):
        ours, theirs = make(REDUCED[:, :, 0]), make(REDUCED[:, :, 0])
        if make is np.asfortranarray:
            ours, theirs = ours.copy("F"), theirs.copy("F")
        add.at(ours, indices, 3)
        np.add.at(theirs, indices, 3)
        same(ours, theirs)


def test_at_of_one_operand():
    @vectorize
    def negative(x):
        return -x

    values = np.arange(4)
    negative.at(values, [1, 1, 3])
    same(values, np.array([0, 1, 2, -3]))
    values.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        negative.at(values, [0])


def test_parallel_target():
    values = np.linspace(0, 9, 100_001)
    same(root(values), np.sqrt(values))
    same(root(np.float64(9)), np.float64(3))


def test_errors_name_the_functions_line():
    with pytest.raises(ZeroDivisionError) as caught:
        hard(np.zeros(3, int))
    entry = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert entry.name == "hard" and "raise ZeroDivisionError" in entry.line


@vectorize
def hard(x):
    if x == 0:
        raise ZeroDivisionError("zero")
    return 1 // x


def test_in_compiled_code():
    @njit
    def f(a, b):
        return add(a, b) * 2.0

    same(f(np.arange(3), np.ones((2, 1))), (np.arange(3) + np.ones((2, 1))) * 2.0)
    same(f(np.float64(2), np.float64(3)), np.float64(10))

    @njit
    def into(a, out):
        add(a, 1, out)
        return hypot2(a, out)

    out = np.empty(3)
    same(into(np.arange(3.0), out), np.arange(3.0) ** 2 + np.arange(1.0, 4) ** 2)
    same(out, np.arange(1.0, 4))


def test_what_can_be_wrong_with_the_function():
    with pytest.raises(TypingError, match="returns a tuple"):
        vectorize(lambda x: (x, x))(np.ones(2))
    with pytest.raises(TypeError, match="without defaults"):
        vectorize(lambda x=1: x)
    with pytest.raises(TypeError, match="'out'"):
        vectorize(lambda out: out)
    with pytest.raises(TypeError, match="takes 1 arguments"):
        vectorize(["f8(f8, f8)"])(lambda x: x)
    with pytest.raises(TypeError, match="numbers"):
        vectorize(["f8(f8[:])"])(lambda x: x)
    with pytest.raises(TypeError, match="target"):
        vectorize(target="cuda")(lambda x: x)
    with pytest.raises(TypeError, match="positional arguments"):
        add(1)
    assert issubclass(errors.TypingError, TypeError)


def test_pickle():
    assert pickle.loads(pickle.dumps(add)) is add
    _, (_, make, arguments) = vectorize([float64(float64)], target="parallel")(root.py_func).__reduce__()
    same(make(*arguments)(np.float64(4)), np.float64(2))


def test_other_array_types():
    class Other:
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return ufunc, method, len(inputs), sorted(kwargs)

    class Closed:
        __array_ufunc__ = None

    assert add(Other(), 1) == (add, "__call__", 2, [])
    with pytest.raises(TypeError, match="does not support ufuncs"):
        add(1, Closed())


def test_int64_means_numpys_in_declared_loops():
    @vectorize([int64(int64)])
    def f(x):
        return x + 1

    same(f(1), np.int64(2))
