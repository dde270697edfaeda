"""The programs of "Accelerating Python Today" (Parallel Universe, October 2022), with their times and devices.

The article's system offered one function in three forms (a loop, a parallel loop, a kernel) and a choice of device that
needs no change of the program; library code was to compute where its data lies. These are its twelve programs in their
shape, on arrays of a million numbers. Each checks its results.
"""

import asyncio
import ctypes
import os
import threading
import time

import numpy as np

import metate as dppy
from metate import cfunc, njit, prange, vectorize

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


@dppy.kernel
def gemv(matrix, x, y):
    """Program 8: one work-item a row."""
    i = dppy.get_global_id(0)
    total = 0.0
    for k in range(matrix.shape[1]):
        total += matrix[i, k] * x[k]
    y[i] = total


@njit(parallel=True)
def distances(a, b):
    """Program 9: array expressions run on the cores without a loop in sight; so do reductions."""
    squares = (a - b) ** 2
    return np.sqrt(squares.sum()), np.abs(a - b).max()


@vectorize(["float64(float64, float64)", "float32(float32, float32)"])
def relative_difference(x, y):
    return 2.0 * (x - y) / (x + y)


@cfunc("float64(float64)")
def integrand(x):
    return np.exp(-x) / np.sqrt(x)


def standardise(x):
    """Program 10: library code as the array API standard has it, for arrays of any library."""
    xp = x.__array_namespace__()
    return (x - xp.mean(x, axis=0)) / xp.std(x, axis=0)


def timed(label, function, *arguments):
    began = time.perf_counter()
    result = function(*arguments)
    print(f"{label:<52}{(time.perf_counter() - began) * 1e3:>10.2f} ms")
    return result


def programs_1_to_3(a, b, c):
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


def programs_4_to_6(a, b, c):
    print("4. NumPy arrays as they are (strided ones, ones that share memory), and device arrays, unchanged")
    shared = np.arange(8.0)
    kernel_add[4](shared[::2], shared[1::2], shared[::2])
    np.testing.assert_array_equal(shared, [1, 1, 5, 3, 9, 5, 13, 7])
    on_device = dppy.asarray(shared)
    kernel_add[4](on_device[::2], on_device[1::2], on_device[::2])
    print("  ", shared, "and then", on_device)
    np.testing.assert_array_equal(dppy.asnumpy(on_device), [2, 1, 8, 3, 14, 5, 20, 7])

    print("5. device selection")
    device = dppy.select_default_device()
    device.print_device_info()
    print(f"   ONEAPI_DEVICE_SELECTOR is {os.environ.get('ONEAPI_DEVICE_SELECTOR', 'not set')}; all devices: {dppy.get_devices()}")
    assert device in dppy.get_devices()

    print("6. offload under a device context")
    with dppy.device_context(device):
        c[:] = 0
        timed("   launch", kernel_add[SIZE, dppy.DEFAULT_LOCAL_SIZE], a, b, c)
    np.testing.assert_array_equal(c, a + b)


def program_7(a, b):
    print("7. explicit USM memory for tuned programs")
    queue = dppy.Queue(property="in_order")
    shared = [dppy.empty(SIZE, usm_type="shared", queue=queue) for _ in range(3)]
    x, y, z = map(np.from_dlpack, shared)  # the host works on the same memory
    x[:], y[:] = a, b
    timed("   launch on shared memory, nothing copied", kernel_add[SIZE], *shared)
    np.testing.assert_array_equal(z, a + b)

    on_device = dppy.MemoryUSMDevice(a.nbytes, queue=queue)
    staging = dppy.MemoryUSMHost(a.nbytes, queue=queue)
    np.frombuffer(staging, np.float64)[:] = a
    queue.memcpy(on_device, staging, a.nbytes)
    queue.memset(staging, 0, a.nbytes)
    queue.memcpy(staging, on_device, a.nbytes)
    queue.wait()
    np.testing.assert_array_equal(np.frombuffer(staging, np.float64), a)
    print(f"   through {staging!r} and {on_device!r}")


