"""The array API standard (2024.12) for device arrays of any shape and dtype, beside NumPy 2, which follows it."""

import math

import metate
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

XP = metate.ones(1).__array_namespace__()
INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS, COMPLEX = ["float32", "float64"], ["complex64", "complex128"]
REAL, NUMERIC = INTEGERS + FLOATS, INTEGERS + FLOATS + COMPLEX
ALL = ["bool", *NUMERIC]
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
FULL = hnp.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=4)  # with elements

standard = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def host_arrays(dtypes, shape=SHAPES):
    """NumPy arrays with small numbers, some of them NaN where there is one."""
    def filled(dtype_and_shape):
        dtype, shape = dtype_and_shape
        few = {"b": st.booleans(), "u": st.integers(0, 9), "i": st.integers(-9, 9)}
        floats = st.one_of(st.integers(-9, 9).map(float), st.just(math.nan))
        elements = few.get(np.dtype(dtype).kind, floats if np.dtype(dtype).kind == "f" else st.builds(complex, floats, floats))
        return st.lists(elements, min_size=math.prod(shape), max_size=math.prod(shape)).map(
            lambda numbers: np.array(numbers, dtype).reshape(shape))

    shape = shape if isinstance(shape, st.SearchStrategy) else st.just(shape)
    return st.tuples(st.sampled_from(dtypes), shape).flatmap(filled)


def device(host, data=None):
    """The array on the device; as a view with other strides now and then."""
    way = data.draw(st.integers(0, 2), label="layout") if data and host.ndim else 0
    if way == 1:
        return metate.asarray(np.ascontiguousarray(host.T)).T
    if way == 2:
        return metate.asarray(np.flip(host).copy())[(slice(None, None, -1),) * host.ndim]
    return metate.asarray(host)


def check(given, expected, tolerance=0.0):
    """The same elements, shape and dtype."""
    expected = np.asarray(expected)
    assert isinstance(given, metate.DeviceArray)
    assert (given.shape, given.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(metate.asnumpy(given), expected, rtol=tolerance, atol=tolerance)


def axes_of(data, ndim, several=True):
    """None, an axis, or some of them."""
    one = st.integers(-ndim, ndim - 1) if ndim else st.none()
    some = st.permutations(range(ndim)).flatmap(lambda p: st.integers(0, ndim).map(lambda n: tuple(p[:n])))
    return data.draw(st.one_of(st.none(), one, *([some] if several else [])), label="axis")


# Statistics, and what is like them.

@pytest.mark.parametrize("name, dtypes, shapes", [
    ("sum", NUMERIC, SHAPES), ("prod", NUMERIC, SHAPES), ("mean", FLOATS + COMPLEX, FULL), ("max", REAL, FULL),
    ("min", REAL, FULL), ("any", ALL, SHAPES), ("all", ALL, SHAPES), ("std", FLOATS, FULL), ("var", FLOATS, FULL),
    ("count_nonzero", ALL, SHAPES)])
@given(data=st.data())
@standard
def test_along_axes(name, dtypes, shapes, data):
    host = data.draw(host_arrays(dtypes, shapes))
    axis, keepdims = axes_of(data, host.ndim), data.draw(st.booleans())
    expected = np.asarray(getattr(np, name)(host, axis=axis, keepdims=keepdims))
    if name == "count_nonzero":
        expected = expected.astype(np.int64)
    tolerance = 1e-4 if host.dtype.itemsize == 4 or host.dtype == "complex64" else 1e-12
    check(getattr(XP, name)(device(host, data), axis=axis, keepdims=keepdims), expected,
          tolerance if expected.dtype.kind in "fc" else 0)


@pytest.mark.parametrize("name", ["argmin", "argmax"])
@given(data=st.data())
@standard
def test_places(name, data):
    host = data.draw(host_arrays(REAL, FULL))
    axis, keepdims = axes_of(data, host.ndim, several=False), data.draw(st.booleans())
    check(getattr(XP, name)(device(host, data), axis=axis, keepdims=keepdims),
          getattr(np, name)(host, axis=axis, keepdims=keepdims))


@pytest.mark.parametrize("name", ["cumulative_sum", "cumulative_prod"])
@given(data=st.data())
@standard
def test_running(name, data):
    host = data.draw(host_arrays(NUMERIC, hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5)))
    options = {"axis": data.draw(st.integers(-host.ndim, host.ndim - 1)), "include_initial": data.draw(st.booleans())}
    tolerance = {"f": 1e-5, "c": 1e-5}.get(host.dtype.kind, 0)
    check(getattr(XP, name)(device(host, data), **options), getattr(np, name)(host, **options), tolerance)


