"""test_group_memory – local and private memory, barriers, and both spellings of them."""

import metate
import numpy as np
import pytest
from metate import LOCAL_MEM_FENCE, NdRange, barrier, get_global_id, get_group_id, get_local_id, get_local_size, kernel
from metate import kernel_api as kapi
from metate.errors import TypingError

GROUP = 64


@kernel
def reverse_groups(x):
    shared = metate.local.array(GROUP, np.float64)
    i = get_local_id(0)
    shared[i] = x[get_global_id(0)]
    barrier(LOCAL_MEM_FENCE)
    x[get_global_id(0)] = shared[get_local_size(0) - 1 - i]


def test_items_see_what_others_wrote_before_the_barrier():
    x = np.arange(4.0 * GROUP)
    reverse_groups[4 * GROUP, GROUP](x)
    np.testing.assert_array_equal(x, np.arange(4.0 * GROUP).reshape(4, GROUP)[:, ::-1].ravel())


@kernel
def sum_groups(x, sums):
    shared = metate.local.array(256, x.dtype)
    i = get_local_id(0)
    shared[i] = x[get_global_id(0)]
    step = get_local_size(0) // 2
    while step > 0:
        barrier(LOCAL_MEM_FENCE)
        if i < step:
            shared[i] += shared[i + step]
        step //= 2
    if i == 0:
        sums[get_group_id(0)] = shared[0]


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.uint8, np.float32, np.float64, np.complex128])
def test_barriers_in_a_uniform_loop(dtype):
    x = (np.arange(1024) % 7).astype(dtype)
    sums = np.zeros(4, dtype)
    sum_groups[1024, 256](x, sums)
    np.testing.assert_array_equal(sums, x.reshape(4, 256).sum(axis=1, dtype=dtype))


TILE = 8