def program_8():
    print("8. blocking and asynchronous: matrix times vector")
    rows = 512
    generator = np.random.default_rng(8)
    matrix, x = generator.random((rows, rows)), generator.random(rows)
    queue = dppy.Queue(property="enable_profiling")
    on_device = [dppy.asarray(each, queue=queue) for each in (matrix, x)]
    y, z = dppy.zeros(rows, queue=queue), dppy.zeros(rows, queue=queue)
    timed("   first launch, blocking", gemv[rows], *on_device, y)
    timed("   later", gemv[rows], *on_device, y)

    first = queue.submit_async(gemv, [*on_device, y], [rows])
    second = queue.submit_async(gemv, [on_device[0], y, z], [rows], dEvents=[first])  # behind the first
    print(f"   submitted; the second is {second.execution_status.name}")
    second.wait()
    np.testing.assert_allclose(dppy.asnumpy(z), matrix @ (matrix @ x))
    print(f"   the second took {(second.profiling_info_end - second.profiling_info_start) / 1e6:.2f} ms on the device")

    errors = []
    with_handler = dppy.Queue(async_handler=errors.append)
    short = dppy.zeros(3, queue=with_handler)
    with_handler.submit_async(kernel_add, [short, short, short], [4])
    with_handler.wait()
    print(f"   an asynchronous error: {type(errors[0]).__name__}: {str(errors[0]).splitlines()[0]}")
    assert len(errors) == 1 and isinstance(errors[0], IndexError)


def program_9(a, b):
    print("9. implicit parallelism, ufuncs and C callbacks")
    distance, largest = timed("   array expressions and reductions, first call", distances, a, b)
    timed("   later", distances, a, b)
    np.testing.assert_allclose([distance, largest], [np.linalg.norm(a - b), np.abs(a - b).max()])
    np.testing.assert_allclose(relative_difference(a, b), 2 * (a - b) / (a + b))
    assert relative_difference(np.float32(1), np.float32(3)) == np.float32(-1)

    # As C code calls it: qsort, an integrator, a plug-in.
    as_c = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(integrand.address)
    print(f"   integrand(1.0) called by its address: {as_c(1.0):.6f}")
    assert abs(as_c(1.0) - np.exp(-1)) < 1e-15


def program_10():
    print("10. compute follows data")
    data = np.random.default_rng(10).normal(5, 2, (1000, 4))
    device_array = dppy.asarray(data, device="cpu")
    result = standardise(device_array)
    print(f"   {type(result).__name__} on {result.device}, computed where its data lies")
    assert isinstance(result, dppy.DeviceArray) and result.device == device_array.device
    np.testing.assert_allclose(dppy.asnumpy(result), standardise(data), atol=1e-12)
    try:
        np.asarray(result)
    except TypeError as refused:
        print(f"   nothing comes to the host behind your back: {refused}")


def program_11():
    print("11. the array API standard and DLPack between libraries")
    array = dppy.asarray(np.arange(6.0).reshape(2, 3), usm_type="shared")
    xp = array.__array_namespace__()
    assert xp.sum(xp.where(array > 2, array, xp.zeros_like(array))) == 12
    numpy_view = np.from_dlpack(array)
    array[0, 0] = 100.0
    print(f"   NumPy sees the memory of the device array: {numpy_view[0].tolist()}")
    assert numpy_view[0, 0] == 100.0
    again = dppy.from_dlpack(numpy_view)
    np.testing.assert_array_equal(dppy.asnumpy(again), numpy_view)


def program_12():
    print("12. threads and tasks: a context belongs to one of them, a queue travels with the data")
    queues = [dppy.Queue(), dppy.Queue()]
    seen = {}

    def work(number):
        with dppy.device_context(queues[number]):
            time.sleep(0.01)
            seen[number] = dppy.get_current_queue() is queues[number]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    async def task(number):
        with dppy.device_context(queues[number]):
            await asyncio.sleep(0.01)  # the other task runs here
            return dppy.get_current_queue() is queues[number]

    async def both():
        return await asyncio.gather(task(0), task(1))

    in_tasks = asyncio.run(both())
    travelled = dppy.ones(4, queue=queues[1]) + 1
    print(f"   threads keep theirs: {seen[0] and seen[1]}, tasks: {all(in_tasks)}, data: {travelled.sycl_queue is queues[1]}")
    assert seen == {0: True, 1: True} and all(in_tasks) and travelled.sycl_queue is queues[1]


def main():
    a, b = np.random.default_rng(1).random((2, SIZE))
    c = np.empty(SIZE)
    programs_1_to_3(a, b, c)
    programs_4_to_6(a, b, c)
    program_7(a, b)
    program_8()
    program_9(a, b)
    program_10()
    program_11()
    program_12()


if __name__ == "__main__":
    main()
