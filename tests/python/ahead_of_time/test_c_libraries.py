"""test_c_libraries – shared and static libraries and object files: C and C++ call them, without Metate in the process."""

import ctypes
import re
import subprocess
import sys
from decimal import Decimal

import metate
import numpy as np
import pytest
from c_compiler import needs_c_compiler

pytestmark = needs_c_compiler

SOURCE = '''
import math
import numpy as np
import metate

TABLE = np.arange(4096.0)  # larger than what compiled code holds usually

@metate.export("norm", "f8(f8[::1])")
def norm(x):
    """The Euclidean norm."""
    total = 0.0
    for v in x:
        total += v * v
    return math.sqrt(total)

@metate.njit
def part(x, first, last):
    return x[first:last].mean()

@metate.export("smooth", "f8[::1](f8[:], i4)")
@metate.njit
def smooth(x, width):
    if width < 1:
        raise ValueError(f"width must be positive, not {width}")
    y = np.empty(len(x))
    for i in range(len(x)):
        y[i] = part(x, max(0, i - width), i + 1)
    return y

@metate.export("waves", "void(f4[:, :], c16, b1)")
def waves(x, z, flag):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] = np.sin(x[i, j]) + np.sinh(x[i, j]) + (z.real if flag else z.imag)
    print("waves", x[0, 0], 0.1, 1e16, -2.5e-07, z, flag, x.shape[0])

@metate.export("look_up", "f8(i8)")
def look_up(i):
    return TABLE[i]

@metate.export("turn", "c8(c8, u1)")
def turn(z, times):
    for _ in range(times):
        z = z * 1j
    return np.complex64(z)

@metate.export("itself", "f8[:](f8[:])")
def itself(x):
    return x

@metate.export("depth", "i8(i8)")
@metate.njit
def depth(n):
    if n < 0:
        return 0
    return 1 + depth(n + 1)
'''

PROGRAM = r'''
#include <stdio.h>
#include "NAME.h"

int main(void) {
  double d[8] = {1, 2, 3, 4, 5, 6, 7, 8}, r = 0;
  float f[6] = {0, .1f, .2f, .3f, 1, 2};
  int64_t n = 0;
  int s;
  metate_error e;
  metate_array_f64_1d x = {d, 0, {4}, {8}}, y, z;
  metate_array_f32_2d m = {f, 0, {2, 3}, {12, 4}};
  metate_complex128 c = {1.5, -2};
  metate_complex64 small = {1, 2}, turned;
  s = norm(&x, &r, &e);
  printf("%d %.17g\n", s, r);
  x.strides[0] = 16; /* every second element */
  s = norm(&x, &r, &e);
  printf("%d %s\n", s, e.message);
  s = smooth(&x, 2, &y, &e);
  printf("%d", s);
  for (int i = 0; i < 4; i++) printf(" %g", y.data[i]);
  s = smooth(&y, 1, &z, &e); /* what was returned goes in again */
  printf("\n%d", s);
  for (int i = 0; i < 4; i++) printf(" %g", z.data[i]);
  metate_release(y.owner);
  metate_release(z.owner);
  s = smooth(&x, 0, &y, &e);
  printf("\n%d %s: %s (line %d in %s)\n", s, e.type, e.message, (int)e.line, e.function);
  s = smooth(&x, 0, &y, 0); /* nobody wants to know why */
  printf("%d\n", s);
  s = waves(&m, &c, true, &e);
  printf("%d\n", s);
  printf("%g %g %g\n", f[0], f[1], f[5]);
  s = look_up(4095, &r, &e);
  printf("%d %g\n", s, r);
  s = look_up(4096, &r, &e);
  printf("%d %s: %s\n", s, e.type, e.message);
  s = turn(&small, 3, &turned, &e);
  printf("%d %g %g\n", s, turned.real, turned.imag);
  s = itself(&x, &y, &e);
  printf("%d %d %d\n", s, y.data == d, y.owner == 0);
  s = depth(0, &n, &e);
  printf("%d %s: %s\n", s, e.type, e.message);
  s = itself(0, &y, &e);
  printf("%d %s\n", s, e.message);
  return 0;
}
'''

