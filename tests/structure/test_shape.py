"""test_shape – files stay small, say what they are, and stand on their own."""

import re

from sources import ROOT, project_files, read

LINE_LIMIT = 500  # tables (.def) and recorded data may be as long as they need
FIRST_LINE = re.compile(r"^// [\w./+-]+ – \S")


def test_files_are_short():
    sources = project_files(".h", ".cpp", ".py", ".pyi", ".cmake", ".sh", "")
    sources += [path for path in project_files(".txt") if path.endswith("CMakeLists.txt")]
    assert {"dev", "CMakeLists.txt", "runtime/base/result.h"} <= set(sources)
    long_files = [(path, lines) for path in sources if (lines := read(path).count("\n")) > LINE_LIMIT]
    assert long_files == []


def test_units_say_what_they_are_in_the_first_line():
    """A unit is a header (with its .cpp), a lone .cpp or a table."""
    units = project_files(".h", ".def", folders=("compiler", "runtime", "python", "tests"))
    lone = [
        path
        for path in project_files(".cpp", folders=("compiler", "runtime", "python", "tests"))
        if not (ROOT / path).with_suffix(".h").exists()
    ]
    assert units and lone
    silent = [path for path in units + lone if not FIRST_LINE.match(read(path).split("\n", 1)[0])]
    assert silent == []


def test_headers_are_guarded_by_pragma_once():
    headers = project_files(".h", folders=("compiler", "runtime", "python", "tests"))
    assert [path for path in headers if "#pragma once" not in read(path)] == []


def test_nothing_refers_to_a_neighbour_of_the_checkout():
    neighbour = "../" + "shared"
    suffixes = (".h", ".cpp", ".def", ".py", ".cmake", ".txt", ".sh", ".md", ".mir", ".test", ".toml", ".json", "")
    assert [path for path in project_files(*suffixes) if neighbour in read(path)] == []
