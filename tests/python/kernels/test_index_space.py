"""Launches over Range and NdRange: what Item, NdItem, Group and the functions say is what they say in plain Python."""

import itertools

import numpy as np
import pytest

import metate
from metate import kernel_api as kapi
from metate.errors import TypingError


@metate.kernel
def item_answers(item: kapi.Item, out):
    number = item.get_linear_id()
    out[number, 0] = item.get_id(0)
    out[number, 1] = item.get_range(0)
    out[number, 2] = item.get_linear_range()
    out[number, 3] += 1


@metate.kernel
def nd_item_answers(item: kapi.NdItem, out):
    number = item.get_global_linear_id()
    group = item.get_group()
    out[number, 0] = item.get_global_id(0)
    out[number, 1] = item.get_local_id(0)
    out[number, 2] = item.get_global_range(0)
    out[number, 3] = item.get_local_range(0)
    out[number, 4] = item.get_local_linear_id()
    out[number, 5] = item.get_local_linear_range()
    out[number, 6] = item.get_global_linear_range()
    out[number, 7] = group.get_group_id(0)
    out[number, 8] = group.get_group_range(0)
    out[number, 9] = group.get_group_linear_id()
    out[number, 10] = group.get_group_linear_range()
    out[number, 11] = group.get_local_range(0)
    out[number, 12] = group.get_local_linear_range()


@metate.kernel
def last_dimension(item: kapi.NdItem, out):
    i, j = item.get_global_id(0), item.get_global_id(1)
    out[i, j] = 100 * item.get_local_id(1) + item.get_group().get_group_id(1)


def _points(extent):
    return itertools.product(*(range(size) for size in extent))


