"""What compiled functions are as Python objects."""

import copy
import io
import pickle

import numpy as np
import pytest

from metate import float64, int64, njit

SCALE = 2


@njit
def scaled(x):
    """Times SCALE."""
    return x * SCALE


@njit("float64(float64)")
def half(x):
    return x / 2


class Model:
    @njit
    def unbound(self, x):
        return x + 1

    @staticmethod
    @njit
    def static(x):
        return x + 2


def test_names():
    assert scaled.__name__ == "scaled" and scaled.__doc__ == "Times SCALE." and scaled.__module__ == __name__
    assert scaled.py_func(3) == 6 and "scaled" in repr(scaled)


def test_pickled_by_name():
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(scaled, protocol)) is scaled
    assert copy.copy(half) is half and copy.deepcopy(half) is half


def test_rebuilt_where_no_name_leads_to_it():
    local = njit("float64(float64)", error_model="numpy")(half.py_func)
    _, (_, make, arguments) = local.__reduce__()
    made = make(*arguments)
    assert made is not local and made(3) == 1.5 and made.signatures == [(float64,)]
    assert made.targetoptions == {"error_model": "numpy"}


def test_as_method():
    assert Model.static(1) == 3
    bound = Model().unbound
    assert bound.__func__ is Model.__dict__["unbound"]
    with pytest.raises(TypeError, match="cannot take a Model"):
        bound(1)


def test_recompile_takes_new_globals():
    global SCALE
    assert scaled(3) == 6
    SCALE = 5
    try:
        assert scaled(3) == 6
        scaled.recompile()
        assert scaled(3) == 15
    finally:
        SCALE = 2
        scaled.recompile()


def test_disable_compile():
    @njit
    def f(x):
        return x

    f(1)
    f.disable_compile()
    assert f(2) == 2
    with pytest.raises(TypeError, match="disable_compile"):
        f(2.0)
    f.disable_compile(False)
    assert f(2.0) == 2.0


def test_inspection():
    @njit
    def f(x):
        return x + 1

    f(1)
    f(np.zeros(3))
    for inspect, piece in [(f.inspect_ir, "func @"), (f.inspect_llvm, "define"), (f.inspect_asm, "ret")]:
        texts = inspect()
        assert list(texts) == f.signatures and all(piece in text for text in texts.values())
        assert inspect((int64,)) == texts[(int64,)]
    with pytest.raises(KeyError):
        f.inspect_llvm((float64,))
    out = io.StringIO()
    f.inspect_types(out)
    assert "func @" in out.getvalue()
    assert sum(f.stats.cache_misses.values()) == 2 and not f.stats.cache_hits


def test_callees_without_result():
    @njit
    def fill(x, value):
        for i in range(len(x)):
            x[i] = value

    @njit
    def caller(x):
        fill(x, 3)

    x = np.zeros(3)
    assert caller(x) is None and x.tolist() == [3, 3, 3]


def test_print_writes_through_sys_stdout(capsys):
    @njit
    def report(x):
        print("value", x, x > 1)

    report(2)
    assert capsys.readouterr().out == "value 2 True\n"


class Metres(np.float64):
    """A subclass: its value lies where that of its base does."""


@pytest.mark.parametrize(
    "number",
    [np.dtype(code).type(3) for code in "?bhilqBHILQefdFD"] + [np.complex64(1 - 2j), np.complex128(1 - 2j), Metres(1.5)],
    ids=lambda number: type(number).__name__,
)
def test_numbers_of_numpy_cross_the_border(number):
    same = njit(lambda x: x)(number)
    assert same == number
    assert same.dtype == np.asarray(number).dtype
