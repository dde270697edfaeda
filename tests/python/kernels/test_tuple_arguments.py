"""Tuples as arguments of kernels: of numbers, of arrays, nested; as a small structure that travels by value."""

from collections import namedtuple

import numpy as np
import pytest

import metate
from metate import get_global_id, kernel


def test_of_numbers():
    @kernel
    def combine(x, pair, mixed):
        i = get_global_id(0)
        x[i] = pair[0] * i + pair[1]
        for each in pair:
            x[i] += each
        scale, (shift, turn), flag = mixed
        if flag:
            x[i] = x[i] * scale + shift + turn.imag

    x = np.zeros(4)
    combine[4](x, (2, 3), (0.5, (np.float32(0.25), 1 + 2j), True))
    np.testing.assert_array_equal(x, (np.arange(4) * 2 + 3 + 5) * 0.5 + 0.25 + 2)
    combine[4](x, (2.0, 3.0), (0.5, (1, 2j), False))
    np.testing.assert_array_equal(x, np.arange(4) * 2 + 3 + 5)


def test_of_arrays():
    @kernel
    def add(arrays, out):
        i = get_global_id(0)
        a, (b, factor) = arrays
        out[i] = a[i] + factor * b[i]
        b[i] = 0

    a, b, out = np.arange(6.0)[::2], np.ones(3, np.int32), np.zeros(3)
    add[3]((a, (b, 2)), out)
    np.testing.assert_array_equal(out, a + 2)
    np.testing.assert_array_equal(b, np.zeros(3))
    on_device = [metate.asarray(each) for each in (a, b, out)]
    add[3]((on_device[0], (on_device[1], 3)), on_device[2])
    np.testing.assert_array_equal(metate.asnumpy(on_device[2]), a)
    with pytest.raises(TypeError, match="'out' is a NumPy array and 'arrays' lies in device memory: .* by metate.asarray"):
        add[3]((on_device[0], (on_device[1], 3)), out)


def test_the_only_arrays_are_in_a_tuple():
    @kernel
    def swap(pair):
        i = get_global_id(0)
        a, b = pair
        a[i], b[i] = b[i], a[i]

    a, b = np.arange(3), np.arange(3, 6)
    swap[3]((a, b))
    assert a.tolist() == [3, 4, 5] and b.tolist() == [0, 1, 2]


def test_local_memory_in_a_tuple():
    @kernel
    def reverse(item, memory):
        x, slm = memory
        i = item.get_local_id(0)
        slm[i] = x[item.get_global_id(0)]
        metate.group_barrier(item.get_group())
        x[item.get_global_id(0)] = slm[item.get_local_range(0) - 1 - i]

    x = np.arange(8.0)
    metate.call_kernel(reverse, metate.NdRange(8, 4), (x, metate.LocalAccessor(4, np.float64)))
    np.testing.assert_array_equal(x, [3, 2, 1, 0, 7, 6, 5, 4])


def test_named_ones_are_tuples():
    Point = namedtuple("Point", "x y")

    @kernel
    def move(out, point):
        out[get_global_id(0)] = point[0] - point[1]

    out = np.zeros(2)
    move[2](out, Point(5, 2.5))
    np.testing.assert_array_equal(out, [2.5, 2.5])


def test_fields():
    Point = namedtuple("Point", "x y")
    Body = namedtuple("Body", "places origin scale", defaults=(0.5,))

    @metate.device_func
    def shifted(p, by):
        return Point(p.x + by.x, p.y + by.y)

    @kernel
    def place(item, body, out):
        i = item.get_id(0)
        p = shifted(Point(body.places[i, 0], body.places[i, 1]), body.origin)
        out[i] = p.x * body.scale - p.y
        body.places[i, 0] = -1

    def bodies():
        return [Body(np.arange(6.0).reshape(3, 2), Point(1, 2.5)), Body(np.ones((3, 2), np.float32), Point(0.5, 1), 2)]

    for body, again in zip(bodies(), bodies()):
        out, expected = np.zeros(3), np.zeros(3)
        metate.call_kernel(place, metate.Range(3), body, out)
        metate.kernel_api.call_kernel(place, metate.Range(3), again, expected)
        np.testing.assert_array_equal(out, expected)
        np.testing.assert_array_equal(body.places, again.places)
    on_device = Body(metate.ones((3, 2)), Point(1, 1))
    out = metate.zeros(3)
    metate.call_kernel(place, metate.Range(3), on_device, out)
    assert metate.asnumpy(out).tolist() == [-1, -1, -1]


def test_with_signatures_and_access_types():
    @kernel("void(Tuple((float64[::1], int64)), float64[::1])", access_types={"read_only": ["given"]})
    def scale(given, out):
        out[get_global_id(0)] = given[0][get_global_id(0)] * given[1]

    out = np.zeros(3)
    with pytest.raises(TypeError, match="is not declared for"):  # read-only arrays for writable ones
        scale[3]((np.arange(3.0), 2), out)

    @kernel(access_types={"read_only": ["given"]})
    def store(given):
        given[0][get_global_id(0)] = 1

    with pytest.raises(TypeError, match="MT3001"):
        store[3]((out, 2))


def test_too_large_ones():
    @kernel
    def fill(out, values):
        out[0] = values[0]

    with pytest.raises(TypeError, match="too many arguments, or tuples too large"):
        fill[1](np.zeros(1), tuple(range(1000)))


def test_records():
    points = np.zeros(3, [("x", "f8"), ("y", "i4")])

    @kernel
    def scale(x, out):
        out[get_global_id(0)] = x["x"]

    for made in (metate.njit(scale.py_func), scale[3]):
        with pytest.raises(TypeError, match=r"an array of dtype \[\('x', '<f8'\), \('y', '<i4'\)\], which has records: pass their fields"):
            made(points, np.zeros(3))
        with pytest.raises(TypeError, match="cannot take a numpy.void, which has records: pass their fields"):
            made(points[0], np.zeros(3))

    @kernel
    def read(out):
        out[get_global_id(0)] = points[0]

    with pytest.raises(TypeError, match=r"MT1003: 'points' is an array of dtype \[\('x'"):
        read[3](np.zeros(3))

    @kernel
    def double(xs, ys):
        i = get_global_id(0)
        xs[i] = ys[i] = i

    double[3](points["x"], points["y"])  # fields are arrays with strides
    assert points["x"].tolist() == points["y"].tolist() == [0, 1, 2]
