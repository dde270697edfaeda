"""Kernels of SPIR-V that another compiler made, on queues of the software device; and what cannot be built."""

import base64
import ctypes
import zlib

import metate
import numpy as np
import pytest
from metate import programs
from metate.errors import ProgramCompilationError

SOURCE = """
typedef struct { int factor; int shift; } Line;
kernel void along(global int *x, int factor, double shift) { size_t i = get_global_id(0); x[i] = x[i] * factor + (int)shift; }
kernel void turned(global const int *x, global int *y, local int *part) {
  size_t i = get_local_id(0), n = get_local_size(0);
  part[i] = x[get_global_id(0)];
  barrier(CLK_LOCAL_MEM_FENCE);
  y[get_global_id(0)] = part[n - 1 - i];
}
kernel void placed(Line line, global int *x) { x[get_global_id(1) * get_global_size(0) + get_global_id(0)] = line.factor * get_global_id(0) + line.shift * get_global_id(1); }
"""
# What clang 22 makes of it: clang --target=spirv64 -O2 -cl-std=CL2.0 -x cl -Xclang -finclude-default-header -c
SPIRV = zlib.decompress(base64.b64decode("""
eNqNln1fVEUUx4fdBeTRBXR1scIyJcRIJUVSDEEggiQDsSdb12WjjcvdZVkolVLTnt5Yr6OX0T996szd79hh4oqXz2VmfufMOed3fnMHkokTzSbVYDJm0HQ2
mOjpMgnTxJhibGVsY2xk7JexTVZ260KlGE7OD23WVozpNEmxmug9aFqieMfkzQflcFXGejxj0vJmlc+wvLWtalhcifdZlrcS5At7+aQlr83Tx3xYzZeZJ6Mf
Y8Y7klJ5alddjcLGxszlNiul6nZuYqsU1GbDmaB8Lx/MhtvlQr5WKoezK5FvizkV+RaCfLiaKxeC3FqxGuZK65UcAW18zcnGT/8//rzE9cOLb2vEzfO9Xa6u
rVbLW5XF0oOioY6puDpI3Cg/3eKzWatuFWpD86WwGNWme2njZOO4k8z6hHG5CDQjcXvF54y89vzMSLdtTzPRvCOaD7xkjxuiPalojz17r7A+uSt+W6TDwD5a
GPae3bW3vrb7m1if8+znPS5pxSW9N5c99XRc0nA5Rryu5/Hao/nAS2juYnURK8t6wqt9wuM26dmve32celEf3SFm75IXa8nL5dYJ1re8Pmaf826L5gP7nD3H
OQvnPtaBV0fg1RF4dax7nMMXcXYfhzyHZYeNcbx+lGRMRfdII7EzsrIxx+Xt4Y58XapowieJX4pYzfja54isD8jYjJ+N3QJni19m3Qpm7W3ESpCnXeVJ0qNB
QWzMDnn/4RmERyd73fqgvScb/suVJpdbd7F+Tdbd7E1QSw+1d0e1NJpD1NKj+BzGJwH/DNxcL49gz6i6j8LRqDqy1HExutXq35FB7xHu9l7mCe6MEbR5Vd6/
BH0m45jsOBDxqfc1Qdyb5O7DZp9pwZJo34vN7q/3vo47bZ+Jr52/gc3mD+nxCWp4jM+b+Fn8qmDHwVysv6WiS/I6rqeoUXM9qbj2K65vwfVnxXUghutpbJrr
ILFPK65nwH2ub2PrV1yHqMFxfQe/IbgOgsVxHaaedsX1rJqfY27P+Xm4/qK4vssZ9rlewGaU70XOt+87gk37Xorp4Sg23cP3qHlU9fAyuOM9Hf1XYMwVeFyg
P1fwdX5/yu9Ovlv7rf5B3jH22G98klhXiTWisPfBx1Qt4+C6Flv3Nfo7Si3X8I3TaopeaK0m1HxSaXUdrX5VPZ2O0WoGm+7/BzFazWLTvh/GaDWHTWs1T81z
qj8fgfta3YDHDP25ge9+Wi2wR2v1MbFmFXYTfEHV8gm4r9Ui/Z2jlkV847RahvchNLF39JLS6hb6/CbjDvf2bXxcLZ+CuRw73N+f4Wdrs+vPwY6qWF+Au1hf
grlYG/xtvEMep+VXMVrmsBnuI4vdBb+j4uXJ5eLdi4lXwNag4q2A57nPLFYEv0sOG+drcJdjlb9Xfo5vsOmaS+AFzoHV4lv0KClsDTyH3mvkjdM7JLfWO1B6
r6P370qjMj5OowqYr9EGNse3GtPTTWyabw18Q52fLfK687MNps/Pd+Cutu/B/NruY3O1PYip7SE2rfcO+H2l9w/gNaX3j+Aux6MYvR9j0/yfgD9U2v6EHk8U
9hR8E72fktfX+1+VwGHa
"""))

