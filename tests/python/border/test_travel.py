"""test_travel – compiled objects by pickle: what arrives twice in a process is compiled once."""

import copy
import os
import pickle
import subprocess
import sys

import metate
import pytest


def make_all():
    """One of each kind that has no name to be found by."""
    scale = 3.0

    def scaled(x):
        return scale * x

    def row(x, result):
        result[0] = x.sum()

    return [metate.njit(scaled), metate.vectorize(scaled), metate.guvectorize(["void(f8[:], f8[:])"], "(n)->()")(row),
            metate.cfunc("f8(f8)")(scaled), metate.device_func(scaled), metate.kernel(lambda x: None)]


def parts(made):
    """What pickle would write: the reduction, but that no pickle knows local functions."""
    function, (identity, make, arguments) = made.__reduce__()
    return function, identity, make, arguments


@pytest.mark.parametrize("kind", range(6))
def test_arrives_as_one_object(kind):
    made = make_all()[kind]
    arrive, identity, make, arguments = parts(made)
    assert arrive(identity, make, arguments) is made  # where it comes from
    other = b"as from elsewhere " + bytes([kind])
    first = arrive(other, make, arguments)
    assert first is not made and type(first) is type(made)
    assert arrive(other, make, arguments) is first
    assert parts(first)[1] == other  # and so on to the next process
    assert parts(make_all()[kind])[1] != identity


def test_copies_are_the_function():
    made = make_all()[0]
    assert copy.copy(made) is made and copy.deepcopy(made) is made


def test_what_arrived_stays_for_a_while_and_not_for_ever():
    arrive, _, make, arguments = parts(make_all()[0])
    kept = id(arrive(b"stays", make, arguments))
    assert id(arrive(b"stays", make, arguments)) == kept
    from metate import travel

    arrive(b"goes", make, arguments)
    for number in range(travel._recent.maxlen):
        arrive(b"many %d" % number, make, arguments)
    assert b"goes" not in travel._known


def test_names_stay_names():
    assert pickle.loads(pickle.dumps(at_module_level)) is at_module_level
    assert at_module_level.__reduce__() == "at_module_level"


@metate.njit
def at_module_level(x):
    return x + 1


def test_a_worker_compiles_once(tmp_path):
    """With the reduction sent again for each task, as pools do."""
    program = tmp_path / "worker.py"
    program.write_text(
        "import pickle, sys, types, numpy as np, metate\n"
        "from metate import travel, dispatcher\n"
        "def function(x):\n    return x * 2\n"
        "for task in range(5):\n"
        "    copy = types.FunctionType(function.__code__, {}, 'function')\n"
        "    copy.__module__ = 'elsewhere'\n"
        "    f = travel._arrive(b'the same', dispatcher._rebuild, (dispatcher.Dispatcher, copy, {}, []))\n"
        "    assert f(float(task)) == 2 * task\n"
        "    del f, copy\n"
        "print(len(travel._known[b'the same'].signatures), metate.cache.counts()['misses'])\n")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True,
                          env={**os.environ, "METATE_CACHE": "1", "METATE_CACHE_DIR": str(tmp_path / "c")})
    assert done.stdout.split() == ["1", "1"], done.stdout
