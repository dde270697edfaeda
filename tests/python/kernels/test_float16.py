"""test_float16 – numbers of 16 bits in kernels: NumPy's results, bit for bit."""

import metate
import numpy as np
from metate import NdRange, get_global_id, get_local_id, kernel
from metate import kernel_api as kapi


def samples(count, seed=1):
    return np.random.default_rng(seed).uniform(-50, 50, count).astype(np.float16)


def test_arithmetic_rounds_after_each_operation():
    @kernel
    def compute(x, y, out):
        i = get_global_id(0)
        out[0, i] = x[i] + y[i]
        out[1, i] = x[i] * y[i] - x[i]
        out[2, i] = x[i] / y[i]
        out[3, i] = 2 * x[i] + 0.1
        out[4, i] = abs(x[i]) - 1
        out[5, i] = np.sqrt(abs(x[i]))
        out[6, i] = x[i] if x[i] < y[i] else -y[i]

    x, y = samples(500), samples(500, 2)
    x[:3], y[:3] = [np.inf, np.nan, 6e-8], [1, 2, 0.5]
    out = np.empty((7, 500), np.float16)
    compute[500](x, y, out)
    with np.errstate(invalid="ignore"):
        expected = [x + y, x * y - x, x / y, 2 * x + 0.1, abs(x) - 1, np.sqrt(abs(x)), np.where(x < y, x, -y)]
    for k, want in enumerate(expected):
        assert want.dtype == np.float16
        np.testing.assert_array_equal(out[k], want, err_msg=str(k))


def test_conversions():
    @kernel
    def convert(x, single, double, integer, back):
        i = get_global_id(0)
        single[i] = x[i]
        double[i] = x[i]
        integer[i] = int(x[i])
        back[0, i] = single[i] * np.float32(1.001)
        back[1, i] = double[i] * 1.001
        back[2, i] = np.float16(integer[i])

    x = samples(200)
    single, double, integer = np.empty(200, np.float32), np.empty(200), np.empty(200, np.int64)
    back = np.empty((3, 200), np.float16)
    convert[200](x, single, double, integer, back)
    np.testing.assert_array_equal(single, x.astype(np.float32))
    np.testing.assert_array_equal(double, x.astype(np.float64))
    np.testing.assert_array_equal(integer, x.astype(np.int64))
    np.testing.assert_array_equal(back[0], (single * np.float32(1.001)).astype(np.float16))
    np.testing.assert_array_equal(back[1], (double * 1.001).astype(np.float16))
    np.testing.assert_array_equal(back[2], integer.astype(np.float16))


def test_memory_and_arguments():
    @kernel
    def scale(x, factor, out):
        shared = metate.local.array(8, np.float16)
        own = metate.private.array(2, np.float16)
        l = get_local_id(0)
        shared[l] = x[get_global_id(0)]
        metate.barrier()
        own[0] = shared[7 - l]
        own[1] = own[0] * factor
        out[get_global_id(0)] = own[1]

    x = samples(16)
    out = np.empty_like(x)
    scale[16, 8](x, np.float16(1.5), out)
    np.testing.assert_array_equal(out, (x * np.float16(1.5)).reshape(2, 8)[:, ::-1].ravel())


def test_groups():
    @kernel
    def together(item: kapi.NdItem, x, out):
        i, group = item.get_global_id(0), item.get_group()
        out[0, i] = kapi.reduce_over_group(group, x[i], kapi.plus)
        out[1, i] = kapi.inclusive_scan_over_group(group, x[i], kapi.maximum)
        out[2, i] = kapi.exclusive_scan_over_group(group, x[i], kapi.minimum)
        out[3, i] = kapi.shift_group_left(item.get_sub_group(), x[i])

    x = np.random.default_rng(4).integers(-9, 9, 16).astype(np.float16)
    out = np.empty((4, 16), np.float16)
    metate.call_kernel(together, NdRange(16, 8), x, out)
    rows = x.reshape(2, 8)
    np.testing.assert_array_equal(out[0, ::8], rows.sum(axis=1))
    np.testing.assert_array_equal(out[1].reshape(2, 8), np.maximum.accumulate(rows, axis=1))
    least = np.minimum.accumulate(rows, axis=1)[:, :-1]
    np.testing.assert_array_equal(out[2].reshape(2, 8), np.concatenate([np.full((2, 1), np.inf), least], axis=1))
    np.testing.assert_array_equal(out[3].reshape(2, 8)[:, :-1], rows[:, 1:])


def test_the_device_says_that_it_can():
    assert metate.select_default_device().has_aspect_fp16
