"""test_group_algorithms – what the work-items of a group compute together, in both spellings."""

import metate
import numpy as np
import pytest
from metate import NdRange, get_global_id, get_group_id, get_local_id, kernel
from metate import kernel_api as kapi
from metate.errors import TypingError

INTEGERS = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64]
NUMBERS = [*INTEGERS, np.float32, np.float64]
ITEMS, GROUP = 96, 24


@kernel
def reduce_and_scan(item: kapi.NdItem, x, out):
    group = item.get_group()
    i = item.get_global_id(0)
    v = x[i]
    out[0, i] = kapi.reduce_over_group(group, v, kapi.plus)
    out[1, i] = kapi.reduce_over_group(group, v, kapi.multiplies)
    out[2, i] = kapi.reduce_over_group(group, v, kapi.minimum)
    out[3, i] = kapi.reduce_over_group(group, v, kapi.maximum)
    out[4, i] = kapi.inclusive_scan_over_group(group, v, kapi.plus)
    out[5, i] = kapi.inclusive_scan_over_group(group, v, kapi.maximum)
    out[6, i] = kapi.exclusive_scan_over_group(group, v, kapi.plus)
    out[7, i] = kapi.exclusive_scan_over_group(group, v, kapi.minimum)
    out[8, i] = kapi.exclusive_scan_over_group(group, v, kapi.maximum)
    out[9, i] = kapi.exclusive_scan_over_group(group, v, kapi.multiplies)


def before(x, combine, identity):
    """The exclusive scan of each row."""
    result = np.full_like(x, identity)
    result[:, 1:] = combine.accumulate(x, axis=1, dtype=x.dtype)[:, :-1]
    return result