@pytest.mark.parametrize("name", ["sum", "prod", "cumulative_sum", "cumulative_prod"])
def test_dtype_of_sums(name):
    for dtype in ("int8", "uint32", "float32"):
        for wanted in (None, "float32", "int64", "uint64", "complex64"):
            host = np.array([1, 2, 3], dtype)
            wanted = None if wanted is None else np.dtype(wanted)
            check(getattr(XP, name)(metate.asarray(host), axis=0, dtype=wanted), getattr(np, name)(host, axis=0, dtype=wanted))


@given(data=st.data())
@standard
def test_corrections(data):
    host = data.draw(host_arrays(FLOATS, FULL))
    axis, correction = axes_of(data, host.ndim), data.draw(st.sampled_from([0, 0.5, 1]))
    count = host.size if axis is None else math.prod(host.shape[i] for i in np.atleast_1d(np.asarray(axis, int)))
    if count > correction:
        expected = np.var(host, axis=axis, correction=correction)
        check(XP.var(device(host, data), axis=axis, correction=correction), expected, 1e-4)


# Other shapes.

@given(data=st.data())
@standard
def test_manipulation(data):
    host = data.draw(host_arrays(ALL))
    array = device(host, data)
    axis = axes_of(data, host.ndim)
    check(XP.flip(array, axis=axis), np.flip(host, axis))
    order = data.draw(st.permutations(range(host.ndim)))
    check(XP.permute_dims(array, tuple(order)), np.transpose(host, order))
    place = data.draw(st.integers(-host.ndim - 1, host.ndim))
    wide = XP.expand_dims(array, axis=place)
    check(wide, np.expand_dims(host, place))
    check(XP.squeeze(wide, place), host)
    if axis != ():  # which NumPy takes for a mistake
        by = data.draw(st.integers(-9, 9) if not isinstance(axis, tuple) else st.tuples(*[st.integers(-9, 9)] * len(axis)))
        check(XP.roll(array, by, axis=axis), np.roll(host, by, axis))
    check(XP.broadcast_to(array, (2, *host.shape)), np.broadcast_to(host, (2, *host.shape)))
    check(XP.reshape(array, (-1,)) if host.size else XP.reshape(array, (0, 3)),
          host.reshape(-1) if host.size else host.reshape(0, 3))
    times = data.draw(st.lists(st.integers(0, 3), max_size=4).map(tuple))
    check(XP.tile(array, times), np.tile(host, times))
    if host.ndim:
        along = data.draw(st.integers(-host.ndim, host.ndim - 1))
        check(XP.repeat(array, 2, axis=along), np.repeat(host, 2, axis=along))
        for part, expected in zip(XP.unstack(array, axis=along), np.unstack(host, axis=along), strict=True):
            check(part, expected)


@given(data=st.data())
@standard
def test_joining(data):
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    kinds = data.draw(st.sampled_from([["bool"], INTEGERS[:4], INTEGERS[4:], FLOATS, COMPLEX]))
    hosts = [data.draw(host_arrays(kinds, shape)) for _ in range(data.draw(st.integers(1, 3)))]
    arrays = [device(host, data) for host in hosts]
    check(XP.concat(arrays, axis=axis), np.concat(hosts, axis=axis))
    check(XP.concat(arrays, axis=None), np.concat(hosts, axis=None))
    check(XP.stack(arrays, axis=axis), np.stack(hosts, axis=axis))


# Creation.

@given(data=st.data())
@standard
def test_creation(data):
    dtype, shape = np.dtype(data.draw(st.sampled_from(ALL))), data.draw(SHAPES)
    value = data.draw(st.booleans() if dtype.kind == "b" else st.integers(0, 100))
    like = device(data.draw(host_arrays(ALL)), data)
    for of in (None, dtype):
        for name in ("zeros", "ones"):
            check(getattr(XP, name)(shape, dtype=of), getattr(np, name)(shape, dtype=of))
            check(getattr(XP, name + "_like")(like, dtype=of), getattr(np, name + "_like")(metate.asnumpy(like), dtype=of))
        check(XP.full(shape, value, dtype=of), np.full(shape, value, dtype=of))
        check(XP.full_like(like, value, dtype=of), np.full_like(metate.asnumpy(like), value, dtype=of))
        made = XP.empty(shape, dtype=of)
        assert (made.shape, made.dtype) == (shape, of or XP.float64)
        made = XP.empty_like(like, dtype=of)
        assert (made.shape, made.dtype) == (like.shape, of or like.dtype)
    rows, columns, k = (data.draw(st.integers(low, 5)) for low in (0, 0, -6))
    check(XP.eye(rows, columns, k=k, dtype=dtype), np.eye(rows, columns, k=k, dtype=dtype))


