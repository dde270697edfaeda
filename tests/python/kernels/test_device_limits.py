"""What a device cannot do is said in words of the kernel, with its lines."""

import re

import numpy as np
import pytest

import metate
from metate import barrier, get_global_id, get_local_id, kernel, local


def line_of(function, text):
    """Where the kernel's source has that text: "file.py:12"."""
    import inspect
    lines, first = inspect.getsourcelines(function.py_func)
    (place,) = [first + i for i, line in enumerate(lines) if text in line]
    return f"{__file__.rpartition('/')[2]}:{place}"


@kernel
def parting(x):
    i = get_global_id(0)
    if i % 2:
        barrier()
    x[i] = i


@kernel
def two_ways(x):
    i = get_global_id(0)
    if i % 2:
        barrier()  # odd
    else:
        barrier()  # even
    x[i] = i


def test_a_group_that_parts_at_a_barrier():
    with pytest.raises(RuntimeError) as caught:
        parting[8, 4](np.zeros(8))
    assert str(caught.value) == ("kernel parting: the items of a work-group wait at different barriers, or some end while others "
                                 f"wait (they wait at {line_of(parting, 'barrier()')}); all items of a group have to come to the "
                                 "same barriers. METATE_KERNEL_CHECK=1 names the items")
    places = f"{line_of(two_ways, '# odd')}, {line_of(two_ways, '# even')}"
    with pytest.raises(RuntimeError, match=re.escape(f"(they wait at {places})")):
        two_ways[8, 4](np.zeros(8))
    event = metate.Queue().submit_async(parting, (np.zeros(8),), 8, 4)
    with pytest.raises(RuntimeError, match="^kernel parting: the items"):
        event.wait()


@kernel
def greedy(x):
    some = local.array(16, np.int32)
    many = local.array((1024, 1024), np.float64)
    i = get_local_id(0)
    some[i] = many[i, 0] = x[i]
    barrier()
    x[i] = some[3 - i] + many[3 - i, 0]


@kernel
def sharing(item, x, accessor):
    more = local.array(4096, np.float64)
    i = item.get_local_id(0)
    more[i] = accessor[i] = x[i]
    metate.group_barrier(item.get_group())
    x[i] = more[3 - i] + accessor[3 - i]


def test_more_local_memory_than_there_is():
    device = metate.select_default_device()
    most = device.local_mem_size
    with pytest.raises(ValueError) as caught:
        greedy[4, 4](np.zeros(4))
    assert str(caught.value) == (f"kernel greedy needs {8 * 1024 * 1024 + 64} bytes of local memory for a work-group, most of them "
                                 f"for the array at {line_of(greedy, 'many = ')}, and '{device.name}' has {most}")
    x = np.arange(4.0)
    metate.call_kernel(sharing, metate.NdRange(4, 4), x, metate.LocalAccessor(most // 8 - 4096, np.float64))
    assert x.tolist() == [6, 4, 2, 0]
    with pytest.raises(ValueError) as caught:
        metate.call_kernel(sharing, metate.NdRange(4, 4), x, metate.LocalAccessor(most // 8, np.float64))
    assert str(caught.value) == (f"kernel sharing needs {most + 4096 * 8} bytes of local memory for a work-group, most of them for "
                                 f"the array at {line_of(sharing, 'more = ')}, and '{device.name}' has {most}")
    metate.call_kernel(sharing, metate.NdRange(4, 4), x, metate.LocalAccessor(4, np.float64))
    assert x.tolist() == [0, 4, 8, 12]
