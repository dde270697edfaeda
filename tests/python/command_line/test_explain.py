"""test_explain – `metate explain`: each message of the compiler has a page, and what the pages show is true."""

import linecache
import re
import warnings
from pathlib import Path

import metate
import pytest
from metate.command_line import explain, main

MESSAGES = Path(__file__).parents[3] / "compiler" / "support" / "messages.def"
PAGES = explain.pages()
PROGRAMS = {number: re.findall(r"```python\n(.*?)```", page, re.DOTALL) for number, page in PAGES.items()}
#: No program gets them: what is wrong is not the program.
WITHOUT_PROGRAM = {"MT1005", "MT1006", "MT9001"}


def said(number, source, part):
    """What the program's exception or warnings say; nothing if it has none."""
    name = f"<{number}, program {part}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(source, name, "exec"), {"__name__": "page"})
        except Exception as error:
            return str(error)
    return "\n".join(str(warning.message) for warning in caught)


def test_every_message_has_a_page():
    rows = {"MT" + number for number in re.findall(r"^MESSAGE\((\d+),", MESSAGES.read_text(), re.MULTILINE)}
    assert PAGES.keys() == rows


@pytest.mark.parametrize("number", PAGES)
def test_page(number):
    assert re.match(rf"# {number}: [a-z'].*[^.]\n\n", PAGES[number]), "the title is the number and a phrase"
    programs = PROGRAMS[number]
    if number in WITHOUT_PROGRAM:
        assert programs == []
        return
    refused, works = programs
    assert number in said(number, refused, 1)
    assert said(number, works, 2) == ""


@pytest.mark.parametrize("spelling", ["MT2019", "mt2019", "2019"])
def test_a_message(spelling, capsys):
    assert main(["explain", spelling]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("MT2019: the value cannot be unpacked into so many variables\n\n")
    assert "\n        x, y, z = point\n" in printed and "```" not in printed


def test_all_messages(capsys):
    assert main(["explain"]) == 0
    assert [line[:6] for line in capsys.readouterr().out.splitlines()] == sorted(PAGES)


def test_a_message_that_is_none(capsys):
    assert main(["explain", "MT0001"]) == 2
    assert capsys.readouterr().err == "metate: there is no message MT0001; `metate explain` lists them\n"


def test_a_message_as_an_error_gives_its_number():
    @metate.njit
    def third(point):
        return point[2]

    with pytest.raises(metate.errors.TypingError) as caught:
        third((1, 2))
    assert str(caught.value)[:6] in PAGES
