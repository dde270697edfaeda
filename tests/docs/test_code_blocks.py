"""test_code_blocks – what the pages of the documentation show runs, and prints what they say.

The ```python blocks of a page are one program. A ```text block behind one is what it prints; where there is none, what it
prints does not matter.
"""

import linecache
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)
PAGES = [page for page in sorted(DOCS.rglob("*.md")) if "```python" in page.read_text()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_page(page, capsys):
    text = page.read_text()
    names = {"__name__": "page"}
    assert text.count("```python") == len(BLOCK.findall(text))
    for block in BLOCK.finditer(text):
        source, printed = block.groups()
        # As lines of the page, for tracebacks and for the compiler, which asks for the source.
        name = f"{page.name}, line {text.count(chr(10), 0, block.start()) + 2}"
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        exec(compile(source, name, "exec"), names)
        if printed is not None:
            assert capsys.readouterr().out == printed, name


def test_there_are_pages():
    assert len(PAGES) >= 6
