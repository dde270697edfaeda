"""test_figures – the figures of the performance guide: they are there, are made of their numbers, and can be made again."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOWTO = ROOT / "docs" / "howto"
FIGURES = HOWTO / "figures"
BENCH = ROOT / "tests" / "bench"
NAMES = ("first_calls", "operations", "sizes", "sums", "threads")


def run(program, *arguments):
    done = subprocess.run([sys.executable, str(BENCH / program), *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_guide_shows_every_figure():
    shown = re.findall(r"!\[[^\]]+\]\(figures/(\w+)\.svg\)", (HOWTO / "write-fast-code.md").read_text())
    assert sorted(shown) == list(NAMES)
    assert {path.stem for path in FIGURES.glob("*.svg")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_small_and_stands_alone(name):
    text = (FIGURES / f"{name}.svg").read_text()
    root = xml.fromstring(text)
    assert root.tag.endswith("svg") and len(text) < 60_000
    assert "<image" not in text and not re.findall(r'href="(?!#)', text)


def test_the_guide_says_when_and_where():
    machine = json.loads((FIGURES / "measurements.json").read_text())["machine"]
    text = (HOWTO / "write-fast-code.md").read_text()
    assert machine["date"] in text and f"Metate {machine['versions']['Metate']}" in text


@pytest.mark.full
def test_they_can_be_made_again(tmp_path):
    pytest.importorskip("matplotlib")
    run("guide_measure.py", "--quick", "--runs", 1, "--output", tmp_path / "measurements.json")
    run("guide_draw.py", "--input", tmp_path / "measurements.json")
    assert {path.stem for path in tmp_path.glob("*.svg")} == set(NAMES)
