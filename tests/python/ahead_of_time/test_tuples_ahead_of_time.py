"""test_tuples_ahead_of_time – tuples as arguments and results: a Python tuple for modules, values of their own for C."""

import gc
import importlib.util
import subprocess
import sys

import metate
import numpy as np
import pytest
from c_compiler import needs_c_compiler
from metate.errors import AheadOfTimeError

pytestmark = needs_c_compiler

SOURCE = '''
import collections
import numpy as np
import metate

@metate.export("divided", "Tuple((i8, i8))(i8, i8)")
def divided(a, b):
    return a // b, a % b

@metate.export("halves", "Tuple((f8[:], f8[:]))(f8[:])")
def halves(x):
    return x[:len(x) // 2], x[len(x) // 2:]

@metate.export("described", "Tuple((f8, Tuple((f4[::1], c16)), b1, none, Tuple(())))(f8[::1], Tuple((f8, Tuple((i4, c16)))))")
def described(x, how):
    scale, (power, z) = how
    if power < 0:
        raise ValueError(f"power is {power}")
    y = np.empty(len(x), np.float32)
    for i in range(len(x)):
        y[i] = scale * x[i] ** power
    return x.sum(), (y, z * scale), power == 2, None, ()

@metate.export("same_twice", "Tuple((f8[:], f8[:]))(Tuple((f8[:], i8)))")
def same_twice(pair):
    return pair[0], pair[0]

@metate.export("made_twice", "Tuple((f8[::1], f8[:]))(i8)")
def made_twice(n):
    x = np.ones(n)
    return x, x[::-1]

@metate.export("one", "UniTuple(f4, 1)(f4)")
def one(x):
    return (x,)

@metate.export("sized", "Tuple((i8, f8))(UniTuple(i8, 2))")
@metate.export("sized", "Tuple((i8, f8))(UniTuple(f8, 2))")
def sized(pair):
    return len(pair), pair[0] + pair[1]

Point = collections.namedtuple("Point", "x y")

@metate.export("point", "UniTuple(f8, 2)(f8)")
def point(x):
    return Point(x, -x)
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tuples")
    (folder / "functions.py").write_text(SOURCE)
    return folder


@pytest.fixture(scope="module")
def module(folder):
    path = folder / "tupled.so"
    metate.compile_ahead(folder / "functions.py", path, "extension")
    spec = importlib.util.spec_from_file_location("tupled", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_results_of_a_module_are_tuples(module):
    assert module.divided(17, 5) == (3, 2) and type(module.divided(17, 5)) is tuple
    assert module.one(0.5) == (0.5,) and module.point(2) == (2.0, -2.0)
    total, (powers, z), is_square, nothing, empty = module.described(np.arange(4.0), (2.0, (2, 1j)))
    assert (total, z, is_square, nothing, empty) == (6.0, 2j, True, None, ())
    assert powers.dtype == np.float32 and powers.tolist() == [0, 2, 8, 18]
    assert module.described.__doc__ == (
        "described(x: a C-contiguous 1-d float64 array, how: a tuple (float64, a tuple (int32, complex128))) -> a tuple (float64, "
        "a tuple (a C-contiguous 1-d float32 array, complex128), bool, None, a tuple ())")
    assert module.one.__doc__.endswith("-> a tuple (float32,)")


def test_arrays_in_tuples_are_views_of_arguments(module):
    x = np.arange(6.0)
    left, right = module.halves(x)
    right[0] = 99
    assert x[3] == 99 and left.tolist() == [0, 1, 2]
    first, second = module.same_twice((x, 1))
    assert first is x and second is x
    del x, first, second
    gc.collect()
    assert right.tolist() == [99, 4, 5]
    made, turned = module.made_twice(3)
    turned[0] = 5
    del turned
    gc.collect()
    assert made.tolist() == [1, 1, 5]


@pytest.mark.skipif(not hasattr(sys, "getrefcount"), reason="counts references")
def test_nothing_is_leaked(module):
    x = np.arange(6.0)
    before = sys.getrefcount(x)
    for _ in range(10):
        kept = module.halves(x)
        with pytest.raises(ValueError, match="power is -1"):
            module.described(x, (1.0, (-1, 0j)))
        with pytest.raises(TypeError):
            module.same_twice((x, x))
    assert sys.getrefcount(x) == before + 2
    del kept
    assert sys.getrefcount(x) == before


def test_arguments_of_a_module(module):
    assert module.sized((1, 2)) == (2, 3.0) and isinstance(module.sized((1, 2.5))[1], float)
    for wrong in ([2.0, (2, 1j)], (2.0,), (2.0, [2, 1j]), (2.0, (2, 1j, 3)), 5):
        with pytest.raises(TypeError, match=r"described\(\) argument 'how' must be a tuple \(float64, a tuple \(int32, complex128\)\), not "):
            module.described(np.ones(1), wrong)
    with pytest.raises(OverflowError, match=r"described\(\) argument 'how' does not fit int32"):
        module.described(np.ones(1), (1.0, (2**40, 0j)))
    with pytest.raises(TypeError, match="no version of sized"):
        module.sized((1, "2"))


PROGRAM = r'''
#include <stdio.h>
#include "functions.h"