@pytest.mark.parametrize("dtype", NUMBERS)
def test_numbers(dtype):
    x = np.random.default_rng(5).integers(1, 4, ITEMS).astype(dtype)
    out = np.empty((10, ITEMS), dtype)
    metate.call_kernel(reduce_and_scan, NdRange(ITEMS, GROUP), x, out)
    rows = x.reshape(-1, GROUP)
    limits = np.iinfo(dtype) if dtype in INTEGERS else None
    greatest = limits.max if limits else np.inf
    least = limits.min if limits else -np.inf

    def for_all(ufunc):
        return np.broadcast_to(ufunc.reduce(rows, axis=1, dtype=dtype, keepdims=True), rows.shape)

    expected = [
        for_all(np.add), for_all(np.multiply), for_all(np.minimum), for_all(np.maximum),
        np.add.accumulate(rows, axis=1, dtype=dtype), np.maximum.accumulate(rows, axis=1),
        before(rows, np.add, 0), before(rows, np.minimum, greatest), before(rows, np.maximum, least),
        before(rows, np.multiply, 1),
    ]
    for k, want in enumerate(expected):
        np.testing.assert_array_equal(out[k].reshape(-1, GROUP), want, err_msg=str(k))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_are_combined_in_the_order_of_their_numbers(dtype):
    x = np.random.default_rng(6).standard_normal(ITEMS).astype(dtype)
    out = np.empty((10, ITEMS), dtype)
    metate.call_kernel(reduce_and_scan, NdRange(ITEMS, GROUP), x, out)
    sums = np.add.accumulate(x.reshape(-1, GROUP), axis=1)
    np.testing.assert_array_equal(out[4].reshape(-1, GROUP), sums)
    np.testing.assert_array_equal(out[0].reshape(-1, GROUP)[:, 0], sums[:, -1])


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_complex_numbers_are_added_and_broadcast(dtype):
    @kernel
    def add(item: kapi.NdItem, x, out):
        group, i = item.get_group(), item.get_global_id(0)
        out[0, i] = kapi.reduce_over_group(group, x[i], kapi.plus)
        out[1, i] = kapi.inclusive_scan_over_group(group, x[i], kapi.plus, 1 + 2j)
        out[2, i] = kapi.exclusive_scan_over_group(group, x[i], np.add)
        out[3, i] = kapi.group_broadcast(group, x[i], 5)
        out[4, i] = metate.work_group_scan_exclusive_add(x[i])
        out[5, i] = kapi.reduce_over_group(group, 1j, kapi.plus)

    random = np.random.default_rng(8)
    x = (random.standard_normal(ITEMS) + 1j * random.standard_normal(ITEMS)).astype(dtype)
    out = np.empty((6, ITEMS), dtype)
    metate.call_kernel(add, NdRange(ITEMS, GROUP), x, out)
    rows = x.reshape(-1, GROUP)
    sums = np.add.accumulate(rows, axis=1)
    expected = [np.broadcast_to(sums[:, -1:], rows.shape), np.complex128(1 + 2j).astype(dtype) + sums, before(rows, np.add, 0),
                np.broadcast_to(rows[:, 5:6], rows.shape), before(rows, np.add, 0), np.full_like(rows, GROUP * 1j)]
    for k, want in enumerate(expected):
        np.testing.assert_array_equal(out[k].reshape(-1, GROUP), want, err_msg=str(k))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extrema_of_nan_and_numbers(dtype):
    x = np.arange(ITEMS).astype(dtype)
    x[3], x[GROUP : 2 * GROUP] = np.nan, np.nan
    out = np.empty((10, ITEMS), dtype)
    metate.call_kernel(reduce_and_scan, NdRange(ITEMS, GROUP), x, out)
    assert out[2, 0] == 0 and out[3, 0] == GROUP - 1
    assert np.isnan(out[2, GROUP]) and np.isnan(out[3, GROUP])
    rows = x.reshape(-1, GROUP)
    np.testing.assert_array_equal(out[5].reshape(-1, GROUP), np.fmax.accumulate(rows, axis=1))
    with_identity = np.fmin.accumulate(np.insert(rows, 0, np.inf, axis=1), axis=1)
    np.testing.assert_array_equal(out[7].reshape(-1, GROUP), with_identity[:, :-1])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_extrema_of_all_kinds_of_floats(dtype):
    @kernel
    def extrema(item: kapi.NdItem, x, out):
        group, i = item.get_group(), item.get_global_id(0)
        out[0, i] = kapi.inclusive_scan_over_group(group, x[i], kapi.minimum)
        out[1, i] = kapi.inclusive_scan_over_group(group, x[i], kapi.maximum)
        out[2, i] = kapi.exclusive_scan_over_group(group, x[i], kapi.maximum)

    limits = np.finfo(dtype)
    x = np.array([np.nan, -1.5, np.nan, limits.smallest_subnormal, limits.max, -np.inf, -limits.max, np.inf, -np.nan, 0.0], dtype)
    for given in (x, x[::-1].copy()):
        out = np.empty((3, given.size), dtype)
        metate.call_kernel(extrema, NdRange(given.size, given.size), given, out)
        np.testing.assert_array_equal(out[0], np.fmin.accumulate(given))
        np.testing.assert_array_equal(out[1], np.fmax.accumulate(given))
        np.testing.assert_array_equal(out[2], np.fmax.accumulate(np.insert(given, 0, -np.inf))[:-1])


def test_spirv_does_not_leave_the_extrema_of_nan_open():
    """SPIR-V does not say what OpGroupFMin and OpGroupFMax do with NaN. They are for kernels that have none."""
    def smallest(item: kapi.NdItem, x, out):
        out[item.get_global_id(0)] = kapi.reduce_over_group(item.get_group(), x[item.get_global_id(0)], kapi.minimum)

    x = np.arange(8.0)
    for options, instruction in ({}, "OpGroupSMin"), ({"fastmath": {"nnan"}}, "OpGroupFMin"):
        compiled, out = kernel(**options)(smallest), np.empty(8)
        metate.call_kernel(compiled, NdRange(8, 8), x, out)
        assert out.tolist() == [0] * 8
        (text,) = compiled.inspect_asm().values()
        assert instruction in text


