"""Programs in a folder whose name is not UTF-8: what goes wrong there is said as anywhere else."""

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json, traceback
import numpy as np
from metate import get_global_id, kernel, njit

@njit
def attribute(x):
    return x.foo

@njit(parallel=True)
def item(x, i):
    return x[i] + (x + 1).sum()

@njit
def own_name(x):
    if x.size:
        raise ValueError(__file__)
    return __file__

@kernel
def attribute_in_kernel(x):
    x[0] = x.foo

@kernel
def item_in_kernel(x):
    x[get_global_id(0) + 5] = 1

def outcome(call, *arguments):
    try:
        return call(*arguments)
    except Exception as error:
        files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        return [type(error).__name__, str(error), files[-1] == __file__]

x = np.ones(3)
print(json.dumps({
    "attribute": outcome(attribute, x),
    "item": outcome(item, x, 7),
    "raised name": outcome(own_name, x),
    "name": outcome(own_name, x[:0]),
    "attribute in a kernel": outcome(attribute_in_kernel[1], x),
    "item in a kernel": outcome(item_in_kernel[1], x),
    "texts": [bool(inspect()) for inspect in (item.inspect_ir, item.inspect_llvm, item.inspect_asm, item_in_kernel.inspect_spirv)],
    "own name": __file__,
}))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    folder = os.fsencode(tmp_path_factory.mktemp("programs")) + b"/nu\xff"
    os.mkdir(folder)
    program = folder + b"/program.py"
    with open(program, "w") as file:
        file.write(PROGRAM)
    done = subprocess.run([sys.executable, program], capture_output=True)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["own name"] == os.fsdecode(program)
    return made


@pytest.mark.parametrize("where", ["attribute", "attribute in a kernel"])
def test_what_does_not_compile(said, where):
    name, message, _ = said[where]
    assert name == "TypingError" and "foo" in message
    assert f"--> {said['own name']}:" in message and "x.foo" in message  # its line is found, too


@pytest.mark.parametrize("where", ["item", "item in a kernel"])
def test_what_fails_when_it_runs(said, where):
    assert said[where][0] == "IndexError" and "out of bounds for axis 0 with size 3" in said[where][1]
    assert said[where][2]


def test_strings(said):
    assert said["raised name"] == ["ValueError", said["own name"], True]
    assert said["name"] == said["own name"]


def test_texts_of_the_stages(said):
    assert all(said["texts"])
