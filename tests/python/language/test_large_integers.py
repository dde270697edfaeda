"""Python ints from 2**63 to 2**64 - 1: beside NumPy's numbers they take their dtype, and without any they are np.uint64."""

import numpy as np
import pytest

import metate
from metate import njit
from metate.errors import TypingError

PRIME = 0x9E3779B97F4A7C15  # that of SplitMix64


def mixed(x):
    return x * PRIME, PRIME + x, x + 0xFFFFFFFFFFFFFFFF


def bits(x):
    return x ^ PRIME, x & 0xFFFFFFFFFFFFFFFF, PRIME | x


def compared(x):
    return x < PRIME, x == PRIME, PRIME >= x, x != 0xFFFFFFFFFFFFFFFF


def named(x):
    return np.uint64(PRIME) + x, np.float32(0xFFFFFFFFFFFFFFFF), np.array([x]).astype(np.uint64)[0] == PRIME


def split_mix(seed, count):
    state = np.uint64(seed)
    for _ in range(count):
        state = state + PRIME
        z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB
    return z ^ (z >> 31)


def fowler_noll_vo(data):
    state = np.uint64(14695981039346656037)
    for byte in data:
        state = (state ^ byte) * 1099511628211
    return state


def _same(function, *arguments):
    with np.errstate(all="ignore"):
        expected = function(*arguments)
    result = njit(function)(*arguments)
    pairs = zip(result, expected) if isinstance(expected, tuple) else [(result, expected)]
    for mine, theirs in pairs:
        np.testing.assert_array_equal(mine, theirs)
        assert np.asarray(mine).dtype == np.asarray(theirs).dtype


@pytest.mark.parametrize("x", [np.uint64(3), np.uint64(PRIME), np.float32(1.5), np.float64(-2), np.complex64(2j),
                               np.arange(3, dtype=np.uint64), np.arange(3, dtype=np.float32)], ids=repr)
def test_beside_numbers_of_numpy(x):
    _same(mixed, x)


@pytest.mark.parametrize("function, x", [
    (bits, np.uint64(0x123456789ABCDEF0)), (bits, np.arange(3, dtype=np.uint64)), (compared, np.int8(-3)),
    (compared, np.uint64(PRIME)), (compared, np.float32(2)), (compared, np.arange(3)), (named, np.uint64(PRIME)),
], ids=lambda value: getattr(value, "__name__", repr(value)))
def test_what_numpy_gives(function, x):
    _same(function, x)


def test_generators_and_hashes():
    _same(split_mix, 42, 5)
    _same(fowler_noll_vo, np.frombuffer(b"metate", np.uint8))


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint32])
def test_dtypes_without_such_numbers(dtype):
    with pytest.raises(OverflowError, match=f"Python integer {PRIME} out of bounds for {np.dtype(dtype).name}"):
        njit(mixed)(dtype(1))

    @njit
    def store(x):
        x[0] = PRIME

    with pytest.raises(OverflowError, match=f"Python integer {PRIME} out of bounds for {np.dtype(dtype).name}"):
        store(np.zeros(1, dtype))
    stored = np.zeros(1, np.uint64)
    store(stored)
    assert stored[0] == PRIME


def test_beside_numbers_of_python():
    @njit
    def scrambled(n):
        return (n ^ 14695981039346656037) * 2.0, n % 0xFFFFFFFFFFFFFFFF, 0x8000000000000000

    product, rest, alone = scrambled(5)
    assert product == (5 ^ 14695981039346656037) * 2.0
    assert rest == 5 and alone == 2**63 and rest.dtype == alone.dtype == np.uint64
    with pytest.raises(OverflowError, match="Python integer -1 out of bounds for uint64"):
        scrambled(-1)


def test_where_an_int_of_python_has_to_come_out():
    def as_int():
        return int(PRIME)

    def counted():
        for _ in range(PRIME):
            pass

    for function in (as_int, counted):
        with pytest.raises(OverflowError, match=f"Python integer {PRIME} out of bounds for int64"):
            njit(function)()


def test_in_kernels():
    @metate.kernel
    def hashes(x, out):
        i = metate.get_global_id(0)
        out[i] = (x[i] ^ 14695981039346656037) * PRIME >> 7

    x, out = np.arange(9, dtype=np.uint64), np.zeros(9, np.uint64)
    hashes[9](x, out)
    np.testing.assert_array_equal(out, (x ^ np.uint64(14695981039346656037)) * np.uint64(PRIME) >> np.uint64(7))


def test_larger_ones_are_refused():
    with pytest.raises(TypingError, match="MT1008: integer constant 18446744073709551616 does not fit 64 bits"):
        njit(lambda x: x + 18446744073709551616)(1)
    with pytest.raises(TypingError, match="MT1008: integer constant -9223372036854775809 does not fit 64 bits"):
        njit(lambda x: x + -9223372036854775809)(1)