SPECIALIZED_SOURCE = """
int __attribute__((overloadable)) __spirv_SpecConstant(int, int);
float __attribute__((overloadable)) __spirv_SpecConstant(int, float);
kernel void scaled(global float *x) {
  size_t i = get_global_id(0);
  x[i] = i * __spirv_SpecConstant(7, 3) + __spirv_SpecConstant(9, 0.5f);
}
"""
SPECIALIZED = zlib.decompress(base64.b64decode("""
eNqNUttKw0AQnebSW5pWrb3Z2os+FcUHH1QQtahYCoL4BaHWIsGYhLb2XfCjfRGc2ZxAWhDdsJmdmTOXM7u6tp8hI0VVOqBbitYmaZSGNCAtSJOlxf8Uy4dw
6t/cH80Xz0RF0tlLapc4WuI3eM8nY2/K/rzSdWXr8NbVRzSwdc5mrGBNriB4x5mH7mzpXL+73mLkD73gaeyN/GUwGS/cwB8xlLE5aijsxBv7L04w8ZzX6cx3
3LfQQcIh5y8x5pC38BlyZclfVWdbnfv/rJdSMYaKkZm0oFvwZaAXoOeg11fqW6rn/h99E2LttdzFRO4q5t5V21AzNXEPZdxfj/8maou/wie5nwHuW/QMcsiq
sZ5lmQZe8uZQU+zn0POwHSPeAl50qV+I0l3FfnvNX4T/RL2A6L0Q+j/F+5B7+2J0j+UFd5RV7zCqraH+I0dIr1vwyZqBYxl9fQKzDZzYQ/RRgf2DMRreRQH2
O7bpaiZRLxJ7ybYacBrm+s2dnPGOuTTQW5JLHVz2Elx2fuHShC/JpYUZxlx2gWsluLRhj7l0MOd2gksXvTTBpQvcOpcfBUJS/A==
"""))

WITH_IMAGES_SOURCE = """
kernel void twice(global int *x) { x[get_global_id(0)] *= 2; }
kernel void clear(write_only image2d_t image) { write_imagef(image, (int2)(get_global_id(0), 0), (float4)(0)); }
"""
WITH_IMAGES = zlib.decompress(base64.b64decode("""
eNqNkm9PE0EQxufuei30qC0g/wRpaVFai1XfCAnREE1smpgQ+ALHcVzIheNaS8Uv6IfyjQkzc88li+HUa7azOzP77G9nx7E7FSpZtEp9OqfsWySbyrAlWA
/Wha2x9XhlsT2ZROnnr4Pb2SXRE3I4SjrqrCI6KzxmP+IwYls1/G0eYRIFU/gbvFdym5i3MXf0R3Rcc/jE0gM9lylkr+/fTuLpnf/pe5zMRukwGV8EySi9
G4fBLB6no0vNnactzQ2TIL3yx2HiX0fT1I9vJj4EXVUkUrXB6Ca4ivRMk1V0ukU6SBrynqecs89DajjkGwjnqs5rOu/9J7dFmV5Va056B1lvPtD31N/7x/
0Iud2/5eYX1bcr6Vu20BstXjtag+yNl9EjO/zvgsXBPnnjY+xb43WFbRlx0ZnD3cTfxznz8B0hXsV6g2ce9C16/LPAsYA8D+fWwGpr/R3u0ew+EqsT6Vry
B+jdhmpl80WtsasaS1g3kFvX+xO91w7J+pxQmwP0rPTAL1YasP3At6+gB6rgEeZT3lFWniwm3xf2yf51aKxhv621yPw2uH9yrsyfISY1/Mi+dfjyvN982i
GPnHcL55u8m+B9Y/A+L+DdRszkbUJj2+Btwf8n7w5iOW8TviLeNs5aAK+8bwe8bw3e3QLeF4jJ9w399hL+M86QN96Dbwl5Ied14F9+hKmLM0ymHpjeGUyv
Cpj6iJlM+/DnTK/hM5l68JtM9zUhe1Y=
"""))


