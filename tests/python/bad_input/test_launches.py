"""test_launches – launch sizes that make no sense are refused before anything runs."""

import numpy as np
import pytest
from metate import LocalAccessor, Range, errors, get_global_id, kernel, kernel_api


@kernel
def fill(x):
    x[get_global_id(0)] = 1.0


@pytest.mark.parametrize(
    "sizes, error, message",
    [
        ((10, 3), ValueError, "10 is not a multiple of the local size 3"),
        ((4, 0), ValueError, "not a multiple of the local size 0"),
        ((4, 2**20), ValueError, "not a multiple"),
        ((2**20, 2**20), ValueError, r"more than the device takes.* is k\[metate.Range\(1048576, 1048576\)\]"),
        ((-4, 2), ValueError, "cannot be negative"),
        ((4, -1), ValueError, "cannot be negative"),
        (((4, 4), (2,)), ValueError, "different numbers of dimensions"),
        ((2**40, 1), ValueError, "out of range"),
        ((2**70, 1), ValueError, "no device has as many work-items"),
        ((4, 2**70), ValueError, "no device has as many work-items"),
        (((1, 1, 1, 1), (1, 1, 1, 1)), ValueError, "1 to 3 dimensions"),
        (((), ()), ValueError, "1 to 3 dimensions"),
        (("a", 1), TypeError, "launch size"),
        ((1.5, 1), TypeError, "launch size"),
        ((None, 1), TypeError, "launch size"),
        ((4, 4, 4, 4), TypeError, "takes up to three sizes"),
    ],
)
def test_refused(sizes, error, message):
    x = np.zeros(16)
    with pytest.raises(error, match=message):
        fill[sizes](x)
    assert not x.any()


def test_more_items_than_elements():
    with pytest.raises(IndexError, match="index 16 is out of bounds for axis 0 with size 16"):
        fill[64](np.zeros(16))


def test_call_without_a_launch():
    with pytest.raises(TypeError, match=r"fill\[global_size, local_size\]"):
        fill(np.zeros(4))


def test_arguments_by_name():
    with pytest.raises(TypeError, match="kernel fill takes its arguments by position, not by name: x"):
        fill[4](x=np.zeros(4))


@kernel
def first_of(x, shared):
    x[0] = shared[0]


def test_local_memory_needs_groups():
    for launch in (4, Range(4)):
        with pytest.raises(TypeError, match="argument 'shared' is a LocalAccessor.*give the launch a local size"):
            first_of[launch](np.zeros(4), LocalAccessor(4, np.float32))


def test_more_local_memory_than_there_is():
    with pytest.raises(ValueError, match="for argument 'shared' makes 8388608 bytes, and a work-group of .* has [0-9]+$"):
        first_of[4, 4](np.zeros(4), LocalAccessor(1 << 20, np.float64))


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


def test_recursion_is_refused():
    @kernel
    def recursive(x):
        x[get_global_id(0)] = deep(3)

    with pytest.raises(TypeError, match="MT5004: a function that calls itself"):
        recursive[4](np.zeros(4))


def test_a_result_is_refused():
    @kernel
    def first(x):
        return x[0]

    with pytest.raises(errors.KernelHasReturnValueError, match="MT5001: kernel 'first' returns a value"):
        first[4](np.zeros(4))


def test_a_variable_number_of_arguments_is_refused():
    def some(*arrays):
        arrays[0][0] = 1

    def named(x, *, scale):
        x[0] = scale

    for function in (some, named):
        with pytest.raises(TypeError, match=f"kernel {function.__name__} has parameters after a \\*"):
            kernel(function)


def test_large_numbers():
    @kernel
    def store(x, number):
        x[0] = number

    x = np.zeros(1, np.uint64)
    with pytest.raises(OverflowError, match=r"does not fit int64.*np.uint64\(…\) of it can be passed"):
        store[1](x, 2**63)
    with pytest.raises(OverflowError, match="does not fit 64 bits"):
        store[1](x, 2**64)
    store[1](x, np.uint64(2**63))
    assert x[0] == 2**63


@kernel
def fenced(x):
    kernel_api.atomic_fence(kernel_api.MemoryOrder.CONSUME_UNSUPPORTED, kernel_api.MemoryScope.DEVICE)
    x[0] = 1


def test_an_order_that_nothing_takes():
    with pytest.raises(errors.TypingError, match="MT20[0-9]{2}: .*(MemoryOrder|memory_order)"):
        fenced[1](np.zeros(1))
