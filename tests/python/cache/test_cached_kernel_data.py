"""What kernels have beside their code is found again too: global arrays, printed lines, what messages name."""

import pytest
from cached_programs import REPORT, Programs

PROGRAM = """
import contextlib, io
import numpy as np
import metate

SMALL = np.array([5.0, 6.0, 7.0])
OTHER = np.arange(9_000.0) * 2
LARGE = np.arange(10_000.0)

@metate.kernel
def look_up(x):
    i = metate.get_global_id(0)
    x[i] = SMALL[i] + LARGE[9_000 + i] + OTHER[i]

@metate.kernel
def say(x):
    print("x is", x[metate.get_global_id(0)])

@metate.kernel
def part(x):
    if metate.get_global_id(0):
        metate.barrier()
    x[0] = 1

def run():
    x = np.zeros(3)
    look_up[3](x)
    found = x.tolist()
    with contextlib.redirect_stdout(io.StringIO()) as out:
        say[3](x)
    try:
        part[4, 4](x)
    except RuntimeError as error:
        message = str(error)
    return found, out.getvalue(), message
"""


@pytest.fixture
def programs(tmp_path):
    return Programs(tmp_path, PROGRAM + REPORT)


def test_found_again(programs):
    first, again = programs.run(), programs.run()
    values, printed, message = first["values"]
    assert values == [9005, 9009, 9013]
    assert printed == "x is 9005.0\nx is 9009.0\nx is 9013.0\n" and "they wait at program.py:2" in message
    assert again["values"] == first["values"] and again["warnings"] == []
    assert again["counts"]["hits"] > 0 and again["counts"]["misses"] == 0


def test_another_array_is_another_kernel(programs):
    programs.run()
    programs.change("np.arange(10_000.0)", "np.arange(10_000.0) + 1")
    assert programs.run()["values"][0] == [9006, 9010, 9014]
