"""test_docs – every path that the documentation names exists."""

import re

import pytest

from sources import ROOT, project_files, read

# `compiler/ir/verify.h` is a path; `compiler/transform/<pass>.h`, `runtime/*` and `ops/*.def` are patterns.
PATH = re.compile(r"`((?:compiler|runtime|python|tests|samples|docs|scripts|cmake)/[^`\s]*)`")


def named_paths(text):
    return [name for name in PATH.findall(text) if not re.search(r"[<>*{}…]", name)]


def missing(text):
    return [name for name in named_paths(text) if not (ROOT / name.rstrip("/").split(":")[0]).exists()]


# docs/ir.md describes instructions before their tables are there; the other pages speak of what is built.
PAGES = [page for page in project_files(".md") if page != "docs/ir.md"]
# For those who change Metate; the other pages of docs/howto are for those who use it.
RECIPES = [page for page in PAGES if page.startswith("docs/howto/add-")]


@pytest.mark.parametrize("page", PAGES)
def test_paths_exist(page):
    assert missing(read(page)) == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_recipes_name_paths(recipe):
    assert named_paths(read(recipe)), "a recipe that names no file cannot be followed"


def test_checker_sees_a_missing_path():
    assert missing("edit `compiler/nowhere/at_all.h` and `compiler/<folder>/x.h`") == ["compiler/nowhere/at_all.h"]
