"""The specialisations that a kernel keeps: at most `cache_size` of them, those that were used last."""

import gc
import threading

import numpy as np
import pytest

import metate
from metate import get_global_id, int8, int32, kernel

DTYPES = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, np.float64]


def make(size):
    @kernel(cache_size=size)
    def double(x, y):
        i = get_global_id(0)
        y[i] = x[i] + x[i]

    return double


def run(k, given, taken):
    x, y = np.arange(5).astype(given), np.zeros(5, taken)
    k[5](x, y)
    np.testing.assert_array_equal(y, (x + x).astype(taken))


def test_the_number_is_bounded_and_results_are_right():
    k = make(3)
    for round in range(2):
        for count, dtype in enumerate(DTYPES, 1):
            run(k, dtype, dtype)
            assert len(k.specialisations) == (min(count, 3) if round == 0 else 3)


def test_what_was_used_last_stays():
    k = make(2)
    run(k, np.int8, np.int8)
    run(k, np.int16, np.int16)
    run(k, np.int8, np.int8)
    run(k, np.int32, np.int32)  # int16 leaves
    assert k.specialisations == [(int32[::1], int32[::1]), (int8[::1], int8[::1])]


def test_one_is_enough_for_many():
    k = make(1)
    for given in DTYPES[:4]:
        for taken in np.float32, np.float64:
            run(k, given, taken)
            assert len(k.specialisations) == 1


def test_what_the_session_keeps_is_bounded_too():
    k = make(2)
    for _ in range(2):
        for dtype in DTYPES:
            run(k, dtype, dtype)
    before = metate._metate.functions_held()
    for _ in range(3):
        for dtype in DTYPES:
            run(k, dtype, dtype)
    assert metate._metate.functions_held() <= before


def test_functions_that_others_call_stay():
    @metate.device_func
    def twice(x):
        return x + x

    @kernel(cache_size=1)
    def one(x):
        x[get_global_id(0)] = twice(x[get_global_id(0)])

    @kernel(cache_size=1)
    def other(x, y):
        x[get_global_id(0)] = twice(twice(y[get_global_id(0)]))

    for _ in range(3):
        for dtype in np.float32, np.float64, np.int64:
            x = np.ones(3, dtype)
            one[3](x)
            np.testing.assert_array_equal(x, [2, 2, 2])
            other[3](x, x)
            np.testing.assert_array_equal(x, [8, 8, 8])
    assert "OpEntryPoint" in other.inspect_spirv(x, x)


def test_launches_under_way_keep_their_code():
    k = make(1)
    n = 1 << 18
    queue = metate.get_current_queue()
    jobs = []
    for dtype in DTYPES * 2:
        x, y = np.arange(n).astype(dtype), np.zeros(n, dtype)
        jobs.append((queue.submit_async(k, [x, y], [n]), x, y))
        gc.collect()
    for event, x, y in jobs:
        event.wait()
        np.testing.assert_array_equal(y, x + x)
    assert len(k.specialisations) == 1


def test_many_threads():
    k = make(2)
    failures = []

    def work(seed):
        order = np.random.default_rng(seed).permutation(DTYPES)
        try:
            for dtype in order:
                run(k, dtype, dtype)
        except BaseException as error:  # noqa: BLE001 – reported below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(k.specialisations) <= 2


@pytest.mark.parametrize("size", [0, -1, 1.5, True, "3"])
def test_sizes_that_make_no_sense(size):
    with pytest.raises(TypeError, match="MT6003: option 'cache_size' takes an int of at least 1"):
        make(size)
