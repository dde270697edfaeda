"""Reductions: what they compute, and that neither threads nor executors decide about a single bit of it."""

import numpy as np
import pytest

from metate import _metate, get_num_threads, njit, prange, set_num_threads

THREADS = sorted({1, 2, 3, 7} & set(range(1, _metate.max_num_threads() + 1)))
SIZES = [0, 1, 31, 32, 33, 4095, 4097, 100_003]


@pytest.fixture(autouse=True)
def threads_as_before():
    before = get_num_threads()
    yield
    set_num_threads(before)


def bits(value):
    return np.asarray(value).tobytes()


def close(result, exact, magnitudes):
    """Within n·eps of the sum of magnitudes, for any order of additions."""
    eps = np.finfo(np.asarray(result).dtype).eps
    return abs(result - exact) <= eps * (len(magnitudes) + 1) * np.sum(np.abs(magnitudes), dtype=np.longdouble)


def total(x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
    return s


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128, np.int32, np.uint8])
def test_sum_in_any_number_of_threads(size, dtype):
    x = (np.random.default_rng(size).standard_normal(size) * 100).astype(dtype)
    parallel, serial, array = njit(parallel=True)(total), njit(np_sum), njit(parallel=True)(np_sum)
    results = set()
    for count in THREADS:
        set_num_threads(count)
        results.add(bits(array(x)))
        results.add(bits(serial(x)))
        last = parallel(x)
        if size == 0:
            assert last == 0
        elif np.issubdtype(dtype, np.integer):
            assert last == np.sum(x, dtype=float)
        else:
            assert close(last, np.sum(x, dtype=np.clongdouble), x)
    assert len(results) == 1


def np_sum(x):
    return np.sum(x)


def several(x, y):
    s, p, low, high, n = 0.0, 1.0, np.inf, -np.inf, 0
    for i in prange(x.size):
        s += x[i] * y[i]
        p *= 1 + x[i] / x.size
        low = min(low, x[i])
        high = max(high, y[i])
        if x[i] > 0:
            n += 1
    return s, p, low, high, n


@pytest.mark.parametrize("size", SIZES[1:])
def test_several_variables(size):
    generator = np.random.default_rng(size)
    x, y = generator.standard_normal(size), generator.standard_normal(size)
    compiled = njit(parallel=True)(several)
    s, p, low, high, n = expected = several(x, y)
    results = []
    for count in THREADS:
        set_num_threads(count)
        results.append(compiled(x, y))
    assert len({bits(result) for result in results}) == 1
    assert results[0][2:] == expected[2:]
    assert close(results[0][0], s, x * y)
    assert results[0][1] == pytest.approx(p, rel=1e-9)


def operators(x):
    a, b, c, d, e = 0, 1.0, -1, 0, 7
    for i in prange(len(x)):
        a -= x[i]
        b /= 2.0
        c &= x[i] | 0x55
        d |= x[i] << 1
        e ^= x[i]
    return a, b, c, d, e


@pytest.mark.parametrize("size", [0, 1, 40, 1000])
def test_every_operator(size):
    x = np.random.default_rng(size).integers(-100, 100, size)
    expected = operators(x)
    for count in THREADS:
        set_num_threads(count)
        assert njit(parallel=True)(operators)(x) == expected


def test_neutral_elements_leave_no_trace():
    def negative_zero(x):
        s = -0.0
        for i in prange(len(x)):
            s += x[i]
        return s

    compiled = njit(parallel=True)(negative_zero)
    for size in SIZES:
        assert np.signbit(compiled(np.full(size, -0.0)))


