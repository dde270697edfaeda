"""Named tuples in compiled functions: fields, construction, results, and what makes them tuples."""

import collections
import typing

import numpy as np
import pytest
from metate import njit, prange, vectorize

Point = collections.namedtuple("Point", "x y")
Sized = collections.namedtuple("Sized", "data scale shift", defaults=(2, 0.5))
ORIGIN = Point(3, 4.5)


class Pair(typing.NamedTuple):
    first: float
    second: int = 7

    def total(self):
        return self.first + self.second


class Shouting(Point):
    def __getitem__(self, index):
        return 100


class Reversed(Point):
    x = property(lambda self: self[1])


def test_fields_of_arguments():
    @njit
    def combine(p, s):
        return p.x * 10 + p.y + s.data[1] * s.scale + s.shift

    def check(*arguments):
        result, expected = combine(*arguments), combine.py_func(*arguments)
        assert result == expected and type(result) is type(expected)

    check(Point(1, 2), Sized(np.arange(3.0)))
    check(Point(1.5, np.float32(2)), Sized(np.arange(3), 4, 1))
    check(Point(Point(1, 2).x, True), Sized((5, 6.5), shift=2j))


def test_they_are_tuples():
    @njit
    def take(p):
        x, y = p
        total = 0
        for each in p:
            total += each
        return x, y, total, p[1], len(p), p + (1,), p[::-1], p == (x, y), 2 in p, max(p), p._fields

    p = Point(1, 2)
    assert take(p) == take.py_func(p)
    assert type(take(p)[5]) is tuple


def test_made_in_compiled_code():
    @njit
    def make(a, b):
        return Point(a, y=b), Point(y=a, x=b), Sized(a), Sized(a, shift=b), Pair(1.5), Pair(b, a)

    result = make(1, 2.5)
    assert result == make.py_func(1, 2.5)
    assert [type(each) for each in result] == [Point, Point, Sized, Sized, Pair, Pair]
    assert result[3].shift == 2.5 and result[4].second == 7


def test_results_and_arrays():
    @njit
    def statistics(x):
        return Sized(x * 2, x.sum(), Point(x.min(), x.max()))

    x = np.arange(4.0)
    result = statistics(x)
    assert type(result) is Sized and type(result.shift) is Point
    np.testing.assert_array_equal(result.data, x * 2)
    assert result.scale == 6 and result.shift == (0, 3)

    @njit
    def same(p):
        return p

    assert np.shares_memory(same(Sized(x, 1, 2)).data, x) and type(same(Pair(1.0))) is Pair


def test_global_ones():
    @njit
    def shift(v):
        return Point(v + ORIGIN.x, v * ORIGIN.y), ORIGIN

    assert shift(2) == ((5, 9.0), (3, 4.5))
    assert all(type(each) is Point for each in shift(2))


def test_on_two_ways():
    @njit
    def choose(flag, p, q):
        best = p if flag else q
        for i in range(3):
            best = Point(best.x + i, best.y)
        return best

    p, q = Point(1, 2.0), Point(2.5, 3.0)
    assert choose(True, p, q) == (4, 2) and choose(False, p, q) == (5.5, 3)
    assert type(choose(True, p, q)) is Point


def test_classes_are_told_apart():
    Other = collections.namedtuple("Other", "y x")

    @njit
    def x_of(p):
        return p.x

    assert x_of(Point(1, 2)) == 1 and x_of(Other(1, 2)) == 2
    with pytest.raises(TypeError, match="has no attribute 'x'"):
        x_of((1, 2))

    @njit
    def either(flag):
        p = Point(1, 2) if flag else Other(1, 2)
        return p

    with pytest.raises(TypeError, match=r"Point\(int, int\).*Other\(int, int\)|Other\(int, int\).*Point\(int, int\)"):
        either(True)


def test_in_functions_and_loops():
    @njit
    def norm(p):
        return (p.x * p.x + p.y * p.y) ** 0.5

    @njit(parallel=True)
    def fill(out, p):
        for i in prange(out.size):
            out[i] = norm(Point(p.x * i, p.y * i))
        return out

    np.testing.assert_array_equal(fill(np.zeros(5), Point(3, 4)), 5.0 * np.arange(5))

    @vectorize
    def lerp(a, b):
        p = Pair(a, 1)
        return p.first + p.second * b

    np.testing.assert_array_equal(lerp(np.arange(3.0), 2), np.arange(3.0) + 2)


def test_printed(capsys):
    @njit
    def say(p):
        print(p, f"{p.x}")

    p = Point(Pair(1.5, 2), Sized((1,), "a", None))
    say(p)
    out = capsys.readouterr().out
    say.py_func(p)
    assert out == capsys.readouterr().out


def test_with_signatures():
    @njit("float64(Tuple((float64, int64)))")
    def first(p):
        return p[0]

    assert first(Pair(1.5, 2)) == 1.5 and first((2.5, 2)) == 2.5 and first(Point(1, 2)) == 1.0


@pytest.mark.parametrize("made", [Shouting(1, 2), Reversed(1, 2)])
def test_classes_that_change_what_tuples_do(made):
    @njit
    def x_of(p):
        return p.x

    with pytest.raises(TypeError, match="has no attribute 'x'"):
        x_of(made)


@pytest.mark.parametrize("make, message", [
    (lambda p: Point(1), r"MT2003: Point\(\) misses.*'?y'?|MT2003: Point\(\)"),
    (lambda p: Point(1, 2, 3), r"MT2003: Point\(\)"),
    (lambda p: Point(1, z=2), r"MT2003: Point\(\).*z"),
    (lambda p: p.z, r"MT2008: a Point\(int, int\) has no attribute 'z'"),
    (lambda p: p.total(), r"has no attribute 'total'"),
])
def test_mistakes(make, message):
    with pytest.raises(TypeError, match=message):
        njit(make)(Point(1, 2))


def test_assigned_fields():
    @njit
    def change(p):
        p.x = 3

    with pytest.raises(TypeError, match="MT"):
        change(Point(1, 2))
