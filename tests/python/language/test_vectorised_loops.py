"""Plain loops in loops become vector code: what is done for Ctrl-C stays out of the innermost one."""

import re

import numpy as np

from metate import njit


def sweeps(a, b, n):
    for _ in range(n):
        for i in range(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


def test_a_stencil_in_three_loops():
    for boundscheck in (False, True):
        compiled = njit(sweeps, boundscheck=boundscheck)
        a, b = np.random.default_rng(1).random((20, 30)), np.zeros((20, 30))
        compiled(a, b, 2)
        expected = np.zeros((20, 30))
        sweeps(a, expected, 2)
        np.testing.assert_array_equal(b, expected)
        (code,) = compiled.inspect_llvm().values()
        assert re.search(r"fadd <\d+ x double>", code)


def greatest(x):
    return np.max(x)


def place_of_greatest(x):
    return np.argmax(x)


def test_reductions_whose_order_does_not_matter():
    """Their bodies are moved into new nests, which are no longer for that."""
    for function in (greatest, place_of_greatest):
        compiled = njit(function)
        x = np.random.default_rng(2).permutation(5000)
        assert compiled(x) == function(x)
        (code,) = compiled.inspect_llvm().values()
        assert re.search(r"call <\d+ x i64> @llvm\.s(max|min)", code)


def running_maximum(x, m):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            m[j] = x[i, j] if x[i, j] > m[j] or np.isnan(m[j]) else m[j]


def test_vectors_are_stored_whole():
    """Masked stores are slow on many CPUs; a maximum in memory needs none."""
    compiled = njit(lambda x: np.max(x, axis=0))
    x = np.random.default_rng(3).random((40, 50))
    np.testing.assert_array_equal(compiled(x), x.max(axis=0))
    (code,) = compiled.inspect_asm().values()
    assert "vmaskmov" not in code
    compiled, m, expected = njit(running_maximum), np.full(50, 0.5), np.full(50, 0.5)
    compiled(x, m)
    running_maximum(x, expected)
    np.testing.assert_array_equal(m, expected)