@kernel
def multiply_tiles(a, b, c):
    row, column = get_global_id(0), get_global_id(1)
    i, j = get_local_id(0), get_local_id(1)
    left = metate.local.array((TILE, TILE), np.float64)
    right = metate.local.array((TILE, TILE), np.float64)
    total = 0.0
    for tile in range(a.shape[1] // TILE):
        left[i, j] = a[row, tile * TILE + j]
        right[i, j] = b[tile * TILE + i, column]
        barrier()
        for k in range(TILE):
            total += left[i, k] * right[k, j]
        barrier()
    c[row, column] = total


def test_matrix_product_by_tiles():
    random = np.random.default_rng(1)
    a, b = random.random((32, 24)), random.random((24, 16))
    c = np.empty((32, 16))
    multiply_tiles[(32, 16), (TILE, TILE)](a, b, c)
    np.testing.assert_allclose(c, a @ b, rtol=1e-14)


def test_accessor_and_group_barrier():
    @kernel
    def rotate(item: kapi.NdItem, x, shared):
        i, n = item.get_local_id(0), item.get_local_range(0)
        shared[i] = x[item.get_global_id(0)]
        kapi.group_barrier(item.get_group())
        x[item.get_global_id(0)] = shared[(i + 1) % n]

    x = np.arange(12, dtype=np.int16)
    metate.call_kernel(rotate, NdRange((12,), (4,)), x, kapi.LocalAccessor(4, np.int16))
    assert x.tolist() == [1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8]
    # The same specialisation, another size.
    metate.call_kernel(rotate, NdRange((12,), (6,)), x, kapi.LocalAccessor(6, np.int16))
    assert x.tolist() == [2, 3, 0, 5, 6, 1, 4, 9, 10, 11, 8, 7]


FLAGS = {
    metate.LOCAL_MEM_FENCE: "group, ", metate.GLOBAL_MEM_FENCE: "global, ",
    metate.CLK_GLOBAL_MEM_FENCE | metate.CLK_LOCAL_MEM_FENCE: "group, global, ", None: "group, global, ",
}


@pytest.mark.parametrize("flags", FLAGS)
def test_which_memory_is_put_in_order(flags):
    @kernel
    def wait(x):
        barrier(flags)
        metate.mem_fence(flags)
        x[0] = 1

    text = wait.inspect_ir(np.zeros(1))
    assert f"barrier [{FLAGS[flags]}acq_rel, work_group]" in text
    assert f"fence [{FLAGS[flags]}acq_rel, {'device' if 'global' in FLAGS[flags] else 'work_group'}]" in text


@pytest.mark.parametrize("flags", [metate.GLOBAL_MEM_FENCE, metate.LOCAL_MEM_FENCE | metate.GLOBAL_MEM_FENCE])
def test_items_see_what_others_wrote_to_global_memory(flags):
    @kernel
    def rotate(x, out):
        i, first = get_local_id(0), get_global_id(0) - get_local_id(0)
        x[first + i] += 1
        barrier(flags)
        out[first + i] = x[first + (i + 1) % get_local_size(0)]

    x, out = np.arange(4.0 * GROUP), np.zeros(4 * GROUP)
    rotate[4 * GROUP, GROUP](x, out)
    np.testing.assert_array_equal(out, np.roll(np.arange(1.0, 4 * GROUP + 1).reshape(4, GROUP), -1, axis=1).ravel())


@metate.device_func
def flags_fence():
    metate.mem_fence(metate.GLOBAL_MEM_FENCE)


@metate.device_func
def flagless_fence():
    metate.mem_fence()


@metate.device_func
def sycl_fence():
    kapi.atomic_fence(kapi.MemoryOrder.ACQ_REL, kapi.MemoryScope.DEVICE)


@pytest.mark.parametrize("fence", [flags_fence, flagless_fence, sycl_fence])
def test_the_last_item_sees_what_all_wrote_before_their_fence(fence):
    @kernel
    def total(x, parts, count, out):
        i = get_global_id(0)
        parts[i] = 2 * x[i]
        fence()
        if metate.atomic.add(count, 0, 1) == x.size - 1:
            fence()
            for part in parts:
                out[0] += part

    x = np.arange(4096)
    parts, count, out = np.zeros_like(x), np.zeros(1, np.int32), np.zeros(1, np.int64)
    total[x.size, GROUP](x, parts, count, out)
    assert out[0] == 2 * x.sum()


@pytest.mark.parametrize("flags", [0, 4, "LOCAL_MEM_FENCE"])
def test_flags_that_name_no_memory(flags):
    with pytest.raises(TypingError, match="LOCAL_MEM_FENCE, GLOBAL_MEM_FENCE or both"):
        @kernel("void(int64[::1])")
        def wait(x):
            metate.mem_fence(flags)


def test_accessor_in_two_dimensions():
    @kernel
    def transpose(item: kapi.NdItem, x, out, shared):
        i, j = item.get_local_id(0), item.get_local_id(1)
        shared[i, j] = x[item.get_global_id(0), item.get_global_id(1)]
        kapi.group_barrier(item.get_group(), kapi.MemoryScope.WORK_GROUP)
        out[item.get_global_id(0), item.get_global_id(1)] = shared[j, i]

    x = np.arange(16.0).reshape(4, 4)
    out = np.empty_like(x)
    metate.call_kernel(transpose, NdRange((4, 4), (2, 2)), x, out, kapi.LocalAccessor((2, 2), np.float64))
    expected = x.reshape(2, 2, 2, 2).transpose(0, 3, 2, 1).reshape(4, 4)
    np.testing.assert_array_equal(out, expected)


def test_private_arrays():
    @kernel
    def sort_four(x):
        i = 4 * get_global_id(0)
        own = metate.private.array(4, x.dtype)
        for k in range(4):
            own[k] = x[i + k]
        for k in range(4):
            for m in range(3 - k):
                if own[m] > own[m + 1]:
                    own[m], own[m + 1] = own[m + 1], own[m]
        for k in range(4):
            x[i + k] = own[k]

    x = np.random.default_rng(2).random(64)
    expected = np.sort(x.reshape(16, 4), axis=1).ravel()
    sort_four[16](x)
    np.testing.assert_array_equal(x, expected)


def test_private_array_of_zeros():
    @kernel
    def count(item: kapi.Item, x, out):
        own = kapi.PrivateArray((2, 3), np.int32, fill_zeros=True)
        own[1, x[item.get_id(0)]] += 1
        for k in range(3):
            out[item.get_id(0), k] = own[1, k] + own[0, k]

    out = np.empty((5, 3), np.int32)
    metate.call_kernel(count, kapi.Range(5), np.array([0, 2, 1, 1, 0]), out)
    np.testing.assert_array_equal(out, np.eye(3, dtype=np.int32)[[0, 2, 1, 1, 0]])


def test_local_memory_goes_to_functions():
    @metate.njit
    def write(shared, i, value):
        shared[i] = value

    @kernel
    def shift(x):
        shared = metate.local.array(8, np.float32)
        i = get_local_id(0)
        write(shared, i, x[get_global_id(0)])
        barrier()
        x[get_global_id(0)] = shared[(i + 3) % 8]

    x = np.arange(8, dtype=np.float32)
    shift[8, 8](x)
    assert x.tolist() == [3, 4, 5, 6, 7, 0, 1, 2]


def test_place_of_the_greatest_element():
    @kernel
    def places(x, out):
        i = get_global_id(0)
        out[i] = x[i].argmax()

    x = np.random.default_rng(3).random((8, 9000))
    out = np.zeros(8, np.int64)
    places[8](x, out)
    np.testing.assert_array_equal(out, x.argmax(axis=1))


def test_an_index_of_local_memory_is_checked():
    @kernel
    def beyond(x):
        shared = metate.local.array(4, np.float64)
        shared[get_local_id(0)] = 1.0
        barrier()
        x[get_global_id(0)] = shared[0]

    with pytest.raises(IndexError, match="index 4 is out of bounds for axis 0 with size 4"):
        beyond[8, 8](np.zeros(8))


def test_one_item_fails_between_two_barriers(capfd):
    @kernel
    def fail(x):
        shared = metate.local.array(8, np.int64)
        i = get_local_id(0)
        shared[i] = x[i]
        barrier()
        shared[i] = 100 // int(shared[i])
        barrier()
        x[i] = shared[7 - i]

    x = np.array([1, 2, 3, 0, 5, 6, 7, 8])
    with pytest.raises(ZeroDivisionError):
        fail[8, 8](x)
    assert x.tolist() == [1, 2, 3, 0, 5, 6, 7, 8]  # the group left together
    assert capfd.readouterr().err == ""
    x[3] = 4
    fail[8, 8](x)
    assert x.tolist() == [12, 14, 16, 20, 25, 33, 50, 100]


def test_one_item_fails_in_a_uniform_loop():
    @kernel
    def fail(x, rounds):
        shared = metate.local.array(8, np.int64)
        i = get_local_id(0)
        for k in range(rounds):
            shared[i] = x[i + k]
            barrier()
            x[i] += shared[(i + 1) % 8]
            barrier()

    with pytest.raises(IndexError, match="index 9 is out of bounds for axis 0 with size 9"):
        fail[8, 8](np.ones(9, np.int64), 3)


def test_items_that_wait_at_different_barriers(capfd):
    @kernel
    def diverge(x):
        if get_local_id(0) < 2:
            barrier()
            x[0] = 1.0
        else:
            x[1] = 1.0

    with pytest.raises(RuntimeError, match="kernel .*diverge: the items of a work-group wait at different barriers"):
        diverge[4, 4](np.zeros(2))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "shape, message",
    [
        ("n", "the shape of local.array() must be a constant known when the function is compiled"),
        ("0", "argument 'shape' of local.array() cannot be empty"),
        ("(1 << 40, 2)", "argument 'shape' of local.array() cannot be that large"),
    ],
)
def test_shapes_that_are_refused(shape, message, tmp_path):
    source = f"def f(x, n):\n    shared = metate.local.array({shape}, np.float64)\n    x[0] = shared.size\n"
    path = tmp_path / "refused.py"
    path.write_text(source)
    scope = {"metate": metate, "np": np}
    exec(compile(source, path, "exec"), scope)
    with pytest.raises(TypingError) as caught:
        kernel(scope["f"])[1](np.zeros(1), 3)
    assert message in str(caught.value) and "refused.py:2" in str(caught.value)


