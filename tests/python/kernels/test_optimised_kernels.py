"""Kernels out of which LLVM's optimiser makes what SPIR-V has no words for: closed forms of loops, reversed bits."""

import metate
import numpy as np
import pytest
from metate import get_global_id, prange

COUNTS = [0, 1, 2, 5, 17, 100, 127]
KINDS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


def add_up(counts, out):
    i = get_global_id(0)
    for k in range(counts[i]):
        out[i] += k


def add_squares_up(counts, out):
    i = get_global_id(0)
    total = 0
    for k in range(counts[i]):
        total += k * k
    out[i] = total


def add_cubes_up(counts, out):
    i = get_global_id(0)
    total = 0
    for k in range(counts[i]):
        total += k * k * k + 3 * k
    out[i] = total


def count_down(counts, out):
    i = get_global_id(0)
    n = counts[i]
    total = 0
    while n > 0:
        total += n
        n -= 3
    out[i] = total


SUMS = [(add_up, lambda n: sum(range(n)), KINDS), (add_squares_up, lambda n: sum(k * k for k in range(n)), KINDS),
        (add_cubes_up, lambda n: sum(k**3 + 3 * k for k in range(n)), KINDS),
        (count_down, lambda n: sum(range(n, 0, -3)), ["int16", "int32", "int64"])]  # 8 bits are too few for the sum


@pytest.mark.parametrize("function, expected, kind", [(*sums, kind) for *sums, kinds in SUMS for kind in kinds])
def test_sums_of_loops(function, expected, kind):
    out = np.zeros(len(COUNTS), np.int64)
    metate.kernel(function)[len(COUNTS)](np.array(COUNTS, kind), out)
    assert out.tolist() == [expected(n) for n in COUNTS]


def test_triangular_loops_on_a_device():
    @metate.njit(parallel=True)
    def triangle(out):
        for i in prange(len(out)):
            total = 0
            for row in range(i):
                for column in range(row + 1):
                    total += column
            out[i] = total

    out = metate.zeros(20, dtype="int64")
    triangle(out)
    assert metate.asnumpy(out).tolist() == [sum(sum(range(row + 1)) for row in range(i)) for i in range(20)]


@pytest.mark.parametrize("width", [8, 16, 32])
def test_reversed_bits(width):
    @metate.kernel
    def reverse(numbers, out):
        i = get_global_id(0)
        number, reversed_number = numbers[i], 0
        for k in range(width):
            reversed_number = (reversed_number << 1) | ((number >> k) & 1)
        out[i] = reversed_number

    numbers = np.random.default_rng(0).integers(0, 2**width, 50).astype(f"uint{width}")
    out = np.zeros(50, np.int64)
    reverse[50](numbers, out)
    assert out.tolist() == [int(f"{int(number):0{width}b}"[::-1], 2) for number in numbers]


def test_reversed_bits_by_masks():
    @metate.kernel
    def reverse(numbers, out):
        i = get_global_id(0)
        v = numbers[i]
        v = ((v >> np.uint32(1)) & np.uint32(0x55555555)) | ((v & np.uint32(0x55555555)) << np.uint32(1))
        v = ((v >> np.uint32(2)) & np.uint32(0x33333333)) | ((v & np.uint32(0x33333333)) << np.uint32(2))
        v = ((v >> np.uint32(4)) & np.uint32(0x0F0F0F0F)) | ((v & np.uint32(0x0F0F0F0F)) << np.uint32(4))
        v = ((v >> np.uint32(8)) & np.uint32(0x00FF00FF)) | ((v & np.uint32(0x00FF00FF)) << np.uint32(8))
        out[i] = (v >> np.uint32(16)) | (v << np.uint32(16))

    numbers = np.random.default_rng(0).integers(0, 2**32, 50).astype(np.uint32)
    out = np.zeros(50, np.uint32)
    reverse[50](numbers, out)
    assert out.tolist() == [int(f"{int(number):032b}"[::-1], 2) for number in numbers]
