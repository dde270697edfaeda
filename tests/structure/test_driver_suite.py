"""The suite for Level Zero drivers: one list says which tests a driver need not pass."""

import fnmatch
import re
from pathlib import Path

import pytest

SUITE = Path(__file__).parents[2] / "tests" / "level_zero"
SOURCES = sorted(SUITE.rglob("*.cpp"))
EXCEPTIONS = re.findall(r'^EXCEPTION\("([^"]+)"', (SUITE / "exceptions.def").read_text(), re.MULTILINE)


def test_no_test_skips_itself():
    assert [path.name for path in SOURCES if "GTEST_SKIP" in path.read_text()] == ["api.cpp"]
    assert not [path.name for path in SUITE.rglob("*.h") if "GTEST_SKIP" in path.read_text()]


@pytest.mark.parametrize("pattern", sorted(set(EXCEPTIONS)))
def test_every_exception_is_of_a_test(pattern):
    tests = [".".join(found) for path in SOURCES for found in re.findall(r"TEST(?:_[FP])?\((\w+), (\w+)\)", path.read_text())]
    assert tests
    assert fnmatch.filter(tests, pattern)


def test_the_suite_knows_nothing_of_the_driver():
    own = re.compile(r'#include "runtime/(?!ze_software/newer_(?:api|tables)\.h)')  # declarations of newer APIs
    programs = [path for path in SUITE.glob("*_test.cpp") if path.name != "host_test.cpp"]  # which is not of the suite
    assert not [path.name for path in programs if own.search(path.read_text())]
