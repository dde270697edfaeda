"""What kernels say they do to their arguments: `access_types`, on a device that works on copies and on one that does not.

Where the device works on copies (METATE_ZE_SYSTEM_MEMORY=0 at the driver's start, so a process of its own) it can be
seen what is copied: memory of the device that was not copied to holds what an earlier launch left there.
"""

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import metate
from metate import get_global_id, kernel
from metate.errors import TypingError

_PRELUDE = """
import warnings
import numpy as np
import metate
from metate import get_global_id, kernel
warnings.simplefilter("error")
"""


@pytest.fixture(params=["1", "0"], ids=["in place", "copies"])
def run(request):
    def run(program):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "METATE_ZE_SYSTEM_MEMORY": request.param}
        done = subprocess.run([sys.executable, "-c", _PRELUDE + f"copies = {request.param == '0'}\n" + textwrap.dedent(program)],
                              capture_output=True, text=True, env=environment, timeout=300)
        assert done.returncode == 0, done.stderr

    return run


def test_results_are_right(run):
    run("""
    @kernel(access_types={"read_only": ["a", "b"], "write_only": ["c"], "read_write": ["d"]})
    def add(a, b, c, d):
        i = get_global_id(0)
        c[i] = a[i] + b[i]
        d[i] += a[i]
    a, b, c, d = np.arange(8.0), np.ones(8), np.zeros(8), np.ones(8)
    for _ in range(3):
        add[8](a, b, c, d)
    np.testing.assert_array_equal(c, a + 1)
    np.testing.assert_array_equal(d, 1 + 3 * a)
    """)


def test_write_only_is_not_copied_to_the_device(run):
    run("""
    def first(a):
        a[0] = 1.0
    c = np.full(1000, 123.25)
    kernel(first)[1](c)
    assert c[0] == 1.0 and (c[1:] == 123.25).all()

    c[:] = 77.5  # what the device has of other launches is not this
    kernel(access_types={"write_only": ["a"]})(first)[1](c)
    assert c[0] == 1.0
    assert (c[1:] == 77.5).all() == (not copies)
    """)


def test_an_array_that_is_read_elsewhere_is_copied_all_the_same(run):
    run("""
    @kernel(access_types={"write_only": ["out"], "read_only": ["x"]})
    def shift(x, out):
        i = get_global_id(0)
        out[i] = x[i]
    base = np.arange(12.0)
    shift[3](base[1:10:3], base[0:9:3])
    np.testing.assert_array_equal(base, [1, 1, 2, 4, 4, 5, 7, 7, 8, 9, 10, 11])
    """)


def test_what_is_declared_and_not_done_does_no_harm(run):
    run("""
    @kernel(access_types={"write_only": ["unused"]})
    def leave(unused, x):
        x[get_global_id(0)] = 1.0
    unused, x = np.arange(5.0), np.zeros(5)
    leave[5](unused, x)
    np.testing.assert_array_equal(unused, np.arange(5.0))
    """)


def test_a_write_only_array_that_is_read_is_copied_all_the_same(run):
    run("""
    @metate.device_func
    def element(view, i):
        return view[i]

    @kernel(access_types={"write_only": ["out", "sums"]})
    def through(x, out, sums):
        i = get_global_id(0)
        x[i] = element(out[2:], i)
        out[i] = 1.0
        for k in range(3):
            sums[i] += k
    x, out, sums = np.zeros(2), np.array([5.0, 6.0, 7.0, 8.0]), np.ones(2)
    through[2](x, out, sums)
    np.testing.assert_array_equal(x, [7, 8])
    np.testing.assert_array_equal(out, [1, 1, 7, 8])
    np.testing.assert_array_equal(sums, [4, 4])
    """)


def test_a_store_into_a_read_only_array_is_refused_with_the_line():
    def store(a, b):
        i = get_global_id(0)
        b[i] = 1.0
        a[i] = 2.0

    k = kernel(access_types={"read_only": ["a"]})(store)
    a = np.zeros(3)
    with pytest.raises(TypingError, match=r"MT3001: cannot assign to a read-only array(?s:.*)a\[i\] = 2.0"):
        k[3](a, np.zeros(3))
    assert not a.any()

    @kernel(access_types={"read_only": "a"})
    def count(a):
        metate.atomic.add(a, 0, 1)

    with pytest.raises(TypingError, match="MT3001"):
        count[3](np.zeros(1, np.int64))


def test_with_signatures():
    @kernel("void(float64[:], float64[:])", access_types={"write_only": ["b"]})
    def copy(a, b):
        b[get_global_id(0)] = a[get_global_id(0)]

    b = np.zeros(3)
    copy[3](np.arange(3.0), b)
    np.testing.assert_array_equal(b, [0, 1, 2])


@pytest.mark.parametrize("access_types, message", [
    ({"readonly": ["a"]}, "has no key 'readonly' .known: read_only, write_only, read_write"),
    ({"read_only": ["c"]}, r"names 'c', which is no parameter of f\(a, b\)"),
    ({"read_only": ["a"], "write_only": ["a"]}, "names 'a' twice"),
])
def test_what_makes_no_sense(access_types, message):
    def f(a, b):
        pass

    with pytest.raises(TypeError, match="MT6003: option 'access_types' " + message):
        kernel(access_types=access_types)(f)
