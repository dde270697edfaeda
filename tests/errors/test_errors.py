"""test_errors – programs that must fail, each with the message that it ends in as comments at its end.

A program is named after its message, MT2001_array_and_string.py. To write down what the compiler says now, run with
METATE_WRITE_ERRORS=1 and read the difference. Columns, and with them the rules under the source, are compared on the
CPython that wrote them, 3.13: others have other columns, 3.10 has none.
"""

import os
import re
import sys
import warnings
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "programs").glob("*.py"))
MESSAGES = HERE.parent.parent / "compiler" / "support" / "messages.def"
EXPECTED = re.compile(r"(?:^#.*\n)+\Z", re.MULTILINE)

# Messages without a program, and why.
NO_PROGRAM = {
    "MT1005": "a build has all the CPythons that it can be imported by",
    "MT1006": "CPython's compiler writes no malformed bytecode; tests/unit/compiler_frontend_damage_test.cpp damages it",
    "MT4003": "a warning: tests/python/parallel",
    "MT6002": "signatures: tests/python/border/test_signatures.py",
    "MT9001": "a bug of the compiler itself",
}


def outcome(path):
    """What the program's exception or warning says, with the program's name alone for its path."""
    source = path.read_text()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(source, str(path), "exec"), {"__name__": path.stem})
        except Exception as error:
            text = str(error)
        else:
            text = "\n".join(str(warning.message) for warning in caught)
    return text.replace(str(path), path.name).rstrip() + "\n"


def comment(text):
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def without_columns(text):
    lines = [re.sub(r"(\.py:\d+):\d+", r"\1", line) for line in text.splitlines()]
    return [line for line in lines if not re.fullmatch(r"#\s*\|[ ~]*", line)]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_message(path):
    source = path.read_text()
    said = comment(outcome(path))
    if os.environ.get("METATE_WRITE_ERRORS"):
        path.write_text(EXPECTED.sub("", source).rstrip("\n") + "\n\n\n" + said)
        return
    expected = EXPECTED.search(source).group()
    assert path.stem[:6] in expected
    if sys.version_info[:2] == (3, 13):
        assert said == expected
    else:
        assert without_columns(said) == without_columns(expected)


def message_ids():
    return {"MT" + number for number in re.findall(r"^MESSAGE\((\d+),", MESSAGES.read_text(), re.MULTILINE)}


def test_every_message_has_a_program():
    with_program = {path.stem[:6] for path in PROGRAMS}
    assert message_ids() - with_program - NO_PROGRAM.keys() == set()
    assert with_program & NO_PROGRAM.keys() == set()


def test_every_program_is_about_a_message():
    assert {path.stem[:6] for path in PROGRAMS} <= message_ids()
