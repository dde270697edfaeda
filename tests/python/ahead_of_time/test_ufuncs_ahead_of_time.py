"""test_ufuncs_ahead_of_time – what vectorize and guvectorize make, and default arguments: exported as they are."""

import ctypes
import importlib.util

import metate
import numpy as np
import pytest
from c_compiler import needs_c_compiler
from metate import guvectorize, njit, vectorize
from metate.errors import AheadOfTimeError

pytestmark = needs_c_compiler


@vectorize(["f4(f4, f4)", "f8(f8, f8)"])
def mixed(a, b):
    return a * 2 + b


@guvectorize(["void(f8[:], f8, f8[:])"], "(n),()->(n)")
def shifted(x, by, out):
    for i in range(x.shape[0]):
        out[i] = x[i] + by


@guvectorize("(m,n),(n)->(m)")
def product(a, x, out):
    for i in range(a.shape[0]):
        total = 0.0
        for j in range(a.shape[1]):
            total += a[i, j] * x[j]
        out[i] = total


@guvectorize(["void(f8[:], f8[:], i8[:])"], "(n)->(),()", target="parallel")
def summed(x, total, count):
    total[0] = 0.0
    for v in x:
        total[0] += v
    count[0] = x.shape[0]


@guvectorize("(n)->(k)")
def resized(x, out):
    for i in range(out.shape[0]):
        out[i] = x[i % x.shape[0]]


def smoothed(x, width=1, scale=2.0):
    """Means of neighbours."""
    if width < 1:
        raise ValueError(f"width is {width}")
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = x[max(0, i - width):i + 1].mean() * scale
    return out


@njit(error_model="numpy")
def ratio(a, b=0.0):
    return a / b


def build(folder, exports):
    metate.compile_ahead(dict(globals()), folder / "made.so", "extension", exports)
    spec = importlib.util.spec_from_file_location("made", folder / "made.so")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_ufunc_broadcasts_its_arrays(tmp_path):
    made = build(tmp_path, ["mixed: f8(f8, f8)", "mixed: f8[:, :](f8[:, :], f8[:])", "mixed: f8[:](f8[:], f8)",
                            "mixed: f4[:](f4[:], f4[:])"])
    a, b = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    assert made.mixed(1, 2.5) == 4.5
    assert (made.mixed(a, b) == mixed(a, b)).all() and (made.mixed(a.T[:, ::-1].T, b[::-1]) == mixed(a.T[:, ::-1].T, b[::-1])).all()
    assert (made.mixed(a[:, :1], b) == mixed(a[:, :1], b)).all() and made.mixed(b, 1).tolist() == [1, 3, 5]
    assert made.mixed(b.astype("f4"), b.astype("f4")).dtype == np.float32
    with pytest.raises(ValueError, match="broadcast"):
        made.mixed(a, np.ones(2))


def test_a_gufunc_makes_its_result(tmp_path):
    """Axes in front of those in the layout are looped over, with broadcasting, as NumPy does."""
    made = build(tmp_path, ["shifted: f8[:](f8[:], f8)", "shifted: f8[:, :](f8[:, :], f8[:])", "shifted: f8[:, :](f8[:], f8[:])",
                            "product: f8[:](f8[:, :], f8[:])", "product: f8[:, :](f8[:, :, :], f8[:, :])",
                            "summed: Tuple((f8, i8))(f8[:])", "summed: Tuple((f8[:, :], i8[:, :]))(f8[:, :, :])"])
    x, grid = np.arange(3.0), np.arange(6.0).reshape(2, 3)
    assert made.shifted(x, 1).tolist() == [1, 2, 3]
    assert (made.shifted(grid, np.array([1.0, 2.0])) == shifted(grid, np.array([1.0, 2.0]))).all()
    assert (made.shifted(grid, np.array([5.0])) == grid + 5).all()  # stretched
    assert (made.shifted(x, np.array([1.0, 2.0])) == shifted(x, np.array([1.0, 2.0]))).all()
    with pytest.raises(ValueError, match="no version|loop axis of size"):
        made.shifted(grid, np.ones(3))
    stack, vectors = np.arange(24.0).reshape(4, 2, 3), np.arange(12.0).reshape(4, 3)
    assert (made.product(grid, x) == grid @ x).all()
    assert (made.product(stack, vectors) == np.einsum("kij,kj->ki", stack, vectors)).all()
    assert (made.product(stack, vectors[:1]) == stack @ vectors[0]).all()
    with pytest.raises(ValueError, match="core axis of size"):
        made.product(grid, np.ones(4))
    assert made.summed(x) == (3.0, 3)
    totals, counts = made.summed(stack)
    assert (totals == stack.sum(axis=-1)).all() and (counts == 3).all() and counts.dtype == np.int64


