"""What dpctl.tensor has beyond the array API standard, beside NumPy's values; and arrays of float16."""

import metate
import numpy as np
import pytest

XP = metate.ones(1).__array_namespace__()
RANDOM = np.random.default_rng(5)
TABLE = RANDOM.normal(size=(5, 7))
SPECIAL = np.array([[1e4, 1e4], [np.inf, 1], [-np.inf, -np.inf], [np.nan, np.inf], [-1e300, 1e300], [0, 0], [1e-310, 1e-310]])


def device(x):
    return metate.asarray(x)


def same(given, expected, rtol=0.0):
    given, expected = metate.asnumpy(given), np.asarray(expected)
    assert given.dtype == expected.dtype
    np.testing.assert_allclose(given, expected, rtol=rtol, atol=0)


@pytest.mark.parametrize("axis", [0, 1, None, (0, 1)])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i4", "u1", "?"])
def test_sums_of_exponentials_and_squares(axis, dtype):
    x = (3 * TABLE).astype(dtype)
    eps = 8 * np.finfo(dtype if dtype[0] == "f" else "f8").eps
    wide = x.astype("f8")
    result = np.dtype(dtype) if dtype[0] == "f" else np.dtype("f8")
    same(XP.logsumexp(device(x), axis=axis), np.log(np.sum(np.exp(wide), axis=axis)).astype(result), eps)
    same(XP.reduce_hypot(device(x), axis=axis), np.sqrt(np.sum(wide**2, axis=axis)).astype(result), eps)
    kept = XP.logsumexp(device(x), axis=axis, keepdims=True, dtype="f4")
    assert kept.shape == np.sum(x, axis=axis, keepdims=True).shape and kept.dtype == np.float32


def test_sums_of_exponentials_and_squares_at_extremes():
    with np.errstate(all="ignore"):
        same(XP.logsumexp(device(SPECIAL), axis=1), np.logaddexp.reduce(SPECIAL, axis=1), 1e-15)
        same(XP.reduce_hypot(device(SPECIAL), axis=1), np.hypot.reduce(SPECIAL, axis=1), 1e-12)
    assert float(XP.logsumexp(metate.zeros(0))) == -np.inf and float(XP.reduce_hypot(metate.zeros(0))) == 0
    long = RANDOM.normal(size=300_000)
    same(XP.logsumexp(device(long)), np.log(np.sum(np.exp(long))), 1e-12)
    same(XP.reduce_hypot(device(long)), np.linalg.norm(long), 1e-12)
    for function in (XP.logsumexp, XP.reduce_hypot, XP.cumulative_logsumexp):
        with pytest.raises(TypeError, match="real numbers"):
            function(device([1j]))


def test_running_sums_of_exponentials():
    same(XP.cumulative_logsumexp(device(TABLE), axis=1), np.logaddexp.accumulate(TABLE, axis=1), 1e-14)
    same(XP.cumulative_logsumexp(device([1, 2]), include_initial=True), [-np.inf, 1.0, np.logaddexp(1, 2)], 1e-15)
    long = RANDOM.normal(size=20_000)
    same(XP.cumulative_logsumexp(device(long)), np.logaddexp.accumulate(long), 1e-12)


@pytest.mark.parametrize("dtype", ["c8", "c16"])
def test_projection_and_angle(dtype):
    z = np.array([1 + 2j, complex(np.inf, -1), complex(-1, -np.inf), complex(np.nan, np.inf), complex(-np.inf, np.nan), -3, np.nan],
                 dtype)
    infinite = np.isinf(z.real) | np.isinf(z.imag)
    given = metate.asnumpy(XP.proj(device(z)))
    assert given.dtype == z.dtype and (given.real[infinite] == np.inf).all() and (given.imag[infinite] == 0).all()
    assert (np.signbit(given.imag) == np.signbit(z.imag))[infinite & ~np.isnan(z.imag)].all()
    np.testing.assert_array_equal(given[~infinite], z[~infinite])
    same(XP.angle(device(z)), np.angle(z), 4 * np.finfo(dtype).eps)
    same(XP.angle(device([-1.0, 2.0])), np.angle([-1.0, 2.0]))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i4", "u8"])
