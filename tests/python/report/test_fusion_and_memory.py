"""test_fusion_and_memory – why an expression fills an array of its own and loops stay apart, and what functions allocate."""

import inspect
import io
import threading

import numpy as np
import pytest
from html_page import Page

import metate
from metate import njit, prange


def line_of(function, text):
    lines, first = inspect.getsourcelines(function.py_func)
    (found,) = [number for number, line in enumerate(lines, first) if text in line]
    return found


def version_of(function):
    (version,) = function.report().data["versions"]
    return version


def reasons(function):
    """By line."""
    return {loop["line"]: loop["unfused"] for loop in version_of(function)["loops"] if loop["unfused"]}


@njit
def used_twice(x):
    shifted = x - 1.0
    squares = shifted * shifted
    return squares, shifted + 1.0


@njit
def normalised(x):
    scaled = x * 2.0
    mean = scaled.mean()
    return scaled - mean


@njit
def centred(x):
    means = x.sum(axis=1)
    return means * 0.5


@njit
def overwritten(x):
    scaled = x * 2.0
    x[0] = 7.0
    return scaled + 1.0


@njit
def broadcast(x, row):
    waves = np.sin(row)
    return x + waves


@njit
def sliced(x):
    scaled = x * 2.0
    return scaled[1:] + 1.0


@njit
def chain(x):
    return np.sqrt(x * 2.0 + 1.0) - x


def compile_all():
    x = np.arange(1.0, 11.0)
    for function in (used_twice, normalised, overwritten, sliced, chain):
        function(x.copy())
    centred(np.ones((4, 3)))
    broadcast(np.ones((4, 3)), np.ones(3))


@pytest.fixture(scope="module", autouse=True)
def compiled():
    compile_all()


def test_used_twice():
    at = line_of(used_twice, "squares =")
    assert reasons(used_twice) == {
        line_of(used_twice, "shifted = x"): f"line {at} and line {at + 1} both need it, so it is computed once"}


def test_a_reduction_in_between():
    at = line_of(normalised, "mean =")
    assert reasons(normalised) == {
        line_of(normalised, "scaled ="): f"the reduction of line {at} goes through it before line {at + 1} can"}


def test_the_results_of_a_reduction():
    at = line_of(centred, "return")
    assert reasons(centred) == {
        at - 1: f"line {at} needs the results of the reduction, which are there when it is done"}


def test_a_write_in_between():
    at = line_of(overwritten, "x[0] =")
    assert reasons(overwritten) == {
        at - 1: f"line {at} may change what it is computed from, before line {at + 1} needs it"}


def test_other_shapes():
    at = line_of(broadcast, "return")
    assert reasons(broadcast) == {
        at - 1: f"line {at} broadcasts it along another axis, where it would be computed again for each place"}


def test_a_slice():
    at = line_of(sliced, "return")
    assert reasons(sliced) == {at - 1: f"line {at} takes a slice or another view of it"}


def test_nothing_to_say():
    assert reasons(chain) == {}
    assert "fills an array" not in chain.report().html


def test_the_page_says_it():
    page = Page(used_twice.report().html)
    assert page.faults == [] and "fills an array" in page.text
    assert reasons(used_twice).popitem()[1] in page.text


def test_parallel_diagnostics_say_it(tmp_path):
    @njit(parallel=True)
    def two(x):
        shifted = x - 1.0
        return shifted * 2.0, shifted + 1.0

    two(np.arange(100_000.0))
    file = io.StringIO()
    two.parallel_diagnostics(file=file)
    at = line_of(two, "shifted = x")
    (said,) = [line for line in file.getvalue().splitlines() if f"line {at}," in line]
    assert said.endswith(f"array expression: on threads; not fused: two loops of line {at + 1} need it, so it is computed once")


# ---- Loops behind each other -----------------------------------------------------------------------------------------


@njit(parallel=True)
def side_by_side(x, y, z):
    for i in prange(len(x)):
        y[i] = x[i] * 2.0
    for i in prange(len(x)):
        z[i] = y[i] + 1.0


@njit(parallel=True)
def something_between(x, y):
    for i in prange(len(x)):
        y[i] = x[i] * 2.0
    y[0] = 0.0
    for i in prange(len(x)):
        y[i] += 1.0


@njit(parallel=True)
def other_range(x, y):
    for i in prange(len(x)):
        y[i] = x[i] * 2.0
    for i in prange(len(y) - 1):
        y[i] += 1.0


@njit(parallel=True)
def needs_the_sum(x, y):
    total = 0.0
    for i in prange(len(x)):
        total += x[i]
    mean = total / len(x)
    for i in prange(len(x)):
        y[i] = x[i] - mean
    return mean


@njit(parallel=True)
def expression_behind(x, y):
    for i in prange(len(x)):
        y[i] = x[i] * 2.0
    return y + 1.0


@njit(parallel=True)
def far_apart(x, y, again):
    for i in prange(len(x)):
        y[i] = x[i] * 2.0
    if again:
        for i in prange(len(x)):
            y[i] += 1.0


APART = "only array expressions fuse; this loop can do what line {} does, if that needs nothing of other iterations"


