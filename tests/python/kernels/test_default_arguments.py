"""Default arguments of kernels and of device functions."""

import numpy as np
import pytest

import metate
from metate import device_func, get_global_id, kernel
from metate import kernel_api as kapi


@kernel
def scale(x, factor=2, shift=0.5):
    i = get_global_id(0)
    x[i] = x[i] * factor + shift


@kernel
def scale_item(item: kapi.Item, x, factor=2, shift=0.5):
    i = item.get_id(0)
    x[i] = x[i] * factor + shift


@pytest.mark.parametrize("given, factor, shift", [((), 2, 0.5), ((3,), 3, 0.5), ((3, 1), 3, 1), ((1.5, -2), 1.5, -2)])
def test_of_kernels(given, factor, shift):
    expected = np.arange(4.0) * factor + shift
    for run in (lambda x: scale[4](x, *given), lambda x: metate.call_kernel(scale_item, metate.Range(4), x, *given),
                lambda x: kapi.call_kernel(scale_item, kapi.Range(4), x, *given),
                lambda x: metate.Queue().submit(scale_item, (x, *given), 4)):
        x = np.arange(4.0)
        run(x)
        np.testing.assert_array_equal(x, expected)


def test_of_device_functions():
    @device_func
    def affine(x, factor=3, shift=1.0):
        return x * factor + shift

    @kernel
    def apply(x):
        i = get_global_id(0)
        x[i] = affine(x[i]) + affine(x[i], 2) + affine(x[i], shift=0.0)

    x = np.arange(4.0)
    apply[4](x)
    np.testing.assert_array_equal(x, np.arange(4.0) * 8 + 2)


def test_of_other_kinds():
    table = np.array([5.0, 6.0])

    @kernel
    def pick(x, y=table, names=(1, 2.5), nothing=None):
        if nothing is None:
            x[get_global_id(0)] = y[1] + names[1]

    x = np.zeros(2)
    pick[2](x)
    assert x.tolist() == [8.5, 8.5]
    table[1] = 7  # the default is the array itself
    pick[2](x)
    assert x.tolist() == [9.5, 9.5]


def test_they_share_code_with_arguments_that_are_given():
    @kernel
    def add(x, n=1):
        x[get_global_id(0)] += n

    x = np.zeros(2)
    add[2](x)
    add[2](x, 5)
    assert x.tolist() == [6, 6] and len(add.specialisations) == 1


def test_an_item_or_none():
    @kernel
    def plain(x, n=1):
        x[get_global_id(0)] = n

    x = np.zeros(2)
    metate.call_kernel(plain, metate.Range(2), x, 3)  # as many as there are parameters: no item
    assert x.tolist() == [3, 3]


def test_bad_counts():
    with pytest.raises(TypeError, match="kernel scale takes 1 to 3 arguments, not 0"):
        scale[4]()
    with pytest.raises(TypeError, match="kernel scale takes 1 to 3 arguments, not 4"):
        scale[4](np.zeros(4), 1, 2, 3)
    with pytest.raises(TypeError, match="kernel scale_item takes 1 to 3 arguments beside its item, not 5"):
        metate.call_kernel(scale_item, metate.Range(4), np.zeros(4), 1, 2, 3, 4)