@given(start=st.integers(-50, 50), stop=st.integers(-50, 50), step=st.sampled_from([1, 2, -3, 0.5, -0.25]),
       dtype=st.sampled_from([None, "int16", "int64", "float32", "float64"]))
@standard
def test_progressions(start, stop, step, dtype):
    if not isinstance(step, float) or np.dtype(dtype).kind == "f":
        check(XP.arange(start, stop, step, dtype=dtype), np.arange(start, stop, step, dtype=dtype))
        check(XP.arange(stop, dtype=dtype), np.arange(stop, dtype=dtype))
        check(XP.arange(float(start), float(stop), step, dtype=dtype), np.arange(float(start), float(stop), step, dtype=dtype),
              1e-6)
    for endpoint in (True, False):
        for wanted in ("float32", "float64", "complex64", None):
            check(XP.linspace(start, stop, abs(start), dtype=wanted, endpoint=endpoint),
                  np.linspace(start, stop, abs(start), dtype=wanted, endpoint=endpoint), 1e-6 if wanted else 1e-13)


@given(data=st.data())
@standard
def test_asarray(data):
    host = data.draw(host_arrays(ALL))
    check(XP.asarray(host.tolist(), dtype=host.dtype), np.asarray(host.tolist(), dtype=host.dtype))
    check(XP.asarray(host.tolist()), np.asarray(host.tolist()))
    array = device(host, data)
    assert XP.asarray(array) is array and XP.asarray(array, copy=False) is array
    copy = XP.asarray(array, copy=True)
    check(copy, host)
    copy[...] = 0
    check(array, host)
    check(XP.from_dlpack(array), host)


@given(data=st.data())
@standard
def test_grids_and_triangles(data):
    dtype = data.draw(st.sampled_from(ALL))
    hosts = [data.draw(host_arrays([dtype], hnp.array_shapes(max_dims=1, min_side=1, max_side=3)))
             for _ in range(data.draw(st.integers(1, 3)))]
    indexing = data.draw(st.sampled_from(["xy", "ij"]))
    for grid, expected in zip(XP.meshgrid(*map(device, hosts), indexing=indexing), np.meshgrid(*hosts, indexing=indexing)):
        check(grid, expected)
    host = data.draw(host_arrays(ALL, hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=4)))
    k = data.draw(st.integers(-5, 5))
    check(XP.tril(device(host, data), k=k), np.tril(host, k))
    check(XP.triu(device(host, data), k=k), np.triu(host, k))


# Elements.

@given(data=st.data())
@standard
def test_broadcasting_and_promotion(data):
    shapes = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, min_side=0, max_side=3)).input_shapes
    hosts = [data.draw(host_arrays(REAL, shape)) for shape in shapes]
    arrays = [device(host, data) for host in hosts]
    check(XP.add(*arrays), np.add(*hosts))
    check(arrays[0] * arrays[1], hosts[0] * hosts[1])
    check(arrays[0] < arrays[1], hosts[0] < hosts[1])
    for made, expected in zip(XP.broadcast_arrays(*arrays), np.broadcast_arrays(*hosts)):
        check(made, expected)
    condition = data.draw(host_arrays(["bool"], shapes[0]))
    check(XP.where(device(condition, data), *arrays), np.where(condition, *hosts))
    assert XP.result_type(*arrays) == np.result_type(*hosts) == XP.result_type(arrays[0], hosts[1].dtype)


@given(data=st.data())
@standard
def test_python_numbers(data):
    host = data.draw(host_arrays(REAL))
    array = device(host, data)
    number = data.draw(st.integers(0, 9) if host.dtype.kind in "iu" else st.one_of(st.integers(-9, 9), st.floats(-9, 9, width=16)))
    check(array + number, host + number)
    check(number - array, number - host)
    check(XP.where(array == array, array, number), np.where(host == host, host, number))
    low, high = sorted((number, data.draw(st.integers(0, 9))))
    check(XP.clip(array, low, high), np.clip(host, low, high))
    check(XP.clip(array, max=high), np.clip(host, None, high))


