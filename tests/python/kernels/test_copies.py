"""Arrays on their way to a device that cannot reach the host's memory, and back.

The software driver says that it is such a device when METATE_ZE_SYSTEM_MEMORY is 0 at its start: each program here runs
in a process of its own, once on the arrays themselves and once on copies.
"""

import os
import subprocess
import sys
import textwrap

import pytest

_PRELUDE = """
import numpy as np
import metate
from metate import get_global_id, kernel

@kernel
def add(a, b, c):
    i = get_global_id(0)
    c[i] = a[i] + b[i]
"""


def _run(program, system_memory):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "METATE_ZE_SYSTEM_MEMORY": system_memory}
    done = subprocess.run([sys.executable, "-c", _PRELUDE + textwrap.dedent(program)], capture_output=True, text=True,
                          env=environment, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.fixture(params=["1", "0"], ids=["in place", "copies"])
def run(request):
    return lambda program: _run(program, request.param)


def test_what_was_written_comes_back(run):
    run("""
    for dtype in (np.int8, np.float32, np.complex128):
        a, b, c = np.arange(100).astype(dtype), np.ones(100, dtype), np.zeros(100, dtype)
        add[100](a, b, c)
        np.testing.assert_array_equal(c, a + b)
    """)


def test_views_of_one_array_share_memory(run):
    run("""
    base = np.arange(40.0)
    expected = base.copy()
    expected[1::2] = expected[::2] + expected[::2]
    add[20](base[::2], base[::2], base[1::2])
    np.testing.assert_array_equal(base, expected)
    """)


def test_overlapping_arguments_see_each_others_stores(run):
    run("""
    @kernel
    def through(a, b, out):
        a[0] = 7.0
        out[0] = b[1]
    base, out = np.zeros(10), np.zeros(1)
    through[1](base[3:], base[2:], out)
    assert out[0] == 7.0 and base[3] == 7.0
    """)


def test_only_the_elements_of_the_view_are_written(run):
    run("""
    @kernel
    def fill(a):
        a[get_global_id(0), get_global_id(1)] = 1.0
    base = np.zeros((6, 8))
    fill[metate.Range(3, 2)](base[::2, 1:7:3])
    expected = np.zeros((6, 8))
    expected[::2, 1:7:3] = 1.0
    np.testing.assert_array_equal(base, expected)
    """)


def test_negative_strides_and_fortran_order(run):
    run("""
    @kernel
    def copy(a, b):
        i, j = get_global_id(0), get_global_id(1)
        b[i, j] = a[i, j]
    a = np.arange(12.0).reshape(3, 4)
    b = np.zeros((3, 4), order="F")
    copy[metate.Range(3, 4)](a[::-1, ::-1], b)
    np.testing.assert_array_equal(b, a[::-1, ::-1])
    c = np.zeros((4, 3))
    copy[metate.Range(3, 4)](a, c.T[::-1])
    np.testing.assert_array_equal(c.T[::-1], a)
    """)


def test_read_only_and_empty_arrays(run):
    run("""
    a = np.arange(5.0)
    a.flags.writeable = False
    c = np.zeros(5)
    add[5](a, a, c)
    np.testing.assert_array_equal(c, 2 * a)
    add[0](a[:0], a[:0], c)
    """)


def test_stores_before_an_error_come_back(run):
    run("""
    @kernel
    def partly(a, out):
        i = get_global_id(0)
        out[i] = 1.0
        if i == 3:
            out[i] = a[5]
    a, out = np.zeros(2), np.zeros(8)
    try:
        partly[8](a, out)
    except IndexError as error:
        assert "index 5 is out of bounds for axis 0 with size 2" in str(error)
    else:
        raise AssertionError("no error")
    assert out[3] == 1.0
    """)


def test_concurrent_launches(run):
    run("""
    from concurrent.futures import ThreadPoolExecutor
    def one(seed):
        a = np.random.default_rng(seed).random(1000)
        c = np.zeros(1000)
        for _ in range(20):
            add[1000](a, a, c)
            np.testing.assert_array_equal(c, a + a)
            c[:] = 0
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(16)))
    """)
