"""print() in kernels: Python's words on Python's sys.stdout, item after item, as a loop over the items prints."""

import io
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest

import metate
from metate import get_global_id, kernel
from metate import kernel_api as kapi


def printed_by_a_loop(function, launch, *arguments, capsys):
    kapi.call_kernel(function, launch, *arguments)
    return capsys.readouterr().out


def says_all_kinds(item, x, n, flag, z):
    i = item.get_id(0)
    print("item", i, "of", n, sep=" ", end=";\n")
    print(x[i], x[i] / 3, flag, i % 2 == 0, z * i, 1e300 * i, -i, None)
    print()
    print(f"{i}: {x[i]}", "100 %", "päng", sep="|", end="")
    print("", np.float32(0.1) * np.float32(i), np.uint8(250), (i, x[i], ("a", 2.5)))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.uint64])
def test_what_python_prints(capsys, dtype):
    x = np.array([0, 1, 7, 100, 31]).astype(dtype)
    arguments = x, 5, True, 1.5 - 2j
    expected = printed_by_a_loop(says_all_kinds, kapi.Range(5), *arguments, capsys=capsys)
    metate.call_kernel(kernel(says_all_kinds), metate.Range(5), *arguments)
    assert capsys.readouterr().out == expected
    assert expected.count("\n") == 20


def test_one_item_after_the_other_whoever_runs_first(capsys):
    @kernel
    def count(x):
        i = get_global_id(0)
        for k in range(x[i]):
            print(i, k)

    x = np.arange(5000) % 3
    count[5000](x)
    assert capsys.readouterr().out == "".join(f"{i} {k}\n" for i in range(5000) for k in range(i % 3))


def test_in_two_dimensions_and_groups(capsys):
    @kernel
    def store(item: kapi.NdItem, x):
        places_of(item)
        x[item.get_global_id(0), item.get_global_id(1)] = 1

    @metate.device_func
    def places_of(item):
        print(item.get_global_id(0), item.get_global_id(1), item.get_local_id(1))
        kapi.group_barrier(item.get_group())
        if item.get_local_id(0) == 0 and item.get_local_id(1) == 0:
            print("first of", item.get_group().get_group_linear_id())

    x = np.zeros((2, 6))
    metate.call_kernel(store, metate.NdRange((2, 6), (2, 3)), x)
    expected = ""
    for i in range(2):
        for j in range(6):
            expected += f"{i} {j} {j % 3}\n"
            if i == 0 and j % 3 == 0:
                expected += f"first of {j // 3}\n"
    assert capsys.readouterr().out == expected and x.all()


def test_is_there_when_the_wait_is_over(capsys):
    @kernel
    def hello(item, x):
        print("hello", x[item.get_id(0)])

    queue = metate.Queue()
    x = np.arange(3)
    event = queue.submit_async(hello, (x,), 3)
    event.wait()
    assert capsys.readouterr().out == "hello 0\nhello 1\nhello 2\n"
    for _ in range(3):
        queue.submit_async(hello, (x,), 1)
    queue.wait()
    assert capsys.readouterr().out == "hello 0\n" * 3


def test_before_an_error(capsys):
    @kernel
    def fail(x):
        i = get_global_id(0)
        print("before", i)
        if i == 1:
            raise ValueError("no")
        print("after", i)
        x[i] = 1

    with pytest.raises(ValueError, match="no"):
        fail[3](np.zeros(3))
    out = capsys.readouterr().out
    assert "before 1\n" in out and "after 1\n" not in out


def test_lines_go_to_where_stdout_is():
    @kernel
    def say(x):
        print("x is", x[0])

    written, out = io.StringIO(), sys.stdout
    try:
        sys.stdout = written
        say[1](np.ones(1))
        sys.stdout = None
        say[1](np.ones(1))
    finally:
        sys.stdout = out
    assert written.getvalue() == "x is 1.0\n"


def test_an_error_of_stdout_is_not_lost(monkeypatch):
    class Closed:
        def write(self, _):
            raise OSError("closed")

    @kernel
    def say(x):
        print(x[0])
        x[0] = 2

    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(unraisable.exc_value))
    monkeypatch.setattr(sys, "stdout", Closed())
    x = np.ones(1)
    say[1](x)
    monkeypatch.undo()
    assert x[0] == 2 and [str(each) for each in seen] == ["closed"]


def test_too_many_lines(capsys):
    @kernel
    def shout(x):
        i = get_global_id(0)
        print("line", i, x[i])

    n = 100_000
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        shout[n](np.arange(n))
    lines = capsys.readouterr().out.splitlines()
    numbers = [int(line.split()[1]) for line in lines]
    assert numbers == sorted(set(numbers)) and all(line == f"line {k} {k}" for line, k in zip(lines, numbers))
    assert 128 * 1024 // 4 - 1 <= len(lines) <= 128 * 1024 // 4
    (warning,) = caught
    assert f"{n - len(lines)} lines of it are missing" in str(warning.message)


def test_from_many_threads(capsys):
    @kernel
    def say(x, name):
        i = get_global_id(0)
        print(name, i, "a")
        print(name, i, "b")

    def work(name):
        for _ in range(5):
            say[50](np.zeros(50), name)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = capsys.readouterr().out.splitlines()
    whole = [f"{i} {letter}" for i in range(50) for letter in "ab"]
    # A launch is one piece, whichever came first.
    for start in range(0, len(lines), 100):
        name = lines[start].split()[0]
        assert lines[start:start + 100] == [f"{name} {each}" for each in whole]
    assert len(lines) == 4 * 5 * 100


PROGRAM = """
import numpy as np, metate

@metate.kernel
def hello(item, x):
    print("late", x[item.get_id(0)])

metate.Queue().submit_async(hello, (np.arange(2),), 2)
"""


def test_what_nobody_waits_for():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "late 0\nlate 1\n", "")


def test_a_checked_kernel(capsys):
    @kernel(check=True)
    def say(x):
        i = get_global_id(0)
        print(i, x[i])

    say[3](np.arange(3))
    assert capsys.readouterr().out == "0 0\n1 1\n2 2\n"


def test_what_cannot_be_printed():
    @kernel
    def whole(x):
        print(x)

    with pytest.raises(TypeError, match="MT1001: the text of a 1-d float64 array"):
        whole[1](np.ones(2))