@pytest.mark.parametrize("dtype", INTEGERS)
def test_bits(dtype):
    @kernel
    def bits(item: kapi.NdItem, x, out):
        group, i = item.get_group(), item.get_global_id(0)
        out[0, i] = kapi.reduce_over_group(group, x[i], kapi.bit_and)
        out[1, i] = kapi.reduce_over_group(group, x[i], kapi.bit_or)
        out[2, i] = kapi.inclusive_scan_over_group(group, x[i], kapi.bit_xor)
        out[3, i] = kapi.exclusive_scan_over_group(group, x[i], kapi.bit_and)

    x = np.random.default_rng(7).integers(0, 127, ITEMS).astype(dtype) | np.array(2, dtype)
    out = np.empty((4, ITEMS), dtype)
    metate.call_kernel(bits, NdRange(ITEMS, GROUP), x, out)
    rows = x.reshape(-1, GROUP)
    np.testing.assert_array_equal(out[0, ::GROUP], np.bitwise_and.reduce(rows, axis=1))
    np.testing.assert_array_equal(out[1, ::GROUP], np.bitwise_or.reduce(rows, axis=1))
    np.testing.assert_array_equal(out[2].reshape(rows.shape), np.bitwise_xor.accumulate(rows, axis=1))
    np.testing.assert_array_equal(out[3].reshape(rows.shape), before(rows, np.bitwise_and, ~np.array(0, dtype)))


def test_a_value_to_begin_with():
    @kernel
    def begin(item: kapi.NdItem, x, out):
        group, i = item.get_group(), item.get_global_id(0)
        out[0, i] = kapi.reduce_over_group(group, x[i], kapi.plus, 100)
        out[1, i] = kapi.reduce_over_group(group, x[i], 100, kapi.plus)  # SYCL's order
        out[2, i] = kapi.inclusive_scan_over_group(group, x[i], kapi.maximum, init=5)
        out[3, i] = kapi.exclusive_scan_over_group(group, x[i], 7, kapi.multiplies)

    x = np.arange(1, 9, dtype=np.int32)
    out = np.empty((4, 8), np.int32)
    metate.call_kernel(begin, NdRange(8, 4), x, out)
    assert out.tolist() == [[110] * 4 + [126] * 4, [110] * 4 + [126] * 4, [5, 5, 5, 5, 5, 6, 7, 8],
                            [7, 7, 14, 42, 7, 35, 210, 1470]]


def test_python_numbers_keep_their_type():
    @kernel
    def count(item: kapi.NdItem, x, out):
        group, i = item.get_group(), item.get_global_id(0)
        out[i, 0] = kapi.reduce_over_group(group, x[i] > 2, kapi.plus)
        out[i, 1] = kapi.reduce_over_group(group, i, np.add) / 2
        out[i, 2] = kapi.inclusive_scan_over_group(group, 0.5, kapi.plus)

    out = np.empty((6, 3))
    metate.call_kernel(count, NdRange(6, 6), np.arange(6.0), out)
    assert out.tolist() == [[3, 7.5, 0.5 * (i + 1)] for i in range(6)]


def test_votes_and_broadcasts():
    @kernel
    def votes(item: kapi.NdItem, x, out):
        group, i = item.get_group(), item.get_global_id(0)
        out[0, i] = kapi.any_of_group(group, x[i] == 5)
        out[1, i] = kapi.all_of_group(group, x[i])
        out[2, i] = kapi.none_of_group(group, x[i] == 5)
        out[3, i] = kapi.group_broadcast(group, x[i])
        out[4, i] = kapi.group_broadcast(group, x[i], item.get_local_range(0) - 1)
        out[5, i] = kapi.group_broadcast(group, x[i] > 4, 3)

    x = np.array([3, 1, 5, 2, 7, 9, 0, 8], np.int16)
    out = np.empty((6, 8), np.int64)
    metate.call_kernel(votes, NdRange(8, 4), x, out)
    assert out[:, ::4].tolist() == [[1, 0], [1, 0], [0, 1], [3, 7], [2, 8], [0, 1]]
    assert (out[:, 0] == out[:, 3]).all() and (out[:, 4] == out[:, 7]).all()


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.uint16, np.int64, np.float32, np.float64])
def test_broadcast_in_several_dimensions(dtype):
    @kernel
    def cast(item: kapi.NdItem, x, by_ids, by_number):
        i, j, k = item.get_global_id(0), item.get_global_id(1), item.get_global_id(2)
        group = item.get_group()
        by_ids[i, j, k] = kapi.group_broadcast(group, x[i, j, k], (1, 0, 3))
        by_number[i, j, k] = kapi.group_broadcast(group, x[i, j, k], 11)

    x = np.random.default_rng(8).integers(0, 2 if dtype is np.bool_ else 100, (4, 6, 8)).astype(dtype)
    by_ids, by_number = np.empty_like(x), np.empty_like(x)
    metate.call_kernel(cast, NdRange((4, 6, 8), (2, 3, 4)), x, by_ids, by_number)
    tiles = x.reshape(2, 2, 2, 3, 2, 4)
    for got, local in ((by_ids, (1, 0, 3)), (by_number, (0, 2, 3))):
        want = np.broadcast_to(tiles[:, local[0]:local[0] + 1, :, local[1]:local[1] + 1, :, local[2]:local[2] + 1],
                               tiles.shape)
        np.testing.assert_array_equal(got, want.reshape(x.shape))