def test_inverse_roots(dtype):
    x = np.array([1, 4, 3, 100, 0], dtype)
    with np.errstate(divide="ignore"):
        expected = 1 / np.sqrt(x)
        same(XP.rsqrt(device(x)), expected, 4 * np.finfo(expected.dtype).eps)
        same(XP.reciprocal(device(x)), np.true_divide(1, x), 4 * np.finfo(expected.dtype).eps)
    with pytest.raises(TypeError, match="real numbers"):
        XP.rsqrt(device([1j]))


def test_close():
    a = device(TABLE)
    for b, options in ((TABLE + 1e-10, {}), (TABLE + 1, {}), (TABLE * 1.5, {"rtol": 0.4}), (TABLE + 1e-3, {"atol": 1e-2})):
        result = XP.allclose(a, device(b), **options)
        assert result.shape == () and bool(result) == np.allclose(TABLE, b, **options)
    odd = device([np.nan, np.inf])
    assert not XP.allclose(odd, odd) and XP.allclose(odd, odd, equal_nan=True)
    assert not XP.allclose(device([np.inf]), device([1.0])) and not XP.allclose(device([1.0]), device([np.inf]))


def test_results_written_to_an_array():
    out = metate.empty((5, 7))
    assert XP.exp2(device(TABLE), out=out) is out
    same(out, np.exp2(TABLE), 1e-15)
    assert XP.add(out, 1, out=out) is out
    with pytest.raises(TypeError, match="cannot cast"):
        XP.cbrt(out, out=metate.empty((5, 7), "i4"))


@pytest.mark.parametrize("mode, given, meant", [
    ("wrap", [-100, -7, -1, 6, 100], [0, 0, 6, 6, 6]),
    ("clip", [-100, -1, 0, 6, 100], [0, 0, 0, 6, 6]),
])
def test_take_and_put_by_mode(mode, given, meant):
    same(XP.take(device(TABLE), device(given), axis=1, mode=mode), TABLE[:, meant])
    same(XP.take(device(TABLE[0]), device(given), mode=mode), TABLE[0, meant])
    x = device(np.zeros(7))
    XP.put(x, device(given), 1.0, mode=mode)
    assert sorted(set(meant)) == np.flatnonzero(metate.asnumpy(x)).tolist()


def test_take_and_put():
    x = TABLE.copy()
    same(XP.take(device(x), device(np.array([4, 0, 2], np.uint8)), axis=0), x[[4, 0, 2]])
    same(XP.take(device(3.5), device([0, 0])), [3.5, 3.5])
    on_device = device(x)
    XP.put(on_device, device([1, -1]), device(np.arange(10.0).reshape(5, 2)), axis=1)
    x[:, [1, -1]] = np.arange(10.0).reshape(5, 2)
    same(on_device, x)
    with pytest.raises(IndexError, match="out of range"):
        XP.take(on_device, device([7]), axis=1)
    with pytest.raises(IndexError, match="integers"):
        XP.take(on_device, device([0.5]), axis=1)
    with pytest.raises(IndexError, match="has none"):
        XP.take(metate.zeros((0, 2)), device([0]), axis=0, mode="clip")
    with pytest.raises(ValueError, match="'wrap' or 'clip'"):
        XP.take(on_device, device([0]), axis=1, mode="mirror")
    with pytest.raises(ValueError, match="axis is needed"):
        XP.put(on_device, device([0]), 1)
    with pytest.raises(ValueError, match="no values"):
        XP.put(on_device, device([0]), metate.zeros(0), axis=0)
    with pytest.raises(np.exceptions.AxisError):
        XP.take(on_device, device([0]), axis=2)


def test_along_axis():
    for axis in (0, 1, -1):
        indices = np.argsort(TABLE, axis=axis)
        same(XP.take_along_axis(device(TABLE), device(indices), axis=axis), np.sort(TABLE, axis=axis))
        expected, given = TABLE.copy(), device(TABLE)
        chosen = np.take(indices, [0], axis=axis)
        np.put_along_axis(expected, chosen, 9.0, axis)
        XP.put_along_axis(given, device(chosen), 9.0, axis=axis)
        same(given, expected)
    same(XP.take_along_axis(device(TABLE), device([[100]]), axis=1, mode="clip"), TABLE[:, -1:])
    values = np.arange(5.0)[:, None]
    XP.put_along_axis(given, device([[0]]), device(values), axis=1)
    same(given[:, :1], values)
    with pytest.raises(ValueError, match="more rows"):
        XP.put_along_axis(metate.zeros((1, 3)), device([[0], [1]]), 1.0)
    with pytest.raises(ValueError, match="1 axes"):
        XP.take_along_axis(given, device([0]))