EXPECTED = """\
0 5.4772255750516612
1 argument 'x' of norm() is not contiguous in C order
0 1 2 3 5
0 1 1.5 2.5 4
1 ValueError: width must be positive, not 0 (line 24 in smooth)
1
waves 1.5 0.1 1e+16 -2.5e-07 (1.5-2j) True 2
0
1.5 1.7 6.03616
0 4095
1 IndexError: index 4096 is out of bounds for axis 0 with size 4096
0 2 -1
0 1 1
1 RecursionError: maximum recursion depth exceeded
1 argument 'x' of itself() is a null pointer
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "functions.py"
    path.write_text(SOURCE)
    return path


def build(command, folder):
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return subprocess.run([str(folder / "program")], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(("emit", "language"), [("shared", "c"), ("static", "c"), ("object", "c"), ("static", "c++")])
def test_a_program_calls_it(source, tmp_path, emit, language):
    made = metate.compile_ahead(source, tmp_path / "functions.bin", emit)
    assert made["files"][-1] == str(tmp_path / "functions.h")
    (tmp_path / "program.src").write_text(PROGRAM.replace("NAME", "functions"))
    flags = ["-std=c++17"] if language == "c++" else ["-std=c99", "-Wpedantic"]
    # As a program in that language; warnings of the header would be those of everyone who includes it.
    command = ["cc", *flags, "-Wall", "-Wextra", "-Werror", "-x", language, "program.src", "-x", "none"]
    printed = build([*command, "./functions.bin", *made["link_with"], "-Wl,-rpath,$ORIGIN", "-o", "program"], tmp_path)
    assert printed == EXPECTED


def test_what_it_says_of_itself(source, tmp_path):
    made = metate.compile_ahead(source, tmp_path / "functions.so")
    assert made["exports"][:2] == [
        {"name": "norm", "arguments": ["float64[::1]"], "result": "float64"},
        {"name": "smooth", "arguments": ["float64[:]", "int32"], "result": "float64[::1]"}]
    header = (tmp_path / "functions.h").read_text()
    assert "/* norm(float64[::1]) -> float64. The Euclidean norm. */" in header
    assert "int32_t turn(const metate_complex64 *z, uint8_t times, metate_complex64 *result, metate_error *error);" in header


def test_nothing_else_is_exported(source, tmp_path):
    """Two libraries in one program do not take each other's functions; they share the switch that ends calls."""
    metate.compile_ahead(source, tmp_path / "functions.so")
    listed = subprocess.run(["nm", "-D", "--defined-only", tmp_path / "functions.so"], capture_output=True, text=True, check=True)
    names = [line.split()[-1] for line in listed.stdout.splitlines()]
    assert sorted(names) == ["depth", "itself", "look_up", "metate_interrupt", "metate_interrupt_flag", "norm", "smooth", "turn",
                             "waves"]
    needed = subprocess.run(["readelf", "-d", tmp_path / "functions.so"], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"NEEDED.*\[(\w+)", needed)) <= {"libsleef", "libm", "libc", "ld"}


def test_names_from_the_command_line(tmp_path):
    """One function under several names, for several types; constants and options are the function's own."""
    @metate.njit(error_model="numpy")
    def ratio(a, b):
        return a / b

    metate.compile_ahead({"ratio": ratio}, tmp_path / "lib.so", exports=["ratio: f8(f8, f8)", "ratio_f4 = ratio: f4(f4, f4)"])
    library = ctypes.CDLL(str(tmp_path / "lib.so"))
    wide, narrow = ctypes.c_double(), ctypes.c_float()
    assert library.ratio(ctypes.c_double(1), ctypes.c_double(0), ctypes.byref(wide), None) == 0
    assert library.ratio_f4(ctypes.c_float(1), ctypes.c_float(3), ctypes.byref(narrow), None) == 0
    assert wide.value == np.inf and narrow.value == np.float32(1) / np.float32(3)


def test_ufuncs(tmp_path):
    """For numbers, and for arrays, which broadcast as ever."""
    @metate.vectorize
    def mix(a, b):
        if b == 0:
            raise ValueError("b is zero")
        return a / b

    made = metate.compile_ahead({"mix": mix}, tmp_path / "lib.so",
                                exports=["mix: f8(f8, f8)", "mix_all=mix: f8[:](f8[:], f8)"])
    assert [each["result"] for each in made["exports"]] == ["float64", "float64[:]"]
    library = ctypes.CDLL(str(tmp_path / "lib.so"))
    result, values = ctypes.c_double(), np.arange(5.0)
    assert library.mix(ctypes.c_double(1), ctypes.c_double(4), ctypes.byref(result), None) == 0 and result.value == 0.25
    array, record = (ctypes.c_int64 * 4)(values.ctypes.data, 0, 5, 8), (ctypes.c_int64 * 4)()
    assert library.mix_all(array, ctypes.c_double(2), record, None) == 0
    assert (record[2], np.ctypeslib.as_array((ctypes.c_double * 5).from_address(record[0])).tolist()) == (5, [0, 0.5, 1, 1.5, 2])
    assert library.mix_all(array, ctypes.c_double(0), record, None) == 1


@pytest.fixture(scope="module")
def showing(tmp_path_factory):
    def show(x, y):
        print(x, y)

    path = tmp_path_factory.mktemp("showing") / "show.so"
    metate.compile_ahead({"show": show}, path, exports=["show: void(f8, f4)"])
    return ctypes.CDLL(str(path)).show