def test_scans_follow_the_last_dimension():
    @kernel
    def scan(item: kapi.NdItem, x, out):
        i, j = item.get_global_id(0), item.get_global_id(1)
        out[i, j] = kapi.inclusive_scan_over_group(item.get_group(), x[i, j], kapi.plus)

    x = np.arange(24).reshape(4, 6)
    out = np.empty_like(x)
    metate.call_kernel(scan, NdRange((4, 6), (2, 3)), x, out)
    tiles = x.reshape(2, 2, 2, 3).transpose(0, 2, 1, 3)
    want = np.add.accumulate(tiles.reshape(2, 2, 6), axis=2).reshape(tiles.shape).transpose(0, 2, 1, 3)
    np.testing.assert_array_equal(out, want.reshape(x.shape))


@kernel
def spelled_as_opencl(x, out):
    i = get_global_id(0)
    v = x[i]
    out[0, i] = metate.work_group_reduce_add(v)
    out[1, i] = metate.work_group_reduce_mul(v)
    out[2, i] = metate.work_group_reduce_min(v)
    out[3, i] = metate.work_group_reduce_max(v)
    out[4, i] = metate.work_group_scan_inclusive_add(v)
    out[5, i] = metate.work_group_scan_exclusive_add(v)
    out[6, i] = metate.work_group_scan_exclusive_max(v)
    out[7, i] = metate.work_group_broadcast(v, 2)
    out[8, i] = metate.work_group_any(v == 3)
    out[9, i] = metate.work_group_all(v < 4)


def test_as_opencl_spells_them():
    x = np.array([1, 2, 3, 1, 4, 1, 2, 2])
    out = np.empty((10, 8), np.int64)
    spelled_as_opencl[8, 4](x, out)
    least = np.iinfo(np.int64).min
    assert out.tolist() == [
        [7] * 4 + [9] * 4, [6] * 4 + [16] * 4, [1] * 8, [3] * 4 + [4] * 4, [1, 3, 6, 7, 4, 5, 7, 9],
        [0, 1, 3, 6, 0, 4, 5, 7], [least, 1, 2, 3, least, 4, 4, 4], [3] * 4 + [2] * 4, [1] * 4 + [0] * 4,
        [1] * 4 + [0] * 4,
    ]


def test_in_loops_functions_and_between_barriers():
    @metate.device_func
    def spread(group, v):
        return v - kapi.reduce_over_group(group, v, kapi.minimum)

    @kernel
    def rounds(item: kapi.NdItem, x, count):
        group, i, l = item.get_group(), item.get_global_id(0), item.get_local_id(0)
        shared = metate.local.array(8, np.int64)
        v = x[i]
        for k in range(count):
            shared[l] = spread(group, v) + k
            kapi.group_barrier(group)
            v = shared[7 - l] + kapi.exclusive_scan_over_group(group, v & 1, kapi.plus)
            kapi.group_barrier(group)
            if kapi.any_of_group(group, v > 50):
                break
        x[i] = v

    x = np.random.default_rng(9).integers(0, 40, 32)
    want = x.reshape(4, 8).copy()
    for row in want:
        for k in range(20):
            shared = row - row.min() + k
            row[:] = shared[::-1] + np.add.accumulate(np.concatenate([[0], row[:-1] & 1]))
            if (row > 50).any():
                break
    metate.call_kernel(rounds, NdRange(32, 8), x, 20)
    np.testing.assert_array_equal(x.reshape(4, 8), want)