def test_memory_of_two_kinds_is_not_one_variable():
    @kernel
    def mixed(x, flag):
        y = x
        if flag:
            y = metate.local.array(4, np.float64)
        y[0] = 1.0

    with pytest.raises(TypingError, match="local memory"):
        mixed[1](np.zeros(4), True)


def test_private_memory_does_not_outlive_its_function():
    @metate.njit
    def make():
        own = metate.private.array(4, np.float64)
        own[0] = 1.0
        return own

    @kernel
    def use(x):
        x[0] = make()[0]

    with pytest.raises(TypingError, match="a function that returns an array in private memory"):
        use[1](np.zeros(1))


def test_outside_of_kernels():
    with pytest.raises(RuntimeError, match=r"barrier\(\) has a meaning inside kernels only"):
        barrier()
    with pytest.raises(RuntimeError, match=r"local.array\(\) has a meaning inside kernels only"):
        metate.local.array(4, np.float64)

    @metate.njit
    def f():
        return metate.private.array(4, np.float64)

    with pytest.raises(TypingError, match=r"private.array\(\) can be used in kernels only"):
        f()
    with pytest.raises(TypeError, match="LocalAccessor"):
        metate.njit(lambda x: x)(kapi.LocalAccessor(4, np.float64))


def test_a_kernel_needs_memory_that_outlives_its_groups():
    @kernel
    def keep(item: kapi.NdItem, shared):
        shared[item.get_local_id(0)] = 1

    @kernel
    def keep_in_tuple(item: kapi.NdItem, both):
        both[0][item.get_local_id(0)] = both[1]

    with pytest.raises(TypingError, match="MT5002: kernel 'keep' takes no array (.|\n)*a LocalAccessor is memory of a work-group"):
        metate.call_kernel(keep, NdRange(4, 4), kapi.LocalAccessor(4, np.float64))
    with pytest.raises(TypingError, match="MT5002"):
        metate.call_kernel(keep_in_tuple, NdRange(4, 4), (kapi.LocalAccessor(4, np.float64), 1))


@pytest.mark.parametrize("arguments", [((), "f8"), ((0,), "f8"), ((1, 2, 3, 4), "f8"), (-1, "f8")])
def test_accessors_that_cannot_be(arguments):
    with pytest.raises(ValueError):
        kapi.LocalAccessor(*arguments)


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.float32])
def test_elements_at_constant_places_behind_a_branch(dtype):
    """LLVM's back end took their distance in bytes for one in elements."""
    @kernel
    def sums(x, out):
        own = metate.local.array(4, dtype)
        k = get_local_id(0)
        if k < 4:
            own[k] = x[k]
        barrier()
        metate.atomic.add(own, 0, x[k])
        metate.atomic.add(own, 1, x[k])
        metate.atomic.add(own, 3, x[k])
        barrier()
        if k < 4:
            out[k] = own[k]

    x, out = np.arange(1, 9).astype(dtype), np.zeros(4, dtype)
    sums[8, 8](x, out)
    assert out.tolist() == [37, 38, 3, 40]