int main(void) {
  int64_t quotient, rest;
  double d[4] = {0, 1, 2, 3}, total;
  bool square;
  metate_array_f64_1d x = {d, 0, {4}, {8}}, left, right;
  metate_array_f32_1d powers;
  metate_complex128 z = {0, 1}, scaled;
  metate_error e;
  int s = divided(17, 5, &quotient, &rest, &e);
  printf("%d %d %d\n", s, (int)quotient, (int)rest);
  s = divided(17, 5, 0, &rest, &e);
  printf("%d %d\n", s, (int)rest);
  s = described(&x, 2.0, 2, &z, &total, &powers, &scaled, &square, &e);
  printf("%d %g %g %g %d\n", s, total, powers.data[3], scaled.imag, square);
  metate_release(powers.owner);
  s = described(&x, 2.0, 2, &z, &total, 0, 0, 0, 0); /* what nobody wants is given back */
  printf("%d %g\n", s, total);
  s = described(&x, 2.0, -2, &z, &total, &powers, &scaled, &square, &e);
  printf("%d %s: %s\n", s, e.type, e.message);
  s = described(&x, 2.0, -2, 0, &total, &powers, &scaled, &square, &e);
  printf("%d %s: %s\n", s, e.type, e.message);
  s = halves(&x, &left, &right, &e);
  printf("%d %d %g %d\n", s, (int)left.shape[0], right.data[0], left.owner == 0);
  s = made_twice(2, &left, &right, &e);
  metate_release(left.owner);
  printf("%d %g\n", s, right.data[0]);
  metate_release(right.owner);
  return 0;
}
'''

EXPECTED = """\
0 3 2
0 2
0 6 18 2 1
0 6
1 ValueError: power is -2
1 ValueError: argument 'how_1_1' of described() is a null pointer
0 2 2 1
0 1
"""


def test_c_gets_each_element(tmp_path):
    (tmp_path / "functions.py").write_text(SOURCE.replace(
        '@metate.export("sized", "Tuple((i8, f8))(UniTuple(i8, 2))")\n', ""))  # C has one function of a name
    metate.compile_ahead(tmp_path / "functions.py", tmp_path / "functions.so")
    header = (tmp_path / "functions.h").read_text()
    assert "int32_t divided(int64_t a, int64_t b, int64_t *result_0, int64_t *result_1, metate_error *error);" in header
    assert ("int32_t described(const metate_array_f64_1d *x, double how_0, int32_t how_1_0, const metate_complex128 *how_1_1, "
            "double *result_0, metate_array_f32_1d *result_1_0, metate_complex128 *result_1_1, bool *result_2, "
            "metate_error *error);") in header
    (tmp_path / "program.c").write_text(PROGRAM)
    done = subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "program.c", "./functions.so",
                           "-Wl,-rpath,$ORIGIN", "-o", "program"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert subprocess.run([tmp_path / "program"], capture_output=True, text=True, check=True).stdout == EXPECTED


def test_large_tuples_are_refused(tmp_path):
    made = {}
    exec(f"def many(x): return ({', '.join(['x'] * 257)},)\ndef pair(x): return x, x", made)
    with pytest.raises(AheadOfTimeError, match=r"^many\(\) cannot be exported: its result is .*; give an array$"):
        metate.compile_ahead(made, tmp_path / "out.o", "object", ["many: UniTuple(f8, 257)(f8)"])
    exec(f"def arrays(x): return ({', '.join(['x'] * 70)},)", made)
    with pytest.raises(AheadOfTimeError, match="its result has 280 words, with the extents and strides of its arrays, and at most 256"):
        metate.compile_ahead(made, tmp_path / "out.o", "object", ["arrays: UniTuple(f8[:], 70)(f8[:])"])
    assert list(tmp_path.iterdir()) == []
