"""0-d arrays on a device: the host computes with them as with numbers, which the device reads and writes for it.

Device arrays are of kind "device" unless a test says otherwise, so that the host cannot have touched them.
"""

import numpy as np
import pytest

import metate
from metate import njit
from offloading import launches, same

DTYPES = ["bool", "int8", "uint16", "int64", "uint64", "float32", "float64", "complex64", "complex128"]


def both(function, *arguments, kind="device", **options):
    """What the compiled function makes of device arrays, and NumPy of copies of them; those that were changed are compared."""
    on_host = [each.copy() for each in arguments]
    on_device = [metate.asarray(each, usm_type=kind) for each in arguments]
    expected = function(*on_host)
    compiled = njit(**options)(function)
    got = compiled(*on_device)
    for one, other in zip(on_device, on_host):
        same(one, other)
    return got, expected, compiled


def check(got, expected):
    """NumPy's numbers, in arrays where it has arrays with axes."""
    if isinstance(expected, tuple):
        assert len(got) == len(expected)
        for one, other in zip(got, expected):
            check(one, other)
        return
    got = metate.asnumpy(got) if isinstance(got, metate.DeviceArray) else np.asarray(got)
    assert got.shape == np.shape(expected)
    assert got.dtype == np.asarray(expected).dtype
    np.testing.assert_array_equal(got, expected)


def scaled(x, a):
    return x * a, a + x


def added(a, b):
    return a + b


def written(x, a, b):
    np.add(x[:1].reshape(()), a, out=b)
    b *= 2
    b[...] = b + a
    x[:] = b


@pytest.mark.parametrize("parallel", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers_of_all_dtypes(dtype, parallel):
    x, a, b = np.arange(1, 6).astype(dtype), np.array(3).astype(dtype), np.array(2).astype(dtype)
    for function, arguments in (scaled, (x, a)), (added, (a, b)):
        got, expected, compiled = both(function, *arguments, parallel=parallel)
        check(got, expected)
        assert launches(compiled) > 0
    if dtype != "bool":
        both(written, x, a, b, parallel=parallel)


@pytest.mark.parametrize("function", [
    lambda a: (a.sum(), a.max(), a.mean(), a.argmax(), (a > 0).any()),
    lambda a: (a[()], -a, np.sqrt(a), np.maximum(a, 2)),
    lambda a: (a.astype(np.float32), a.copy(), a.reshape(1), a.sum(keepdims=True)),
    lambda a: a.fill(3),
], ids=["reductions", "elements", "arrays", "fill"])
@pytest.mark.parametrize("kind", ["device", "shared", "host"])
def test_functions_of_a_number(function, kind):
    got, expected, _ = both(function, np.array(2.5), kind=kind)
    check(got, expected)


def test_the_host_decides_by_a_number():
    @njit
    def halve_until(x, limit, count):
        while x.max() > limit:
            x *= 0.5
            count += 1
        if count > 3:
            return x + count
        return x - count

    x = np.arange(10.0)
    device = metate.asarray(x)
    count = metate.asarray(np.array(0))
    same(halve_until(device, metate.asarray(np.array(1.0)), count), x / 16 + 4)
    assert int(count) == 4


def test_a_reduction_is_used_with_arrays():
    @njit(parallel=True)
    def normalised(x, total):
        total[()] = x.sum()
        return x / total, x / x.max() - x.mean()

    x = np.arange(1, 9.0)
    total = metate.asarray(np.array(0.0))
    check(normalised(metate.asarray(x), total), (x / x.sum(), x / x.max() - x.mean()))
    same(total, np.array(36.0))


def test_numbers_of_the_function_itself_stay_on_the_host():
    @njit(parallel=True)
    def sum_of(x):
        total = np.zeros(())
        total += x.sum()
        return x + total

    x = np.arange(5.0)
    same(sum_of(metate.asarray(x)), x + 10)
    assert launches(sum_of) == 2  # the sum and the expression


def test_a_number_in_a_tuple_and_in_a_view():
    @njit(parallel=True)
    def fused(pair, a):
        return pair[0] * pair[1] + a.reshape(())

    x = np.arange(4.0)
    got = fused((metate.asarray(x), metate.asarray(np.array(3.0))), metate.asarray(np.array([2.0])))
    same(got, x * 3 + 2)
