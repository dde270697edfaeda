"""twice – a pytest plugin: each launch of a kernel on NumPy arrays is done a second time, by another consumer of SPIR-V.

The second launch gets copies of what the first one got. Its module is emitted, which validates it, in each of VERSIONS,
built and run by Intel's OpenCL, and must leave the same in the arrays; floats may differ by what two libraries of
mathematical functions may. Where work-items raise, both launches must say so, and the arrays are not compared. Where the
order of work-items decides (marker any_order) the arrays are left as the second launch leaves them, and the test itself says
whether that is right.
"""

import ctypes

import numpy as np
from intel_opencl import Address, IntelOpenCl

_device = IntelOpenCl()  # before Metate: both need oneTBB, and Intel's is the newer one

import metate.kernels  # noqa: E402
from metate import LocalAccessor  # noqa: E402
from metate.launch_ranges import extents  # noqa: E402

VERSIONS = 2, 4  # of SPIR-V 1

_counts = {"launches": 0, "modules": 0, "skipped": 0}


class _Copies:
    """Copies of arrays that overlap as the arrays do."""

    def __init__(self, arrays):
        self._blocks = []  # (first address, address behind, copy of what lies there)
        for low, high in sorted(np.lib.array_utils.byte_bounds(array) for array in arrays if array.size):
            if self._blocks and low < self._blocks[-1][1]:
                low, high = self._blocks[-1][0], max(self._blocks.pop()[1], high)
            self._blocks.append((low, high, _copy(low, high - low, low)))

    def again(self):
        """The same copies once more."""
        new = _Copies([])
        new._blocks = [(low, high, _copy(copy.ctypes.data, high - low, low)) for low, high, copy in self._blocks]
        return new

    def address(self, original):
        for low, high, copy in self._blocks:
            if low <= original < high:
                return copy.ctypes.data + original - low
        return 0  # of an empty array

    def of(self, array):
        """The copy of `array`."""
        if not array.size:
            return array
        low, _, copy = next(block for block in self._blocks if block[0] <= array.ctypes.data < block[1])
        return np.ndarray(array.shape, array.dtype, copy, array.ctypes.data - low, array.strides)


def _copy(address, size, like):
    """The bytes at an address, copied to one that is aligned as `like` is."""
    room = np.empty(size + 64, np.uint8)
    start = (like - room.ctypes.data) % 64
    ctypes.memmove(room.ctypes.data + start, address, size)
    return room[start:start + size]


def _compare(first, second):
    if first.dtype.kind in "fc":
        part = np.finfo(first.dtype)
        size = np.abs(first[np.isfinite(first)]).max(initial=0)
        np.testing.assert_allclose(second, first, rtol=256 * part.eps, atol=float(16 * part.eps * size))
    else:
        np.testing.assert_array_equal(second, first)


def _parts(arguments):
    """The arguments, of tuples their elements."""
    for each in arguments:
        if isinstance(each, tuple):
            yield from _parts(each)
        else:
            yield each


_Once = metate.kernels.KernelDispatcher


class _Twice(_Once):
    any_order = False  # of the test that is running

    def launch(self, queue, context, item, global_size, local_size, offset, arguments, after, wait):
        global_size, local_size = extents(global_size), () if local_size is None else extents(local_size)
        if self.py_func.__code__.co_argcount == len(arguments):
            item = ""
        parts = list(_parts(arguments))
        plain = all(type(each) in (np.ndarray, int, float, bool, complex, LocalAccessor) or isinstance(each, np.generic)
                    for each in parts)
        again = plain and wait and not after and 0 not in global_size
        arrays = [each for each in parts if isinstance(each, np.ndarray)]
        copies = _Copies(arrays) if again else None
        event = raised = None
        try:
            event = super().launch(queue, context, item, global_size, local_size, offset, arguments, after, wait)
        except (IndexError, ZeroDivisionError, AssertionError) as error:  # of a work-item
            raised = error
        if again:
            for version in VERSIONS:
                self._run(item, global_size, local_size, offset, arguments, version, copies.again(), raised)
        else:
            _counts["skipped"] += 1
        if raised is not None:
            raise raised
        return event

    def _run(self, item, global_size, local_size, offset, arguments, version, copies, raised):
        words, name, values = self.module(len(global_size), item, arguments, version)
        _counts["modules"] += 1
        errors = np.frombuffer(values[-1][1], np.uint8).copy()
        before = errors[:4].copy()
        given = [Address(copies.address(value)) if kind == "address" else value for kind, value in values[:-1]]
        _device.run(_device.build(words, name), [*given, Address(errors.ctypes.data)], global_size[::-1],
                    local_size[::-1] if local_size else None, offset[::-1] if offset else None)
        _counts["launches"] += 1
        assert (errors[:4] == before).all() == (raised is None), f"{name}: {raised!r} here, not by the other consumer"
        if raised is not None:
            return
        for array in (each for each in _parts(arguments) if isinstance(each, np.ndarray)):
            if not self.any_order:
                _compare(array, copies.of(array))
            elif array.flags.writeable:
                array[...] = copies.of(array)


def pytest_configure(config):
    metate.kernels.KernelDispatcher = _Twice


def pytest_runtest_setup(item):
    _Twice.any_order = item.get_closest_marker("any_order") is not None


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"launched twice: {_counts['launches']} launches, {_counts['modules']} modules, "
                                f"{_counts['skipped']} skipped")