class Line(ctypes.Structure):
    _fields_ = [("factor", ctypes.c_int32), ("shift", ctypes.c_int32)]


@pytest.fixture(scope="module")
def queue():
    return metate.Queue("cpu")


@pytest.fixture(scope="module")
def program(queue):
    return programs.create_kernel_bundle_from_spirv(queue, SPIRV)


def test_a_program_has_kernels(program):
    assert [program.has_sycl_kernel(name) for name in ("along", "turned", "placed", "lost")] == [True, True, True, False]
    kernel = program.get_sycl_kernel("turned")
    assert kernel.get_function_name() == "turned" and kernel.num_args == kernel.get_num_args() == 3
    assert kernel.work_group_size > 1 and kernel.max_sub_group_size >= 8 and kernel.compile_sub_group_size == 0
    assert kernel.max_num_sub_groups >= 1 and kernel.preferred_work_group_size_multiple >= 1
    assert kernel.private_mem_size >= 0 and kernel.compile_num_sub_groups == 0
    with pytest.raises(ValueError, match="no kernel 'lost' in the program; there are along, turned, placed"):
        program.get_sycl_kernel("lost")


def test_kernels_that_the_device_cannot_run(queue):
    program = programs.create_kernel_bundle_from_spirv(queue, WITH_IMAGES)
    x = metate.asarray(np.arange(4, dtype="i4"), queue=queue)
    queue.submit(program.get_sycl_kernel("twice"), (x,), [4]).wait()
    assert metate.asnumpy(x).tolist() == [0, 2, 4, 6]
    assert not program.has_sycl_kernel("clear")
    with pytest.raises(ValueError, match="no kernel 'clear' in the program; there are twice(.|\\n)*'clear' cannot run: the device has no images"):
        program.get_sycl_kernel("clear")


def test_kernels_of_one_code_have_one_uuid(queue, program):
    again = programs.create_program_from_spirv(queue, bytearray(SPIRV))
    ids = [program.get_sycl_kernel(name).uuid for name in ("along", "turned", "placed")]
    assert ids == [again.get_sycl_kernel(name).uuid for name in ("along", "turned", "placed")]
    assert len(set(ids)) == 3 and all(len(each) == 16 and any(each) for each in ids)


@pytest.mark.parametrize("number", [ctypes.c_int32, np.int32])
def test_numbers_and_memory_as_arguments(queue, program, number):
    x = metate.arange(100, dtype="i4", queue=queue)
    kernel = program.get_sycl_kernel("along")
    queue.submit(kernel, [x, number(3), ctypes.c_double(5.9)], [100])
    assert x.tolist() == [3 * i + 5 for i in range(100)]
    first = queue.submit_async(kernel, (x, number(2), np.float64(1)), 100)
    queue.submit_async(kernel, (x, number(1), np.float64(1)), 50, 10, dEvents=first).wait()
    assert x.tolist() == [6 * i + 12 if i < 50 else 6 * i + 11 for i in range(100)]


@pytest.mark.parametrize("part", [programs.LocalAccessor("i4", 8), programs.LocalAccessor(np.int32, (2, 4)),
                                  programs.WorkGroupMemory(32), programs.WorkGroupMemory("i4", 8)])
def test_memory_of_groups_as_an_argument(queue, program, part):
    x = np.arange(32, dtype=np.int32)
    given, made = metate.asarray(x, queue=queue), metate.MemoryUSMShared(128, queue=queue)
    queue.submit(program.get_sycl_kernel("turned"), [given, made, part], [32], [8])
    np.testing.assert_array_equal(np.frombuffer(made, np.int32), x.reshape(4, 8)[:, ::-1].ravel())


@pytest.mark.parametrize("line", [Line(2, 10), programs.RawKernelArg(Line(2, 10)), programs.RawKernelArg(b"\2\0\0\0\n\0\0\0")])
def test_records_as_arguments_and_the_order_of_dimensions(queue, program, line):
    x = metate.zeros((3, 4), dtype="i4", queue=queue)
    queue.submit(program.get_sycl_kernel("placed"), [line, x], [3, 4])
    np.testing.assert_array_equal(metate.asnumpy(x), 2 * np.arange(4) + 10 * np.arange(3)[:, None])


