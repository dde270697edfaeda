"""Kernels with declared signatures: how they are spelled, what arguments they take, what they refuse."""

import numpy as np
import pytest

import metate
from metate import float32, float64, get_global_id, int32, int64, kernel, types, void
from metate import kernel_api as kapi
from metate.errors import TypingError


def scale(x, factor):
    i = get_global_id(0)
    x[i] = x[i] * factor


@pytest.mark.parametrize("signature", [
    "void(float32[::1], int64)", void(float32[::1], int64), (float32[::1], int64), "(float32[::1], int64)",
])
def test_spellings(signature):
    k = kernel(signature)(scale)
    assert k.signatures == [(float32[::1], int64)]
    assert len(k.specialisations) == 1  # at once
    x = np.arange(4, dtype=np.float32)
    k[4](x, 3)
    np.testing.assert_array_equal(x, [0, 3, 6, 9])
    k[4](x, np.int64(2))
    np.testing.assert_array_equal(x, [0, 6, 12, 18])
    assert len(k.specialisations) == 1


def test_the_spelling_of_numba_dppy():
    k = kernel(signature=void(float32[:], int64))(scale)
    x = np.ones(6, np.float32)
    k[3](x[::2], 5)
    np.testing.assert_array_equal(x, [5, 1, 5, 1, 5, 1])


def test_several():
    k = kernel([void(float32[::1], float32), void(float64[::1], float64)])(scale)
    for dtype in np.float32, np.float64:
        x = np.ones(3, dtype)
        k[3](x, dtype(0.1))
        np.testing.assert_array_equal(x, np.full(3, dtype(0.1)))
    assert len(k.specialisations) == 2


def test_numbers_are_converted():
    k = kernel("void(float64[::1], int32)")(scale)
    x = np.ones(2)
    k[2](x, 7)
    k[2](x, np.int16(3))
    np.testing.assert_array_equal(x, [21, 21])
    with pytest.raises(TypingError, match=r"scale\(\) is not declared for .*a float.*it is declared for .*int32"):
        k[2](x, 1.5)


@pytest.mark.parametrize("arguments", [
    (np.ones(3, np.int8), 2.0), (np.ones((3, 3)), 2.0), (np.ones(6)[::2], 2.0), (1.0, 2.0), (np.ones(3), np.ones(3)),
    (np.ones(3), "text"),
])
def test_wrong_types_are_refused_with_the_signatures(arguments):
    k = kernel([void(float32[::1], float32), void(float64[::1], float64)])(scale)
    with pytest.raises(TypingError, match=r"MT6004: scale\(\) is not declared for \((?s:.*); it is declared for "
                                          r"\(.*float32.*\) and \(.*float64.*\)"):
        k[3](*arguments)
    assert len(k.specialisations) == 2


def test_read_only_arrays_need_a_read_only_type():
    k = kernel("void(float64[::1], float64)")(scale)
    x = np.ones(3)
    x.flags.writeable = False
    with pytest.raises(TypingError, match="is not declared"):
        k[3](x, 2.0)

    @kernel(void(types.Array(float64, 1, "C", readonly=True), float64[:]))
    def copy(a, b):
        b[get_global_id(0)] = a[get_global_id(0)]

    b = np.zeros(3)
    copy[3](x, b)
    copy[3](b, np.zeros(3))  # a writable one can be read too
    np.testing.assert_array_equal(b, x)


def test_errors_come_at_once():
    with pytest.raises(TypingError, match="has no attribute"):
        @kernel("void(float32[:])")
        def wrong(x):
            x[0] = x.nothing

    with pytest.raises(TypingError, match="MT5001: kernel 'returns' returns a value"):
        @kernel("void(float32[:])")
        def returns(x):
            return x[0]

    with pytest.raises(TypingError, match="MT5002: kernel 'nothing' takes no array"):
        @kernel("void(int64)")
        def nothing(n):
            pass


def test_dimensions_of_the_launch_do_not_matter():
    @kernel("void(int64[:, :])")
    def sizes(out):
        out[get_global_id(0), get_global_id(1)] = metate.get_work_dim()

    out = np.zeros((2, 3), np.int64)
    sizes[metate.Range(2, 3)](out)
    np.testing.assert_array_equal(out, np.full((2, 3), 2))
    with pytest.raises(TypingError, match="is not declared"):
        sizes[metate.Range(2, 3)](np.zeros((2, 3)))


@kernel("void(float64[:], float64[:])")
def add_item(item: kapi.Item, a, b):
    b[item.get_id(0)] += a[item.get_id(0)]


def test_the_type_of_an_item_may_be_left_out():
    a, b = np.arange(4.0), np.ones(4)
    metate.call_kernel(add_item, metate.Range(4), a, b)
    np.testing.assert_array_equal(b, a + 1)
    with pytest.raises(TypingError, match="is not declared"):
        metate.call_kernel(add_item, metate.Range(4), a, np.ones(4, np.float32))


