"""The functions of the array API standard that device arrays offer, against NumPy, which has them too."""

import ast
import inspect
import pathlib

import metate
import numpy as np
import pytest

XP = metate.ones(1).__array_namespace__()
HOST = np.array([[3, 1, 2, 1], [5, 0, 9, 5]])


def check(given, expected):
    """The same elements, shape and dtype."""
    expected = np.asarray(expected)
    assert (given.shape, given.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_array_equal(metate.asnumpy(given), expected)


@pytest.mark.parametrize("compute", [
    lambda xp, a: xp.sort(a), lambda xp, a: xp.argsort(a, axis=0), lambda xp, a: xp.sort(a[:, :0]),
    lambda xp, a: xp.argsort(a), lambda xp, a: xp.roll(a, 1), lambda xp, a: xp.roll(a, (1, -1), axis=(0, 1)),
    lambda xp, a: xp.tile(a, (2, 1, 2)), lambda xp, a: xp.tile(a, (2,)), lambda xp, a: xp.repeat(a, 2, axis=1),
    lambda xp, a: xp.repeat(a, xp.asarray([1, 0, 2, 1]), axis=1), lambda xp, a: xp.repeat(a, 2),
    lambda xp, a: xp.triu(a, k=1), lambda xp, a: xp.tril(a), lambda xp, a: xp.diff(a), lambda xp, a: xp.diff(a, n=2),
    lambda xp, a: xp.diff(a, axis=0, prepend=a[:1]), lambda xp, a: xp.take_along_axis(a, xp.argsort(a), axis=-1),
    lambda xp, a: xp.take(a, xp.asarray([1, 0, 1]), axis=1), lambda xp, a: xp.concat([a, a * 0.5], axis=1),
    lambda xp, a: xp.concat([a, a], axis=None), lambda xp, a: xp.stack([a, a], axis=-1), lambda xp, a: xp.flip(a),
    lambda xp, a: xp.flip(a, axis=0), lambda xp, a: xp.expand_dims(a, axis=1), lambda xp, a: xp.squeeze(a[:1], axis=0),
    lambda xp, a: xp.permute_dims(a, (1, 0)), lambda xp, a: xp.matrix_transpose(a), lambda xp, a: xp.moveaxis(a, 0, -1),
    lambda xp, a: xp.broadcast_to(a, (3, 2, 4)), lambda xp, a: xp.reshape(a, (4, -1)), lambda xp, a: xp.unstack(a, axis=1)[2],
    lambda xp, a: xp.broadcast_arrays(a, a[0])[1], lambda xp, a: xp.meshgrid(a[0], a[1, :3])[0],
    lambda xp, a: xp.meshgrid(a[0], a[1, :3], indexing="ij")[1], lambda xp, a: xp.clip(a, 1, 3), lambda xp, a: xp.clip(a),
    lambda xp, a: xp.clip(a, max=2), lambda xp, a: xp.round(a / 2), lambda xp, a: xp.round(a * 0.5j),
    lambda xp, a: xp.real(a * 2j), lambda xp, a: xp.imag(a * 2j), lambda xp, a: xp.nonzero(a)[1],
    lambda xp, a: xp.where(a > 2, a, 0), lambda xp, a: xp.astype(a, xp.float32), lambda xp, a: xp.count_nonzero(a),
    lambda xp, a: xp.asarray([[a[0, 0], 2], [3, 4]]) if xp is XP else xp.asarray([[3, 2], [3, 4]]),
])
def test_functions(compute):
    check(compute(XP, metate.asarray(HOST)), compute(np, HOST))


@pytest.mark.parametrize("dtype", ["int8", "uint32", "uint64"])
def test_repetitions_of_any_integer_dtype(dtype):  # NumPy does not take those of uint64
    repeats = np.array([1, 0, 2, 1])
    check(XP.repeat(metate.asarray(HOST), metate.asarray(repeats.astype(dtype)), axis=1), np.repeat(HOST, repeats, axis=1))


def test_order_of_equal_and_of_nan():
    host = np.random.default_rng(1).integers(0, 20, 999) / 4
    host[::100] = np.nan
    array = metate.asarray(host)
    check(XP.sort(array), np.sort(host))
    check(XP.argsort(array), np.argsort(host, stable=True))
    falling = XP.argsort(array[1:100], descending=True)
    check(falling, np.argsort(-host[1:100], stable=True))
    check(XP.unique_values(metate.asarray(HOST)), np.unique(HOST))


def test_dtypes():
    array = metate.ones(2, dtype=np.float32)
    assert XP.result_type(array, XP.int8, 2.0) == np.float32 and XP.finfo(array).bits == 32 and XP.iinfo(XP.int8).max == 127
    assert XP.can_cast(XP.int8, XP.int16) and not XP.can_cast(array, XP.int8)
    assert XP.isdtype(array.dtype, "real floating") and not XP.isdtype(XP.int8, ("bool", XP.int16))
    info = XP.__array_namespace_info__()
    assert info.default_device() in info.devices() and info.default_dtypes()["integral"] == XP.int64
    assert set(info.dtypes(kind="complex floating")) == {"complex64", "complex128"}
    assert array.__array_namespace__(api_version="2024.12") is XP
    with pytest.raises(ValueError, match="not '2000.01'"):
        array.__array_namespace__(api_version="2000.01")


def test_stub_has_the_functions():
    stub = ast.parse(pathlib.Path(XP.__file__).with_suffix(".pyi").read_text())
    stated = {}
    for each in stub.body:
        if isinstance(each, ast.FunctionDef):
            given = each.args
            stated[each.name] = ([a.arg for a in given.posonlyargs], [a.arg for a in given.args],
                                 given.vararg and given.vararg.arg, [a.arg for a in given.kwonlyargs])
    built = {}
    for name, function in vars(XP).items():
        if inspect.isfunction(function) and (not name.startswith("_") or name == "__array_namespace_info__"):
            found = inspect.signature(function).parameters.values()
            of_kind = {kind: [p.name for p in found if p.kind == kind] for kind in range(5)}
            built[name] = (of_kind[0], of_kind[1], *(of_kind[2] or [None]), of_kind[3])
    assert stated == built


@pytest.mark.parametrize("compute, error, message", [
    (lambda a: XP.concat([a, a[0]]), ValueError, "cannot be joined along axis 0"),
    (lambda a: XP.concat([a, metate.ones((2, 4), queue=metate.Queue())]), metate.errors.ExecutionQueueInferenceError, "two"),
    (lambda a: XP.reshape(a, (3, 3)), ValueError, "reshape"),
    (lambda a: XP.reshape(a.T, (8,), copy=False), ValueError, "copy"),
    (lambda a: XP.imag(a), TypeError, "those of complex numbers"),
    (lambda a: XP.sort(a * 1j), TypeError, "no order"),
    (lambda a: XP.flip(HOST), TypeError, r"metate\.asarray\(a\)"),
    (lambda a: XP.add(a, HOST), TypeError, r"metate\.asarray\(a\)"),
    (lambda a: XP.squeeze(a, axis=0), ValueError, "size"),
])
def test_what_cannot_be(compute, error, message):
    with pytest.raises(error, match=message):
        compute(metate.asarray(HOST))