@given(data=st.data())
@standard
def test_conversion(data):
    host = data.draw(host_arrays(ALL).filter(lambda host: host.dtype.kind != "c" and not (host != host).any()))
    wanted = data.draw(st.sampled_from(ALL if host.min(initial=0) >= 0 else [each for each in ALL if each[0] != "u"]))
    check(XP.astype(device(host, data), np.dtype(wanted)), host.astype(wanted))


@given(data=st.data())
@standard
def test_products(data):
    side = st.integers(0, 3)
    n, m, k = data.draw(side), data.draw(side), data.draw(side)
    stacks = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=2, min_side=0, max_side=2)).input_shapes
    first, second = data.draw(st.sampled_from([((*stacks[0], n, m), (*stacks[1], m, k)), ((m,), (*stacks[1], m, k)),
                                               ((*stacks[0], n, m), (m,)), ((m,), (m,))]))
    a, b = data.draw(host_arrays(NUMERIC, first)), data.draw(host_arrays(NUMERIC, second))
    check(XP.matmul(device(a, data), device(b, data)), np.matmul(a, b), 1e-5)
    check(device(a) @ device(b), a @ b, 1e-5)


# Dtypes.

def test_dtype_tables():
    for first in ALL:
        for second in ALL:
            assert XP.result_type(np.dtype(first), np.dtype(second)) == np.result_type(first, second)
            assert XP.can_cast(np.dtype(first), np.dtype(second)) == np.can_cast(first, second)
        for kind in ("bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating", "numeric",
                     ("integral", "bool")):
            assert XP.isdtype(np.dtype(first), kind) == np.isdtype(np.dtype(first), kind)
    for name in FLOATS + COMPLEX:
        found, expected = XP.finfo(getattr(XP, name)), np.finfo(name)
        assert found.bits == expected.bits and found.dtype == expected.dtype
        for field in ("eps", "max", "min", "smallest_normal"):
            assert type(getattr(found, field)) is float and getattr(found, field) == float(getattr(expected, field))
    for name in INTEGERS:
        found, expected = XP.iinfo(XP.zeros(1, dtype=name)), np.iinfo(name)
        assert (found.bits, found.max, found.min, found.dtype) == (expected.bits, expected.max, expected.min, np.dtype(name))


# Sets and sorted rows.

@given(data=st.data())
@standard
def test_sets(data):
    host = data.draw(host_arrays(["bool", *REAL]).filter(lambda host: not (host != host).any()))  # no order among NaN
    array = device(host, data)
    for name in ("unique_all", "unique_counts", "unique_inverse"):
        found, expected = getattr(XP, name)(array), getattr(np, name)(host)
        for field in expected._fields:
            check(getattr(found, field), getattr(expected, field))
    check(XP.unique_values(array), np.sort(np.unique_values(host)))
    among = data.draw(host_arrays([host.dtype.name]))
    check(XP.isin(array, device(among), invert=bool(host.ndim % 2)), np.isin(host, among, invert=bool(host.ndim % 2)))
    row, side = np.sort(host.ravel()), data.draw(st.sampled_from(["left", "right"]))
    check(XP.searchsorted(device(row), device(among, data), side=side), np.searchsorted(row, among, side))
    if host.ndim:
        check(XP.searchsorted(device(host.ravel()), device(among), sorter=XP.argsort(device(host.ravel()))),
              np.searchsorted(host.ravel(), among, sorter=np.argsort(host.ravel(), stable=True)))


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_different_complex_values(dtype):
    parts = np.random.default_rng(4).integers(-2, 3, (2, 40)).astype(float)
    host = (parts[0] + 1j * parts[1]).astype(dtype)
    found = XP.unique_all(metate.asarray(host))
    values, indices, inverse, counts = np.unique(host, return_index=True, return_inverse=True, return_counts=True)
    for given, expected in zip(found, (values, indices, inverse, counts)):
        check(given, expected)
    odd = np.array([complex(np.nan, 1), 1, complex(1, np.nan), complex(np.nan, 1), 1, complex(-0.0, 0.0), 0], dtype)
    values, counts = XP.unique_counts(metate.asarray(odd))
    given = metate.asnumpy(values)
    assert given.size == 5 and np.isnan(given).sum() == 3 and given[~np.isnan(given)].tolist() == [0, 1]
    assert metate.asnumpy(counts).tolist() == [2, 2, 1, 1, 1]


def test_refused_extensions():
    for name in ("linalg", "fft"):
        assert not hasattr(XP, name)
        with pytest.raises(AttributeError, match=f"the extension {name} is not there for device arrays"):
            getattr(XP, name)
