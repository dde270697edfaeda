"""Programs 1 to 6 of "Accelerating Python Today" (Parallel Universe, October 2022), with their times and devices.

The article's system offered one function in three forms (a loop, a parallel loop, a kernel) and a choice of device that
needs no change of the program. These are its programs in their shape, on arrays of a million numbers.
"""

import os
import time

import numpy as np

import metate as dppy
from metate import njit, prange

SIZE = 1_000_000
PYTHON_SIZE = 100_000  # of the program that Python itself runs


def vector_add(a, b, c):
    """Program 1: a plain loop."""
    for i in range(len(a)):
        c[i] = a[i] + b[i]


@njit(parallel=True)
def parallel_add(a, b, c):
    """Program 2: the same, its iterations shared out over the cores."""
    for i in prange(len(a)):
        c[i] = a[i] + b[i]


@dppy.kernel
def kernel_add(a, b, c):
    """Program 3: one work-item an element."""
    i = dppy.get_global_id(0)
    c[i] = a[i] + b[i]


def timed(label, function, *arguments):
    began = time.perf_counter()
    function(*arguments)
    print(f"{label:<52}{(time.perf_counter() - began) * 1e3:>10.2f} ms")


def main():
    a, b = np.random.default_rng(1).random((2, SIZE))
    c = np.empty(SIZE)

    print("1. a plain loop")
    head = slice(0, PYTHON_SIZE)
    timed(f"   Python, {PYTHON_SIZE} elements", vector_add, a[head], b[head], c[head])
    compiled = njit(vector_add)
    timed("   njit, first call", compiled, a, b, c)
    timed("   njit", compiled, a, b, c)

    print("2. njit(parallel=True) with prange")
    timed("   first call", parallel_add, a, b, c)
    timed("   later", parallel_add, a, b, c)

    print("3. a kernel")
    timed("   first launch", kernel_add[SIZE], a, b, c)
    timed("   later", kernel_add[SIZE], a, b, c)
    np.testing.assert_array_equal(c, a + b)

    print("4. NumPy arrays as they are: strided ones, and ones that share memory")
    shared = np.arange(8.0)
    kernel_add[4](shared[::2], shared[1::2], shared[::2])
    print("  ", shared)

    print("5. device selection")
    device = dppy.select_default_device()
    device.print_device_info()
    print(f"   ONEAPI_DEVICE_SELECTOR is {os.environ.get('ONEAPI_DEVICE_SELECTOR', 'not set')}; all devices: {dppy.get_devices()}")

    print("6. offload under a device context")
    with dppy.device_context(device):
        c[:] = 0
        timed("   launch", kernel_add[SIZE, dppy.DEFAULT_LOCAL_SIZE], a, b, c)
    np.testing.assert_array_equal(c, a + b)


if __name__ == "__main__":
    main()