def test_a_gufunc_fills_arrays_that_it_is_given(tmp_path):
    made = build(tmp_path, ["resized: void(f8[:], f8[:])", "resized: void(f8[:, :], f8[:, :])"])
    out = np.empty(5)
    assert made.resized(np.arange(2.0), out) is None and out.tolist() == [0, 1, 0, 1, 0]
    out = np.empty((2, 2))
    made.resized(np.arange(6.0).reshape(2, 3), out)
    assert out.tolist() == [[0, 1], [3, 4]]


@pytest.mark.parametrize(("text", "complaint"), [
    ("shifted: f8[:](f8[:])", "shifted has 2 inputs and 1 results by its layout"),
    ("shifted: (f8[:], f8)", "a signature of shifted for its inputs alone says what it returns, a number or an array, which"),
    ("summed: f8(f8[:])", "says what it returns, a Tuple of 2 numbers or arrays, which"),
    ("product: f8[:](f8[:], f8[:])", "parameter a of product has at least 2 axes by the layout (m,n),(n)->(m), and"),
    ("product: f8(f8[:, :], f8[:])", "result 0 of product has 1 axes for such arguments, by the layout (m,n),(n)->(m), and"),
    ("resized: f8[:](f8[:])", "the size of axis 'k' in the layout (n)->(k) of resized is that of no input: give it arrays"),
])
def test_signatures_that_no_layout_has(tmp_path, text, complaint):
    with pytest.raises(AheadOfTimeError) as caught:
        metate.compile_ahead(dict(globals()), tmp_path / "out.o", "object", [text])
    assert complaint in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_gufunc_from_c(tmp_path):
    made = metate.compile_ahead(dict(globals()), tmp_path / "made.so", exports=["summed: Tuple((f8, i8))(f8[:])"])
    assert made["exports"] == [{"name": "summed", "arguments": ["float64[:]"], "result": "Tuple((float64, int64,))"}]
    library, values = ctypes.CDLL(str(tmp_path / "made.so")), np.arange(5.0)
    record, total, count = (ctypes.c_int64 * 4)(values.ctypes.data, 0, 5, 8), ctypes.c_double(), ctypes.c_int64()
    assert library.summed(record, ctypes.byref(total), ctypes.byref(count), None) == 0
    assert (total.value, count.value) == (10, 5)


def test_defaults_stand_for_what_a_signature_leaves_out(tmp_path):
    made = build(tmp_path, ["smoothed: f8[:](f8[:])", "smoothed: f8[:](f8[:], i8)", "smoothed: f8[:](f8[:], i8, f8)",
                            "ratio: f8(f8)", "ratio: f8(f8, f8)"])
    x = np.array([1.0, 2.0, 4.0])
    assert (made.smoothed(x) == smoothed(x)).all()
    assert (made.smoothed(x, width=2) == smoothed(x, 2)).all() and (made.smoothed(x, 2, 0.5) == smoothed(x, 2, 0.5)).all()
    with pytest.raises(ValueError, match="width is 0"):
        made.smoothed(x, 0)
    assert made.ratio(1) == np.inf and made.ratio(1, 4) == 0.25