@pytest.mark.parametrize("turned", [False, True])
def test_extract_and_place(turned):
    x = TABLE.T if turned else TABLE
    on_device = device(TABLE).T if turned else device(TABLE)
    same(XP.extract(device(x > 0), on_device), np.extract(x > 0, x))
    for values in ([1.0], [1.0, 2.0, 3.0], list(range(50))):
        expected = x.copy()
        np.place(expected, x > 0, values)
        changed = XP.copy(on_device) if not turned else device(TABLE).T
        XP.place(changed, device((x > 0).astype("i4")), device(values))
        same(changed, expected)
    XP.place(on_device, device(np.zeros(x.shape, bool)), metate.zeros(0))
    same(on_device, x)
    with pytest.raises(ValueError, match="empty array"):
        XP.place(on_device, device(x > 0), metate.zeros(0))
    with pytest.raises(ValueError, match="does not fit"):
        XP.extract(device([True]), on_device)
    with pytest.raises(ValueError, match="one axis"):
        XP.place(on_device, device(x > 0), metate.zeros((1, 1)))


def test_top_k():
    x = np.array([[3, 1, 3, 2], [0, 0, 9, 9]])
    for axis in (0, 1):
        found = XP.top_k(device(x), 2, axis=axis)
        same(found.indices, np.argsort(-x, axis=axis, kind="stable").take([0, 1], axis))
        same(found.values, -np.sort(-x, axis=axis).take([0, 1], axis))
        same(XP.top_k(device(x), 2, axis=axis, mode="smallest").values, np.sort(x, axis=axis).take([0, 1], axis))
    values, indices = XP.top_k(device(x), 3)
    same(values, [9, 9, 3])
    same(indices, [6, 7, 0])
    same(XP.top_k(device([1.0, np.nan, 2.0]), 2).values, [np.nan, 2.0])
    for k in (0, 9):
        with pytest.raises(ValueError, match="from 1 to the 8"):
            XP.top_k(device(x), k)
    with pytest.raises(ValueError, match="'largest' or 'smallest'"):
        XP.top_k(device(x), 1, mode="best")


def test_views_and_copies():
    a = device(TABLE)
    assert XP.swapaxes(a, 0, 1).shape == (7, 5) and XP.swapaxes(a, 0, 1)._memory is a._memory
    b = XP.copy(a.T)
    b[0, 0] = 4
    assert float(a[0, 0]) == TABLE[0, 0]
    same(b[1:], TABLE.T[1:])


def test_halves():
    x = (4 * TABLE).astype(np.float16)
    a = device(x)
    assert a.dtype == np.float16 and (a * 2.5 + 1).dtype == np.float16
    same(a * 2.5 + 1, x * np.float16(2.5) + np.float16(1))
    same(XP.sort(a, axis=1), np.sort(x, axis=1))
    same(XP.max(a, axis=0), np.max(x, axis=0))
    same(XP.argmin(a, axis=0), np.argmin(x, axis=0))
    same(XP.astype(a, XP.float32), x.astype("f4"))
    same(a[:, ::2][a[:, ::2] > 0], x[:, ::2][x[:, ::2] > 0])
    same(a @ device(np.eye(7, dtype="f2")), x)
    same(XP.linspace(0, 1, 5, dtype="f2"), np.linspace(0, 1, 5, dtype="f2"))
    same(XP.arange(5, dtype=XP.float16), np.arange(5, dtype="f2"))
    assert XP.finfo(XP.float16).bits == 16 and XP.result_type(a, XP.float32) == np.float32
    assert (a + device(x.astype("f4"))).dtype == np.float32 and (a + 1j).dtype == np.result_type(np.float16, 1j)