@pytest.mark.parametrize("value", [0.1, 1e16, 1e15, 123456789.0, 1e-5, 0.0001, -0.0, 5e-324, 1.7976931348623157e308, float("nan"),
                                   float("-inf"), 1 / 3, 100.0, 1e22, 2.0**70])
def test_numbers_print_as_in_python(showing, capfd, value):
    with np.errstate(over="ignore"):
        narrow = np.float32(value)
    assert showing(ctypes.c_double(value), ctypes.c_float(narrow), None) == 0
    ctypes.CDLL(None).fflush(None)
    wide, short = capfd.readouterr().out.split()
    assert wide == repr(value)
    # From where on NumPy writes an exponent depends on its version; the digits do not.
    assert Decimal(short).normalize().compare_total(Decimal(str(narrow)).normalize()) == 0


@pytest.mark.parametrize(("cpu", "feature"), [("x86-64", "ymm"), ("x86-64-v3", "zmm")])
def test_code_for_another_cpu(source, tmp_path, cpu, feature):
    """Registers that it does not have are not used."""
    if not metate._metate.host_cpu()["triple"].startswith("x86_64"):
        pytest.skip("names of CPUs are this architecture's")
    metate.compile_ahead(source, tmp_path / "code.s", "asm", target_cpu=cpu)
    assert feature not in (tmp_path / "code.s").read_text()


def test_text_is_the_same_code(source, tmp_path):
    metate.compile_ahead(source, tmp_path / "code.ll", "llvm")
    text = (tmp_path / "code.ll").read_text()
    assert re.search(r"^define i32 @norm\(ptr ", text, re.MULTILINE) and "metate_call_from_c" in text
    assert not (tmp_path / "code.h").exists()


def test_strided_arrays_of_nothing(source, tmp_path):
    """An empty array has no order to be checked, and may have no data."""
    metate.compile_ahead(source, tmp_path / "functions.so")
    library = ctypes.CDLL(str(tmp_path / "functions.so"))
    record, result = (ctypes.c_int64 * 4)(0, 0, 0, 24), ctypes.c_double(1)
    assert library.norm(record, ctypes.byref(result), None) == 0 and result.value == 0



LEVELS = ("x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4")


@pytest.mark.skipif(not metate._metate.host_cpu()["triple"].startswith("x86_64"), reason="levels are those of x86-64")
@pytest.mark.parametrize("emit", ["shared", "static"])
def test_code_for_several_cpus(source, tmp_path, emit):
    """All of it is there, and a program gets what its CPU can run: the results are the same."""
    made = metate.compile_ahead(source, tmp_path / "functions.bin", emit, target_cpu=",".join(LEVELS))
    (tmp_path / "program.src").write_text(PROGRAM.replace("NAME", "functions"))
    printed = build(["cc", "-x", "c", "program.src", "-x", "none", "./functions.bin", *made["link_with"], "-Wl,-rpath,$ORIGIN", "-o",
                     "program"], tmp_path)
    assert printed == EXPECTED
    listed = subprocess.run(["nm", tmp_path / "functions.bin"], capture_output=True, text=True, check=True).stdout
    for level in LEVELS:
        assert re.search(rf" [tT] metate_entry_0_{level}$", listed, re.MULTILINE)


@pytest.mark.parametrize(("cpus", "emit", "complaint"), [
    ("x86-64,znver3", "shared", "'znver3' is none"),
    ("native,x86-64-v3", "shared", "'native' is none"),
    ("x86-64-v3,x86-64", "shared", "'x86-64' stands too late"),
    ("x86-64,x86-64-v3", "object", "--emit object writes code for one alone"),
])
def test_what_cannot_be_chosen_from(source, tmp_path, cpus, emit, complaint):
    with pytest.raises(metate.errors.AheadOfTimeError, match=complaint):
        metate.compile_ahead(source, tmp_path / "out", emit, target_cpu=cpus)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("emit", ["shared", "static", "object", "llvm"])
def test_the_same_bytes_twice(tmp_path, emit):
    """In two processes, from two folders: nothing in them is of the place, the time or the order of addresses."""
    written = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "functions.py").write_text(SOURCE)
        subprocess.run([sys.executable, "-m", "metate", "compile", folder / "functions.py", "--emit", emit, "--reproducible",
                        "--target-cpu", "x86-64-v2", "-o", folder / "libfunctions.so"], check=True, capture_output=True)
        written.append({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})
    assert written[0] == written[1]
    assert str(tmp_path).encode() not in written[0]["libfunctions.so"]


def test_reproducible_code_is_for_a_cpu_that_is_named(source, tmp_path):
    with pytest.raises(metate.errors.AheadOfTimeError, match="must not depend on this machine's CPU: name one"):
        metate.compile_ahead(source, tmp_path / "out", reproducible=True)