def _nd_items(extent, local):
    groups = tuple(e // l for e, l in zip(extent, local))
    for index in _points(extent):
        group = kapi.Group(extent, local, groups, tuple(i // l for i, l in zip(index, local)))
        yield kapi.NdItem(kapi.Item(extent, index), kapi.Item(local, tuple(i % l for i, l in zip(index, local))), group)


@pytest.mark.parametrize("extent", [(6,), (3, 4), (2, 3, 5)])
def test_item(extent):
    shape = (int(np.prod(extent)), 4)
    expected, out = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for index in _points(extent):
        item_answers.py_func(kapi.Item(extent, index), expected)
    metate.call_kernel(item_answers, kapi.Range(*extent), out)
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("extent, local", [((6,), (2,)), ((4, 6), (2, 3)), ((2, 4, 6), (1, 4, 2)), ((5,), (5,))])
def test_nd_item(extent, local):
    shape = (int(np.prod(extent)), 13)
    expected, out = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for item in _nd_items(extent, local):
        nd_item_answers.py_func(item, expected)
    metate.call_kernel(nd_item_answers, kapi.NdRange(extent, local), out)
    np.testing.assert_array_equal(out, expected)


def test_dimension_zero_is_the_outermost():
    expected, out = np.zeros((4, 6), np.int64), np.zeros((4, 6), np.int64)
    for item in _nd_items((4, 6), (2, 3)):
        last_dimension.py_func(item, expected)
    metate.call_kernel(last_dimension, kapi.NdRange((4, 6), (2, 3)), out)
    np.testing.assert_array_equal(out, expected)


def test_call_kernel_without_item():
    @metate.kernel
    def fill(a):
        a[metate.get_global_id(0), metate.get_global_id(1)] = metate.get_global_size(1)

    a = np.zeros((3, 5))
    metate.call_kernel(fill, metate.Range(3, 5), a)
    np.testing.assert_array_equal(a, np.full((3, 5), 5.0))


def test_a_dimension_that_there_is_not():
    @metate.kernel
    def beyond(item, a):
        a[0] = item.get_id(1)

    with pytest.raises(metate.errors.TypingError, match="argument .dim. of get_global_id.. cannot be 1: dimensions are 0 alone"):
        metate.call_kernel(beyond, metate.Range(3), np.zeros(3))


@pytest.mark.parametrize("launch, error, message", [
    (4, TypeError, "Range or NdRange"),
    ((4, 4), TypeError, "Range or NdRange"),
])
def test_call_kernel_says_what_it_needs(launch, error, message):
    with pytest.raises(error, match=message):
        metate.call_kernel(item_answers, launch, np.zeros((4, 4), np.int64))
    with pytest.raises(TypeError, match="decorated with @kernel"):
        metate.call_kernel(len, metate.Range(4), np.zeros(4))


@metate.kernel
def fill(x):
    x[metate.get_global_id(0)] = 1


@pytest.mark.parametrize("make, error, message", [
    (lambda: kapi.Range(), TypeError, "1 to 3 dimensions, not 0"),
    (lambda: kapi.Range(1, 2, 3, 4), TypeError, "1 to 3 dimensions, not 4"),
    (lambda: kapi.Range(-1), ValueError, "cannot be negative"),
    (lambda: kapi.Range(2.5), TypeError, "is an int"),
    (lambda: kapi.NdRange((4, 4), (2,)), ValueError, "different numbers of dimensions"),
    (lambda: kapi.NdRange(10, 3), ValueError, r"global size \(10,\) is not a multiple of the local size \(3,\)"),
    (lambda: kapi.NdRange((4, 6), (2, 4)), ValueError, r"global size \(4, 6\) is not a multiple of the local size \(2, 4\)"),
    (lambda: kapi.NdRange(0, 0), ValueError, "not a multiple of the local size"),
    (lambda: kapi.Range(np.array([4])), TypeError, "a launch size is an int or a tuple of ints"),
    (lambda: fill[np.array([4]), 1], TypeError, "a launch size is an int or a tuple of ints"),
    (lambda: fill[4, np.array([1])], TypeError, "a launch size is an int or a tuple of ints"),
    (lambda: fill[4, 1, np.array([1])], TypeError, "a launch size is an int or a tuple of ints"),
])
def test_bad_sizes(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_launch_sizes_that_do_not_divide():
    with pytest.raises(ValueError, match=r"global size 10 is not a multiple of the local size 4; .* is k\[metate.Range\(10, 4\)\]"):
        fill[10, 4](np.zeros(10))
    with pytest.raises(ValueError, match="not a multiple of the local size 0"):
        fill[10, 0](np.zeros(10))


def test_numpy_integers_are_sizes():
    x = np.zeros(6)
    fill[np.int64(4), np.uint8(2), np.int32(1)](x)
    assert x.tolist() == [0, 1, 1, 1, 1, 0]
    assert metate.NdRange((np.int64(4), np.int8(6)), (2, np.array(3))) == metate.NdRange((4, 6), (2, 3))


def test_a_wrong_number_of_arguments():
    out = np.zeros((10, 13), np.int64)
    with pytest.raises(TypeError, match="kernel nd_item_answers takes 2 arguments, not 1"):
        nd_item_answers[(10,), (5,)](out)
    with pytest.raises(TypeError, match="kernel nd_item_answers takes 1 argument beside its item, not 3"):
        metate.call_kernel(nd_item_answers, kapi.NdRange((10,), (5,)), out, out, out)


def test_inspection_of_a_kernel_that_takes_an_item():
    assert "OpEntryPoint" in item_answers.inspect_spirv(np.zeros((4, 4), np.int64), launch=kapi.Range(4))
    assert "nd_item<2>" in nd_item_answers.inspect_ir(np.zeros((4, 13), np.int64), launch=kapi.NdRange((4, 4), (2, 2)))


def test_an_empty_launch_runs_nothing():
    out = np.zeros((1, 4), np.int64)
    metate.call_kernel(item_answers, kapi.Range(0), out)
    assert not out.any()


def test_number_of_dimensions():
    @metate.kernel
    def count(x):
        x[0] = metate.get_work_dim()

    x = np.zeros(1)
    count[metate.Range(1, 1, 1)](x)
    assert x[0] == 3
    with pytest.raises(RuntimeError, match="inside kernels only"):
        metate.get_work_dim()


def test_device_functions():
    @metate.device_func
    def place(scale):
        return metate.get_global_id(0) * scale

    @metate.kernel
    def fill(x):
        x[metate.get_global_id(0)] = place(3)

    x = np.zeros(4)
    fill[4](x)
    assert x.tolist() == [0, 3, 6, 9]
    with pytest.raises(TypeError, match="the device function place is called by kernels only"):
        place(3)
    with pytest.raises(TypeError, match="is given a Python function or signatures, not int"):
        metate.func(3)


def test_ranges_say_what_they_are():
    plane = metate.Range(2, 3)
    assert (plane.get(1), plane.size(), plane.dim0, plane.dim1, plane.dim2, plane.ndim) == (3, 6, 2, 3, -1, 2)
    both = metate.NdRange((4, 6), plane)
    assert both == metate.NdRange(metate.Range(4, 6), (2, 3)) != metate.NdRange((4, 6), (1, 3))
    assert both.get_global_range() == (4, 6) and both.get_local_range() == plane and len({both, both}) == 1


def test_the_simulator_gives_what_the_device_gives():
    @metate.kernel
    def note(item: kapi.NdItem, x):
        i, j = item.get_global_id(0), item.get_global_id(1)
        group = item.get_group()
        x[i, j] = (item.get_global_linear_id() + 100 * item.get_local_linear_id() + 10000 * group.get_group_linear_id()
                   + 1000000 * group.get_group_range(1))

    launch = metate.NdRange((4, 6), (2, 3))
    simulated, launched = np.zeros((4, 6), np.int64), np.zeros((4, 6), np.int64)
    kapi.call_kernel(note, launch, simulated)
    metate.call_kernel(note, launch, launched)
    assert np.array_equal(simulated, launched) and len(np.unique(simulated)) == 24


def test_the_simulator_refuses_what_is_no_launch():
    with pytest.raises(TypeError, match="a launch is a Range or NdRange, not int"):
        kapi.call_kernel(lambda item: None, 4)
    with pytest.raises(TypeError, match="a kernel is a function, not a int"):
        kapi.call_kernel(4, metate.Range(4))


@pytest.mark.parametrize("launch", [
    metate.NdRange(8, 4), metate.NdRange((4, 6), (2, 3)), metate.NdRange((2, 4, 6), (1, 2, 3)),
], ids=repr)
def test_dimensions_in_a_loop(launch):
    @metate.kernel
    def note(item: kapi.NdItem, out):
        number = item.get_global_linear_id()
        group = item.get_group()
        for d in range(item.dimensions):
            out[number, d, 0] = item.get_global_id(d)
            out[number, d, 1] = item.get_local_id(d) + 100 * item.get_local_range(d)
            out[number, d, 2] = group.get_group_id(d) + 100 * group.get_group_range(d)
            out[number, d, 3] = metate.get_global_id(d) + 100 * metate.get_global_size(d)

    extent, local = launch.global_range, launch.local_range
    out = np.zeros((extent.size(), extent.ndim, 4), np.int64)
    metate.call_kernel(note, launch, out)
    for number, point in enumerate(_points(extent)):
        for d, i in enumerate(point):
            expected = [i, i % local[d] + 100 * local[d], i // local[d] + 100 * (extent[d] // local[d]), i + 100 * extent[d]]
            assert out[number, d].tolist() == expected


def test_dimensions_that_are_not():
    @metate.kernel
    def runs(x, d):
        x[0] = metate.get_global_id(d)

    @metate.kernel
    def item_runs(item: kapi.Item, x, d):
        x[0] = item.get_id(d)

    x = np.full(1, 7.0)
    for d in (3, -1):
        with pytest.raises(IndexError, match=f"there is no dimension {d}: dimensions are 0 to 2"):
            runs[1](x, d)
    with pytest.raises(IndexError, match="there is no dimension 1: dimensions are 0 alone"):
        metate.call_kernel(item_runs, metate.Range(1), x, 1)
    assert x[0] == 7
    with pytest.raises(TypingError, match=r"argument 'dim' of get_global_id\(\) cannot be a float: dimensions are 0 to 2"):
        runs[1](x, 0.0)
    with pytest.raises(TypingError, match=r"argument 'dim' of get_local_id\(\) cannot be 3: dimensions are 0 to 2"):
        metate.kernel(_dimension_3)[1](x)


def _dimension_3(x):
    x[0] = metate.get_local_id(3)