@pytest.mark.parametrize("function, reason, arguments", [
    (side_by_side, APART.format("{next}"), 3),
    (something_between, "line {between} stands between it and line {next}", 2),
    (other_range, "line {next} need not have as many iterations", 2),
    (needs_the_sum, "line {next} needs its result, which is there when it is done", 2),
    (expression_behind, APART.format("{next}"), 2),
], ids=lambda each: each.__name__ if hasattr(each, "__name__") else None)
def test_loops_behind_each_other(function, reason, arguments):
    function(*(np.arange(1000.0) for _ in range(arguments)))
    lines, start = inspect.getsourcelines(function.py_func)
    loops = [start + at for at, text in enumerate(lines) if "prange" in text or "return y" in text]
    assert reasons(function) == {loops[0]: reason.format(next=loops[1], between=loops[1] - 1)}
    page = Page(function.report().html)
    assert page.faults == [] and "a loop of its own" in page.text and reasons(function)[loops[0]] in page.text
    file = io.StringIO()
    function.parallel_diagnostics(file=file)
    (said,) = [line for line in file.getvalue().splitlines() if f"line {loops[0]}," in line]
    assert said.endswith(f"prange loop: on threads; not fused: {reasons(function)[loops[0]]}")


def test_loops_with_none_beside_them():
    far_apart(np.ones(1000), np.ones(1000), True)
    assert reasons(far_apart) == {}
    assert Page(far_apart.report().html).text.count("no loop right behind it") == 2


def test_an_array_function_without_operations():
    @njit
    def zeros():
        return np.zeros(10), np.zeros(20)

    zeros()
    assert reasons(zeros) == {}
    assert "no operation to fuse" in Page(zeros.report().html).text


def test_plain_loops_stay_as_they_are():
    @njit
    def total(x):
        result = 0.0
        for each in range(len(x)):
            result += x[each]
        return result

    total(np.ones(10))
    assert set(reasons(total).values()) == {"a range or while loop stays as it is written"}
    page = Page(total.report().html)
    assert page.faults == [] and "stays as it is written" in page.text


# ---- Memory ----------------------------------------------------------------------------------------------------------


def test_bytes_in_terms_of_the_parameters():
    arrays = {each["line"]: each for each in version_of(used_twice)["arrays"]}
    assert all(each["bytes"] == "8 * x.shape[0]" and not each["repeated"] for each in arrays.values())
    shifted = line_of(used_twice, "shifted = x")
    assert {line - shifted: each["returned"] for line, each in arrays.items()} == {0: False, 1: True, 2: True}
    (temporary, result) = version_of(normalised)["arrays"]
    assert not temporary["returned"] and result["returned"]


def test_bytes_of_several_axes_and_of_numbers():
    @njit
    def made(x, n):
        pairs = np.empty((n, 2), np.float32)
        pairs[:] = x[0, 0]
        return x.T + pairs.sum(), np.zeros(5, np.int16)

    made(np.ones((3, 4)), 7)
    found = sorted(each["bytes"] for each in version_of(made)["arrays"])
    assert "10" in found and "8 * n" in found
    assert "8 * x.shape[1] * x.shape[0]" in found


def test_bytes_of_two_shapes():
    @njit
    def added(x, y):
        return x + y

    added(np.ones(3), np.ones(1))
    (array,) = version_of(added)["arrays"]
    assert array["bytes"] == "8 * broadcast(x.shape[0], y.shape[0])"


def test_bytes_that_nobody_knows():
    @njit
    def odd(x):
        return x[x > 2.0] * 2.0

    odd(np.arange(5.0))
    assert "" in {each["bytes"] for each in version_of(odd)["arrays"]}
    assert "known when it runs" in odd.report().html


def test_one_in_each_iteration():
    @njit
    def rows(x):
        result = 0.0
        for i in range(x.shape[0]):
            kept = x[i] * 2.0
            result += kept[0] + kept[1]
        return result

    rows(np.ones((5, 4)))
    (array,) = version_of(rows)["arrays"]
    assert array["repeated"] and not array["returned"]
    assert version_of(rows)["first_call"] == {"arrays": 5, "bytes": 5 * 4 * 8}


def test_what_the_first_call_allocated():
    @njit
    def twice(x):
        doubled = x * 2.0
        return doubled, doubled + 1.0

    twice.compile("(float64[::1],)")
    assert version_of(twice)["first_call"] is None
    twice(np.ones(1000))
    twice(np.ones(10))
    assert version_of(twice)["first_call"] == {"arrays": 2, "bytes": 16_000}
    assert "The first call allocated 2 arrays, 16,000 bytes." in twice.report().html


def test_what_threads_allocate_counts():
    @njit(parallel=True)
    def rows(x):
        out = np.empty(x.shape[0])
        for i in prange(x.shape[0]):
            kept = np.empty(4)
            kept[:] = x[i]
            out[i] = kept[0] + kept[1]
        return out

    rows(np.ones((3000, 4)))
    assert version_of(rows)["first_call"] == {"arrays": 3001, "bytes": 3000 * 8 + 3000 * 32}


def test_a_first_call_that_fails():
    @njit
    def failing(x):
        doubled = x * 2.0
        return doubled[3] + doubled.sum()

    with pytest.raises(IndexError):
        failing(np.ones(2))
    assert version_of(failing)["first_call"] == {"arrays": 1, "bytes": 16}


def test_first_calls_of_many_threads():
    @njit(nogil=True)
    def doubled(x):
        return x * 2.0

    doubled.compile("(float64[::1],)")
    begin = threading.Barrier(4)

    def work():
        begin.wait()
        for _ in range(100):
            doubled(np.ones(10))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first = version_of(doubled)["first_call"]
    assert first["arrays"] >= 1 and first["bytes"] == 80 * first["arrays"]


def test_kernels_allocate_nothing():
    @metate.kernel
    def set_all(x):
        x[metate.get_global_id(0)] = 1.0

    set_all[10](np.zeros(10))
    (version,) = set_all.report().data["versions"]
    assert version["arrays"] == [] and version["first_call"] is None
    assert "No line allocates arrays." in set_all.report().html