def test_one_item_fails_before_the_others_meet(capfd):
    @kernel
    def fail(x, out):
        v = x[get_global_id(0)]
        out[get_global_id(0)] = metate.work_group_reduce_add(100 // int(v))

    x = np.array([1, 2, 0, 4, 5, 10, 20, 50])
    out = np.zeros(8, np.int64)
    with pytest.raises(ZeroDivisionError):
        fail[8, 8](x, out)
    assert not out.any() and capfd.readouterr().err == ""
    x[2] = 3
    fail[8, 8](x, out)
    assert out.tolist() == [100 + 50 + 33 + 25 + 20 + 10 + 5 + 2] * 8


def test_items_that_do_not_come(capfd):
    @kernel
    def diverge(x):
        if get_local_id(0) < 2:
            x[0] = metate.work_group_reduce_add(1)

    with pytest.raises(RuntimeError, match="the items of a work-group wait at different barriers"):
        diverge[4, 4](np.zeros(2))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "expression, message",
    [
        ("kapi.reduce_over_group(item, 1, kapi.plus)", "argument 'g' of reduce_over_group() cannot be"),
        ("kapi.reduce_over_group(group, 1j, kapi.minimum)", "argument 'x' of reduce_over_group() cannot be a complex"),
        ("kapi.inclusive_scan_over_group(group, 1j, kapi.multiplies)", "argument 'x' of inclusive_scan_over_group() cannot be a complex"),
        ("kapi.reduce_over_group(group, 1j, kapi.bit_or)", "argument 'x' of reduce_over_group() cannot be a complex"),
        ("kapi.reduce_over_group(group, 1.0, kapi.bit_or)", "argument 'x' of reduce_over_group() cannot be a float"),
        ("kapi.reduce_over_group(group, 1, max)", "argument 'binary_op' of reduce_over_group() cannot be"),
        ("kapi.reduce_over_group(group, x, kapi.plus)", "argument 'x' of reduce_over_group() cannot be"),
        ("kapi.group_broadcast(group, 1, (0, 0))", "argument 'local_id' of group_broadcast() cannot be"),
        ("kapi.select_from_group(group, 1, 0)", "argument 'g' of select_from_group() cannot be"),
        ("kapi.group_ballot(group)", "argument 'g' of group_ballot() cannot be"),
    ],
)
def test_what_is_refused(expression, message, tmp_path):
    path = tmp_path / "refused.py"
    path.write_text(f"def f(item: kapi.NdItem, x):\n    group = item.get_group()\n    x[0] = {expression}\n")
    scope = {"kapi": kapi}
    exec(compile(path.read_text(), path, "exec"), scope)
    with pytest.raises(TypingError) as caught:
        metate.call_kernel(kernel(scope["f"]), NdRange(1, 1), np.zeros(1))
    assert message in str(caught.value) and "refused.py:3" in str(caught.value)


def test_outside_of_kernels():
    with pytest.raises(RuntimeError, match=r"reduce_over_group\(\) has a meaning inside kernels only"):
        kapi.reduce_over_group(None, 1, kapi.plus)
    with pytest.raises(RuntimeError, match=r"work_group_any\(\) has a meaning inside kernels only"):
        metate.work_group_any(True)
    with pytest.raises(TypingError, match=r"work_group_reduce_add\(\) can be used in kernels only"):
        metate.njit(lambda x: metate.work_group_reduce_add(x))(1)
    assert kapi.plus(2, 3) == 5 and kapi.minimum(np.nan, 2.0) == 2.0 and kapi.bit_xor(6, 3) == 5
    assert metate.njit(lambda x, y: kapi.maximum(kapi.multiplies(x, y), x))(2, 3) == 6
