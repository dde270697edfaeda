"""test_pools – compiled functions in pools of processes and threads, by pickle and by cloudpickle."""

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from metate import get_global_id, kernel, njit, prange, vectorize


@njit(parallel=True)
def norm(x):
    total = 0.0
    for i in prange(len(x)):
        total += x[i] * x[i]
    return total**0.5


@vectorize
def twice(x):
    return 2 * x


@kernel
def fill(x, value):
    x[get_global_id(0)] = value


def filled(value):
    x = np.zeros(8)
    fill[8](x, value)
    return x


ARRAYS = [np.full(1000, float(value)) for value in range(8)]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_pools_of_processes(method):
    """Those of `fork` take the compiled code along, the others compile it again."""
    expected = [norm(x) for x in ARRAYS]
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(norm, ARRAYS) == expected
        np.testing.assert_array_equal(pool.map(twice, ARRAYS), [2 * x for x in ARRAYS])
        np.testing.assert_array_equal(pool.map(filled, range(4)), [[value] * 8 for value in range(4)])


def test_executors():
    expected = [norm(x) for x in ARRAYS]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(norm, ARRAYS)) == expected
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(norm, ARRAYS * 20)) == expected * 20


def test_an_event_loop():
    """It goes on while a function without the interpreter lock computes."""
    @njit(nogil=True)
    def hash_of(n):
        value = np.uint64(1)
        for i in range(n):
            value = value * np.uint64(6364136223846793005) + np.uint64(i)
        return value

    hash_of(1)  # compiled before

    async def program():
        task = asyncio.get_running_loop().run_in_executor(None, hash_of, 300_000_000)
        turns = 0
        while not task.done():
            await asyncio.sleep(0.001)
            turns += 1
        return turns, await task

    turns, value = asyncio.run(program())
    assert turns > 3 and value == hash_of(300_000_000)


def test_closures_by_value():
    """What pickle cannot take by name, joblib and others take by value."""
    joblib = pytest.importorskip("joblib")
    cloudpickle = pytest.importorskip("cloudpickle")
    factor = 3.0

    @njit
    def scaled(x):
        return factor * x

    @kernel
    def scale(x):
        x[get_global_id(0)] *= factor

    def both(value):
        x = np.full(4, value)
        scale[4](x)
        return scaled(value), x.tolist()

    assert cloudpickle.loads(cloudpickle.dumps(scaled))(2.0) == 6
    got = joblib.Parallel(n_jobs=2)(joblib.delayed(both)(float(value)) for value in range(4))
    assert got == [(3.0 * value, [3.0 * value] * 4) for value in range(4)]