@pytest.mark.parametrize("size", SIZES[1:])
def test_nan_spreads_in_array_extremes_only(size):
    x = np.arange(float(size))
    x[size // 2] = np.nan
    for parallel in False, True:
        low, high = njit(parallel=parallel)(lambda a: (a.min(), np.max(a)))(x)
        assert np.isnan(low) and np.isnan(high)
        assert njit(parallel=parallel)(lambda a: np.nanmax(a))(np.append(x, -1.0)) == np.nanmax(np.append(x, -1.0))


def histogram_of_rows(x, bins):
    for i in prange(x.shape[0]):
        bins += x[i]
    return bins


def rebound(x, start):
    acc = start
    for i in prange(len(x)):
        acc = acc + x[i]
    return acc


@pytest.mark.parametrize("rows", [0, 1, 5, 1000])
@pytest.mark.parametrize("columns", [0, 1, 7, 600])
def test_arrays_in_place(rows, columns):
    x = np.random.default_rng(1).integers(0, 9, (rows, columns)).astype(float)
    for count in THREADS:
        set_num_threads(count)
        bins = np.ones(columns)
        result = njit(parallel=True)(histogram_of_rows)(x, bins)
        assert result is bins
        np.testing.assert_array_equal(bins, 1 + x.sum(axis=0))


def test_strided_arrays_in_place():
    bins = np.zeros((4, 6))
    x = np.arange(50.0 * 2 * 2).reshape(50, 2, 2)
    result = njit(parallel=True)(histogram_of_rows)(x, bins[::2, ::3])
    np.testing.assert_array_equal(result, x.sum(axis=0))
    assert bins.sum() == x.sum()


def test_arrays_bound_anew():
    x, start = np.arange(300.0).reshape(100, 3), np.ones(3)
    result = njit(parallel=True)(rebound)(x, start)
    np.testing.assert_array_equal(result, 1 + x.sum(axis=0))
    np.testing.assert_array_equal(start, 1)


def test_arrays_leave_no_blocks():
    compiled = njit(parallel=True)(histogram_of_rows)
    x, bins = np.ones((100, 50)), np.zeros(50)
    compiled(x, bins)
    before = _metate.live_blocks()
    compiled(x, bins)
    with pytest.raises(ValueError, match="broadcast"):
        compiled(x, np.zeros(3))
    assert _metate.live_blocks() == before


def nested(x):
    s = 0.0
    for i in prange(x.shape[0]):
        row = 0.0
        for j in prange(x.shape[1]):
            row += x[i, j]
        s += np.sqrt(row) + x[i].sum()
    return s


def test_reductions_in_reductions():
    x = np.random.default_rng(3).random((37, 5000))
    expected = (np.sqrt(x.sum(axis=1)) + x.sum(axis=1)).sum()
    results = set()
    for count in THREADS:
        set_num_threads(count)
        results.add(njit(parallel=True)(nested)(x))
    assert len(results) == 1
    assert results.pop() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("start, stop, step", [(0, 10, 1), (5, 1000, 7), (10, 0, -1), (3, 3, 1), (9, 1, 2), (-50, 50, 3)])
def test_any_range(start, stop, step):
    @njit(parallel=True)
    def squares(start, stop, step):
        s = 0
        for i in prange(start, stop, step):
            s += i * i
        return s

    assert squares(start, stop, step) == sum(i * i for i in range(start, stop, step))


def test_private_temporaries():
    @njit(parallel=True)
    def polynomial(x, out):
        for i in prange(len(x)):
            y = x[i]
            t = 1.0
            for k in range(5):
                t = t * y + k
            out[i] = t

    x = np.linspace(-1, 1, 5001)
    out = np.empty_like(x)
    polynomial(x, out)
    t = np.ones_like(x)
    for k in range(5):
        t = t * x + k
    np.testing.assert_array_equal(out, t)


@pytest.mark.parametrize("bad", [[0], [70_000], [99_999], [70_000, 81_234], [5, 99_999]])
def test_the_lowest_failing_iteration_wins(bad):
    @njit(parallel=True)
    def checked(x):
        s = 0.0
        for i in prange(len(x)):
            if x[i] < 0:
                raise ValueError(i)
            s += x[i]
        return s

    x = np.ones(100_000)
    x[bad] = -1
    for count in THREADS:
        set_num_threads(count)
        with pytest.raises(ValueError) as caught:
            checked(x)
        assert caught.value.args == (bad[0],)


def test_sequential_loops_keep_their_order():
    @njit(parallel=True)
    def in_order(x):
        s = 0.0
        for i in range(len(x)):
            s += x[i]
        return s

    x = np.random.default_rng(2).standard_normal(10_001)
    assert in_order(x) == sum(x.tolist())


def greatest(x, start):
    found = start
    for i in prange(len(x)):
        found = max(found, x[i])
    return found


@pytest.mark.parametrize("start", [0.0, -0.0, np.nan, -np.inf])
@pytest.mark.parametrize("x", [[-0.0], [0.0], [np.nan], [np.nan, -0.0], [-1.0, 2.0, np.nan], [-0.0] * 5000])
def test_max_keeps_what_was_there_among_equals_and_beside_nan(x, start):
    x, start = np.array(x), np.float64(start)
    assert bits(njit(parallel=True)(greatest)(x, start)) == bits(greatest(x, start))
