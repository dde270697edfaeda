"""test_parallel_code – code on several threads, in programs without Metate."""

import os
import subprocess
import sys

import metate
import numpy as np
import pytest
from c_compiler import needs_c_compiler

pytestmark = needs_c_compiler

SOURCE = '''
import numpy as np
import metate
from metate import prange

@metate.export("total", "f8(f8[::1])")
@metate.njit(parallel=True)
def total(x):
    result = 0.0
    for i in prange(len(x)):
        result += np.sin(x[i])
    return result

@metate.export("scaled", "f8[::1](f8[::1], f8)")
@metate.njit(parallel=True)
def scaled(x, factor):
    return x * factor + 1

@metate.export("checked", "void(i8[::1])")
@metate.njit(parallel=True)
def checked(x):
    for i in prange(len(x)):
        if x[i] < 0:
            raise ValueError(f"element {i} is {x[i]}")
        x[i] += 1

@metate.export("say", "void(i8)")
@metate.njit(parallel=True)
def say(n):
    for i in prange(n):
        print("item", i)
'''

PROGRAM = r'''
#include <stdio.h>
#include <stdlib.h>
#include "parallel.h"

int main(void) {
  int64_t n = 300000, s;
  double *d = malloc(n * sizeof *d), r;
  int64_t *k = malloc(n * sizeof *k);
  metate_error e;
  metate_array_f64_1d x = {d, 0, {n}, {8}}, y;
  metate_array_i64_1d z = {k, 0, {n}, {8}};
  for (int64_t i = 0; i < n; i++) d[i] = i * 1e-3, k[i] = i == 200000 || i == 250000 ? -i : i;
  s = total(&x, &r, &e);
  printf("%d %a\n", (int)s, r);
  s = scaled(&x, 2, &y, &e);
  printf("%d %.17g\n", (int)s, y.data[n - 1]);
  metate_release(y.owner);
  s = checked(&z, &e);
  printf("%d %s: %s\n", (int)s, e.type, e.message);
  printf("%d %d\n", (int)k[0], (int)k[199999]);
  return 0;
}
'''


@pytest.fixture(scope="module")
def expected():
    names = {}
    exec(SOURCE, names)
    x = np.arange(300_000) * 1e-3
    return f"0 {names['total'](x).hex()}\n0 {names['scaled'](x, 2.0)[-1]:.17g}\n1 ValueError: element 200000 is -200000\n1 200000\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "parallel.py"
    path.write_text(SOURCE)
    return path


@pytest.mark.parametrize("emit", ["shared", "static"])
@pytest.mark.parametrize("threads", ["1", "3"])
def test_a_program_calls_it(source, tmp_path, expected, emit, threads):
    """Sums have the bits that the JIT's have, and the lowest failing iteration wins, on any number of threads."""
    made = metate.compile_ahead(source, tmp_path / "parallel.bin", emit)
    (tmp_path / "program.c").write_text(PROGRAM)
    flags = [*made["link_with"], f"-Wl,-rpath,{os.path.dirname(metate.__file__)}"] if emit == "static" else []
    done = subprocess.run(["cc", "-Wall", "-Werror", "program.c", "./parallel.bin", *flags, "-Wl,-rpath,$ORIGIN", "-o", "program"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    run = subprocess.run([tmp_path / "program"], capture_output=True, text=True, env={**os.environ, "METATE_NUM_THREADS": threads})
    assert run.returncode == 0, run.stderr
    assert run.stdout.lower() == expected.lower()


def test_what_is_shipped_is_enough(source, tmp_path):
    """All that is loaded lies beside the library, or is the system's C and C++ library."""
    made = metate.compile_ahead(source, tmp_path / "libparallel.so")
    names = {os.path.basename(path) for path in made["files"]}
    assert "libmetate_rt.so" in names
    assert metate.build_info()["threads"] != "tbb" or any(name.startswith("libtbb") for name in names)
    listed = subprocess.run(["ldd", tmp_path / "libparallel.so"], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        name = line.split()[0]
        if name in names:
            assert str(tmp_path) in line
        else:
            assert os.path.basename(name).split(".")[0] in ("linux-vdso", "libc", "libm", "libstdc++", "libgcc_s", "ld-linux-x86-64",
                                                            "ld-linux-aarch64", "libpthread", "libdl", "librt"), line


CHECKS = """
import sys, array, os
sys.path.insert(0, sys.argv[1])
import fast
x = array.array("d", [i * 1e-3 for i in range(300_000)])
print(0, float(fast.total(x)).hex())
print(0, format(fast.scaled(x, 2)[-1], ".17g"))
k = array.array("q", range(300_000))
k[200000] = -200000
k[250000] = -250000
try:
    fast.checked(k)
except ValueError as error:
    print(1, "ValueError:", error)
print(k[0], k[199999])
if os.fork() == 0:
    os._exit(0 if float(fast.total(x)) == float(fast.total(x)) else 1)
assert os.wait()[1] == 0
fast.say(5)
"""


def test_a_module(source, tmp_path, expected):
    metate.compile_ahead(source, tmp_path / "fast.so", "extension")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([sys.executable, "-c", CHECKS, tmp_path], capture_output=True, text=True, timeout=120,
                          env={**environment, "METATE_NUM_THREADS": "3"})
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "\n".join(lines[:4]) + "\n" == expected
    assert sorted(lines[4:]) == [f"item {i}" for i in range(5)]
