"""Threads: how many there are, regions inside regions, and calls from many Python threads at once."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import metate
from metate import _metate, njit, prange


def run(code, **environment):
    result = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def test_numbers_of_threads():
    most = _metate.max_num_threads()
    before = metate.get_num_threads()
    assert 1 <= before <= most
    metate.set_num_threads(1)
    assert metate.get_num_threads() == 1
    metate.set_num_threads(before)
    for wrong in 0, -1, most + 1:
        with pytest.raises(ValueError, match=f"between 1 and {most}, not {wrong}"):
            metate.set_num_threads(wrong)
    with pytest.raises(TypeError):
        metate.set_num_threads("2")
    assert metate.get_num_threads() == before


def test_the_number_belongs_to_the_python_thread():
    seen = []
    metate.set_num_threads(1)
    thread = threading.Thread(target=lambda: seen.append(metate.get_num_threads()))
    thread.start()
    thread.join()
    assert seen == [_metate.max_num_threads()]
    metate.set_num_threads(_metate.max_num_threads())


SAME_BITS = """
import numpy as np, metate
from metate import njit, prange

@njit(parallel=True)
def f(x, out):
    s = 0.0
    for i in prange(len(x)):
        s += x[i] * 1.1
        out[i] = x[i] * 2
    return s, np.sum(np.sin(x)), (x * x).mean()

x = np.random.default_rng(0).standard_normal(123_457)
out = np.zeros_like(x)
values = f(x, out)
assert np.array_equal(out, x * 2)
print(metate.get_num_threads(), *(float(value).hex() for value in values))
"""


def test_same_bits_in_processes_of_any_number():
    results = {count: run(SAME_BITS, METATE_NUM_THREADS=str(count)) for count in (1, 2, 3, 7)}
    for count, (number, *values) in results.items():
        assert number == str(count)
        assert values == results[1][1:]


@njit(parallel=True)
def rows(x):
    out = np.zeros(x.shape[0])
    for i in prange(x.shape[0]):
        s = 0.0
        for j in prange(x.shape[1]):
            s += x[i, j]
        out[i] = s
    return out


@njit(parallel=True)
def outer(x):
    out = np.zeros(4)
    for k in prange(4):
        out[k] = rows(x).sum() * k
    return out


def test_regions_inside_regions():
    x = np.ones((50, 5000))
    np.testing.assert_array_equal(outer(x), x.sum() * np.arange(4))


def test_many_python_threads():
    x = np.random.default_rng(5).random((40, 9000))
    expected = rows(x)
    wrong = []

    def work():
        for _ in range(20):
            if not np.array_equal(rows(x), expected):
                wrong.append(threading.get_ident())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_array_expressions_ask_for_threads_only_in_parallel_functions():
    def expression(x):
        return (np.sqrt(x) + x).sum()

    x = np.ones(4)
    for parallel in True, False:
        compiled = njit(parallel=parallel)(expression)
        compiled(x)
        text = "".join(compiled.inspect_ir().values())
        assert ("nest parallel" in text) == parallel
        assert ("metate_parallel" in "".join(compiled.inspect_llvm().values())) == parallel


def test_limit_of_the_memory_pool():
    before = metate.memory_pool_limit()
    metate.set_memory_pool_limit(0)
    njit(lambda n: np.zeros(n))(10_000_000)
    assert metate.pooled_bytes() == 0
    metate.set_memory_pool_limit(before)
    assert metate.memory_pool_limit() == before
    with pytest.raises(ValueError):
        metate.set_memory_pool_limit(-1)
