"""test_report_command – `metate report` and `metate bench`, in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from html_page import Page

PROGRAM = Path(__file__).parent / "reported_program.py"


def run(*arguments, status=0, folder=None):
    done = subprocess.run([sys.executable, "-m", "metate", *map(str, arguments)], capture_output=True, text=True,
                          cwd=folder, env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))})
    assert done.returncode == status, done.stderr
    return done.stdout, done.stderr


def test_pages_of_a_program(tmp_path):
    printed, complaint = run("report", PROGRAM, folder=tmp_path)
    names = {f"{name}.report.html" for name in ("smoothed", "fused", "total", "gathered", "unchecked", "calls_another",
                                                "clipped", "longest", "added")}
    assert {each.name for each in tmp_path.iterdir()} == names
    assert names <= set(printed.splitlines()) and complaint == "done\n"  # what the program prints
    for name in names:
        page = Page((tmp_path / name).read_text(encoding="utf-8"))
        assert page.faults == [] and page.count("section", "version") == 1
    assert "prange loop: parallel: on threads; vectors: " in printed


def test_one_function(tmp_path):
    run("report", PROGRAM, "fused", "-o", tmp_path / "page.html")
    assert "<h1>fused</h1>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert run("report", PROGRAM, "Model.step", "-o", tmp_path)[0].startswith(str(tmp_path / "Model.step.report.html"))


def test_json(tmp_path):
    printed, _ = run("report", PROGRAM, "--json", folder=tmp_path)
    found = json.loads(printed)
    assert {each["name"] for each in found} >= {"smoothed", "added", "clipped"}
    assert list(tmp_path.iterdir()) == []
    (one,) = json.loads(run("report", "--json", "-o", tmp_path / "total.html", PROGRAM, "total")[0])
    assert one["page"] == str(tmp_path / "total.html") and os.path.exists(one["page"])


@pytest.mark.parametrize("name, words", [("never_called", "does not call 'never_called'"), ("main", "is no compiled function"),
                                         ("missing.name", "there are smoothed, fused")])
def test_names_that_have_no_report(name, words):
    printed, complaint = run("report", PROGRAM, name, status=2)
    assert printed == "" and words in complaint


def test_bad_programs_and_places(tmp_path):
    assert "cannot read the program" in run("report", tmp_path / "none.py", status=2)[1]
    empty = tmp_path / "empty.py"
    empty.write_text("")
    assert "calls no compiled functions" in run("report", empty, status=2)[1]
    broken = tmp_path / "broken.py"
    broken.write_text("1 / 0\n")
    assert "ZeroDivisionError" in run("report", broken, status=1)[1]
    leaves = tmp_path / "leaves.py"
    leaves.write_text("import sys\nsys.exit(3)\n")
    run("report", leaves, status=3)
    assert "is no folder" in run("report", PROGRAM, "-o", tmp_path / "new", status=2)[1]
    assert "cannot write" in run("report", PROGRAM, "total", "-o", tmp_path / "new" / "page.html", status=2)[1]


def test_bench():
    found = json.loads(run("bench", "--size", 1000, "--runs", 1, "--json")[0])
    assert found["size"] == 1000 and found["threads"] >= 1
    assert len(found["cases"]) == 6
    for case in found["cases"]:
        assert case["same_result"], case["name"]
        assert case["metate"] > 0 and case["numpy"] > 0 and case["first_call"] > 0
        assert case["ratio"] == case["numpy"] / case["metate"]


def test_bench_for_people():
    printed, complaint = run("bench", "--size", 100, "--runs", 1)
    assert complaint == "" and "times faster" in printed and "other results" not in printed
    assert len(printed.splitlines()) == 8


@pytest.mark.parametrize("arguments", [("--size", 1), ("--runs", 0)])
def test_bench_of_nothing(arguments):
    assert "is at least" in run("bench", *arguments, status=2)[1]
