"""test_random_numbers – counter-based random numbers: the published vectors, and the same numbers wherever they are asked for."""

import metate
import numpy as np
import pytest
from metate import get_global_id, kernel, njit, prange
from metate import kernel_api as kapi

# Random123's known answers (kat_vectors) for philox4x32, 10 rounds: counter, key, result.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
     (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]


def philox(counter, key):
    """The definition, in Python's ints."""
    c, (k0, k1) = list(counter), key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k1, p0 & 0xFFFFFFFF]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c


def words(seed, index, stream):
    halves = [(x & 0xFFFFFFFF, x >> 32 & 0xFFFFFFFF) for x in (index, stream, seed)]
    return philox(halves[0] + halves[1], halves[2])


CASES = [(0, 0, 0), (42, 7, 0), (42, 7, 1), (-1, 2**40 + 5, -3), (2**62, 3, 2**33)]


@pytest.mark.parametrize("counter, key, expected", KNOWN)
def test_known_answers(counter, key, expected):
    result = kapi.philox4x32(*counter, *key)
    assert result == expected and all(type(word) is np.uint32 for word in result)

    @kernel
    def ask(c, k, out):
        out[0], out[1], out[2], out[3] = kapi.philox4x32(c[0], c[1], c[2], c[3], k[0], k[1])

    out = np.zeros(4, np.uint32)
    ask[1](np.array(counter, np.uint32), np.array(key, np.uint32), out)
    assert tuple(out) == expected


@pytest.mark.parametrize("case", CASES)
def test_uniform_numbers_are_made_of_the_words(case):
    w = words(*case)
    assert kapi.random_uniform(*case) == ((w[1] << 32 | w[0]) >> 11) * 2.0**-53
    single = kapi.philox_uniform_float32(*case)
    assert type(single) is np.float32 and single == np.float32((w[0] >> 8) * 2.0**-24)
    assert type(kapi.philox_uniform_float64(*case)) is np.float64


@pytest.mark.parametrize("case", CASES)
def test_normal_numbers_are_made_by_box_and_muller(case):
    w = words(*case)
    first, second = (((w[k + 1] << 32 | w[k]) >> 11) * 2.0**-53 for k in (0, 2))
    expected = np.sqrt(-2 * np.log(1 - first)) * np.cos(2 * np.pi * second)
    # The logarithm, the root and the cosine each err by an ULP at most; the angle's error grows by its size.
    np.testing.assert_allclose(kapi.random_normal(*case), expected, rtol=1e-14)
    first, second = ((w[k] >> 8) * 2.0**-24 for k in (0, 1))
    expected = np.sqrt(-2 * np.log(1 - first)) * np.cos(2 * np.pi * second)
    single = kapi.philox_normal_float32(*case)
    assert type(single) is np.float32
    np.testing.assert_allclose(single, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("function, dtype", [
    (kapi.philox_uniform_float32, np.float32), (kapi.philox_uniform_float64, np.float64),
    (kapi.philox_normal_float32, np.float32), (kapi.philox_normal_float64, np.float64),
])
def test_the_same_numbers_for_every_launch_and_thread(function, dtype):
    @kernel
    def fill(x, seed):
        i = get_global_id(0)
        x[i] = function(seed, i, 3)

    @kernel
    def fill_rows(x, seed):
        i, j = get_global_id(0), get_global_id(1)
        x[i * 50 + j] = function(seed, i * 50 + j, 3)

    @njit(parallel=True)
    def fill_parallel(x, seed):
        for i in prange(x.size):
            x[i] = function(seed, i, 3)

    results = [np.empty(1000, dtype) for _ in range(4)]
    fill[1000, 100](results[0], 11)
    fill[1000](results[1], 11)
    fill_rows[(20, 50), (5, 10)](results[2], 11)
    fill_parallel(results[3], 11)
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])
    exact = "uniform" in function.__name__
    # Devices have their own logarithm and cosine.
    np.testing.assert_allclose(results[3], results[0], rtol=0 if exact else 1e-5, atol=0 if exact else 1e-6)
    other = np.empty(1000, dtype)
    fill[1000](other, 12)
    assert (other != results[0]).mean() > 0.99


def test_distributions():
    @njit(parallel=True)
    def fill(u, v, n, m):
        for i in prange(u.size):
            u[i] = kapi.random_uniform(5, i)
            v[i] = kapi.philox_uniform_float32(5, i, 1)
            n[i] = kapi.random_normal(5, i, 2)
            m[i] = kapi.philox_normal_float32(5, i, 3)

    count = 200_000
    u, v, n, m = np.empty(count), np.empty(count), np.empty(count), np.empty(count)
    fill(u, v, n, m)
    for x in (u, v):
        assert 0 <= x.min() < 1e-4 and 1 - 1e-4 < x.max() < 1
        counts = np.histogram(x, 100, (0, 1))[0]
        assert ((counts - count / 100) ** 2 / (count / 100)).sum() < 160  # chi squared of 99: less in 9999 of 10000
    for x in (n, m):
        # Mean and variance within five of their standard deviations; the share within one.
        assert abs(x.mean()) < 5 / np.sqrt(count) and abs(x.var() - 1) < 5 * np.sqrt(2 / count)
        assert abs((abs(x) < 1).mean() - 0.6827) < 0.006
    for a, b in ((u, v), (u, n), (n, m), (u[1:], u[:-1]), (n[1:], n[:-1])):
        assert abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(count)


def test_any_integer_is_an_index():
    @kernel
    def fill(index, x):
        i = get_global_id(0)
        x[i] = kapi.random_uniform(9, index[i])

    for dtype in (np.int8, np.uint8, np.int32, np.uint32, np.int64, np.uint64):
        x = np.empty(100)
        fill[100](np.arange(100).astype(dtype), x)
        assert x.tolist() == [kapi.random_uniform(9, i) for i in range(100)]
    assert metate.njit(lambda: kapi.random_uniform(9, index=3, stream=0))() == kapi.random_uniform(9, 3)