@pytest.mark.parametrize("constants, factor, summand", [
    ([], 3, 0.5),
    ([programs.SpecializationConstant(7, np.int32(5))], 5, 0.5),
    ([programs.SpecializationConstant(7, "i4", 6), programs.SpecializationConstant(9, ctypes.c_float(2.5))], 6, 2.5),
    ([programs.SpecializationConstant(9, b"\0\0\x80\x3f")], 3, 1.0),
])
def test_specialization_constants(queue, constants, factor, summand):
    kernel = programs.create_kernel_bundle_from_spirv(queue, SPECIALIZED, "", constants).get_sycl_kernel("scaled")
    x = metate.empty(5, "f4", queue=queue)
    queue.submit(kernel, [x], [5])
    assert x.tolist() == [factor * i + summand for i in range(5)]


def test_what_specialization_constants_are_made_of():
    number = ctypes.c_int32(11)
    for made in (programs.SpecializationConstant(1, 4, ctypes.addressof(number)), programs.SpecializationConstant(1, number),
                 programs.SpecializationConstant(1, "i4", 11.0)):
        assert (made.id, made.size, made.value) == (1, 4, b"\x0b\0\0\0")
    assert programs.SpecializationConstant(0, True).value == b"\1"
    for arguments, error in (((-1, number), ValueError), ((1,), TypeError), ((1, 1j), TypeError), ((1, "text"), TypeError)):
        with pytest.raises(error, match="specialization constant|SpecializationConstant"):
            programs.SpecializationConstant(*arguments)


def test_launches_that_make_no_sense(queue, program):
    kernel, x = program.get_sycl_kernel("along"), metate.zeros(4, "i4", queue=queue)
    numbers = ctypes.c_int32(1), ctypes.c_double(1)
    for arguments, error, message in [
        ((x, *numbers[:1]), TypeError, "takes 3 arguments, not 2"),
        ((x, 1, 2.0), TypeError, "numbers of ctypes or NumPy, which have a size.*not a int"),
        ((np.zeros(4), *numbers), TypeError, "not a ndarray"),
        ((x, *numbers[::-1]), (RuntimeError, ValueError), "zeKernelSetArgumentValue"),
    ]:
        with pytest.raises(error, match=message):
            queue.submit(kernel, arguments, [4])
    with pytest.raises(ValueError, match="not a multiple of the local size"):
        queue.submit(kernel, (x, *numbers), [4], [3])
    queue.submit(kernel, (x, *numbers), [0])
    assert x.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("spirv, message", [
    (b"", "no SPIR-V"),
    (b"BC" + SPIRV[2:], "no SPIR-V"),
    (SPIRV[:-6], "no SPIR-V"),
    (SPIRV[:-8], "ze.*build log:(.|\n)*has no end"),
    (SPIRV[:1004] + SPIRV[1012:], "ze.*build log"),
    (SPIRV[:24], "ze.*build log:(.|\\n)*End of input reached while decoding OpCapability starting at word 5"),
    (SPIRV[:20], "zeModuleCreate|no kernel"),
])
def test_what_cannot_be_built(queue, spirv, message):
    with pytest.raises((ProgramCompilationError, ValueError), match=message):
        programs.create_kernel_bundle_from_spirv(queue, spirv).get_sycl_kernel("along")


def test_languages(queue):
    device = queue.device
    assert [device.can_compile(name) for name in ("spirv", "spv", "opencl", "ocl", "sycl")] == [True, True, False, False, False]
    with pytest.raises(ValueError, match="'fortran' is no language"):
        device.can_compile("fortran")
    assert not programs.is_sycl_source_compilation_available()
    for make in (programs.create_kernel_bundle_from_source, programs.create_program_from_source):
        with pytest.raises(NotImplementedError, match="OpenCL C is not compiled.*clang --target=spirv64"):
            make(queue, SOURCE)
    with pytest.raises(NotImplementedError, match="SYCL"):
        programs.create_kernel_bundle_from_sycl_source(queue, SOURCE)
    with pytest.raises(TypeError, match="SpecializationConstant objects, not a int"):
        programs.create_kernel_bundle_from_spirv(queue, SPIRV, "", [1])
    with pytest.raises(TypeError, match="for a Queue"):
        programs.create_kernel_bundle_from_spirv(device, SPIRV)


def test_arguments_that_make_no_sense():
    for make in (lambda: programs.LocalAccessor("i4", (0,)), lambda: programs.LocalAccessor("i4", (1, 1, 1, 1)),
                 lambda: programs.WorkGroupMemory(0), lambda: programs.WorkGroupMemory(2.5), lambda: programs.RawKernelArg(b"")):
        with pytest.raises(ValueError, match="work-group|bytes"):
            make()
    with pytest.raises(TypeError, match="a number of bytes"):
        programs.WorkGroupMemory()