def test_the_type_of_an_item():
    @kernel(void(types.NdItemType(1), types.LocalAccessorType(1, float32), float32[:]))
    def reverse(item, slm, x):
        i = item.get_local_id(0)
        slm[i] = x[item.get_global_id(0)]
        kapi.group_barrier(item.get_group())
        x[item.get_global_id(0)] = slm[item.get_local_range(0) - 1 - i]

    assert len(reverse.specialisations) == 1
    x = np.arange(8, dtype=np.float32)
    metate.call_kernel(reverse, metate.NdRange(8, 4), metate.LocalAccessor(4, np.float32), x)
    np.testing.assert_array_equal(x, [3, 2, 1, 0, 7, 6, 5, 4])
    assert len(reverse.specialisations) == 1
    with pytest.raises(TypingError, match="is not declared"):
        metate.call_kernel(reverse, metate.Range(8), metate.LocalAccessor(4, np.float32), x)
    with pytest.raises(TypingError, match="is not declared"):  # an array of the host is none in local memory
        metate.call_kernel(reverse, metate.NdRange(8, 4), x, x)


def test_an_item_where_none_is_declared():
    k = kernel("void(float32[::1], int64)")(scale)
    with pytest.raises(TypeError, match="kernel scale is declared for no launch with an item as first parameter"):
        metate.call_kernel(k, metate.Range(4), 3)


@pytest.mark.parametrize("signature, message", [
    ("void(float32[:]", "MT6002: cannot read the signature"),
    ("float32", "MT6002: cannot read the signature 'float32': it is the type float32"),
    (void(float32[:], int64, int64), "MT6002: the signature .* has 3 argument types, and kernel scale has 2 parameters"),
    (void(), "MT6002: the signature .* has 0 argument types"),
    (int64(float32[:], int64), "MT6002: the signature .* declares a result, and a kernel has none"),
])
def test_signatures_that_make_no_sense(signature, message):
    with pytest.raises(TypeError, match=message):
        kernel(signature)(scale)


def test_options():
    with pytest.raises(TypeError, match="MT6001: unknown option 'parallel' .known: access_types, boundscheck, cache, cache_size, "
                                        "check, debug, enable_cache, error_model, fastmath, inline_threshold"):
        kernel(parallel=True)(scale)
    with pytest.raises(TypeError, match="MT6001: unknown option 'fast'"):
        kernel("void(float32[:], int64)", fast=True)(scale)
    with pytest.raises(TypeError, match="MT6003: option 'cache_size' takes an int of at least 1, not 0"):
        kernel(cache_size=0)(scale)
    with pytest.raises(TypeError, match="MT6003: option 'debug' takes a bool"):
        kernel(debug=1)(scale)
    k = kernel(debug=True, enable_cache=False, inline_threshold=2, boundscheck=False, error_model="numpy", fastmath={"nnan"})(scale)
    x = np.ones(2)
    k[2](x, 3)
    np.testing.assert_array_equal(x, [3, 3])


def test_what_a_kernel_is_made_of():
    for wrong in 3, scale.__code__, kernel(scale), print:
        with pytest.raises(TypeError, match="kernel"):
            kernel(wrong)


def test_device_functions_with_signatures():
    @metate.device_func(["float32(float32, int64)", float64(float64, int64)])
    def power(x, n):
        result = x
        for _ in range(n - 1):
            result *= x
        return result + get_global_id(0)

    @kernel
    def powers(x, y):
        i = get_global_id(0)
        x[i] = power(x[i], 3)
        y[i] = power(y[i], 2)

    x, y = np.full(2, 2, np.float32), np.full(2, 3.0)
    powers[2](x, y)
    np.testing.assert_array_equal(x, [8, 9])
    np.testing.assert_array_equal(y, [9, 10])

    @kernel
    def wrong(z):
        z[0] = power(z[0], 2)

    with pytest.raises(TypingError, match=r"power\(\) is not declared for"):
        wrong[1](np.ones(1, np.complex128))


def test_a_refusal_names_the_strides_that_make_the_difference():
    k = kernel([void(int64[::1], int64), void(float32[::1], int64)])(scale)
    with pytest.raises(TypingError, match=r"not declared for \(a 1-d float32 array of any strides, an int\); it is declared for "
                                          r"\(a 1-d int64 array in C's order, an int\) and \(a 1-d float32 array in C's"):
        k[2](np.ones(4, np.float32)[::2], 2)


def test_no_signature_by_that_name():
    @kernel(signature=None, access_types={"read_only": ["x"], "write_only": ["y"]}, debug=None)
    def copy(x, y):
        i = metate.get_global_id(0)
        y[i] = x[i]

    y = np.zeros(3)
    copy[3](np.arange(3.0), y)
    assert y.tolist() == [0, 1, 2]
