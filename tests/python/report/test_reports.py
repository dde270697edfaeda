"""test_reports – what a report says of loops, checks, arrays, stages and times is what the compiler did."""

import json
import re
import sys
from pathlib import Path

import metate
import numpy as np
import pytest
from html_page import Page
from reported_program import Model, added, calls_another, clipped, fused, gathered, longest, main, never_called, smoothed
from reported_program import total, unchecked

SOURCE = (Path(__file__).parent / "reported_program.py").read_text().splitlines()


@pytest.fixture(scope="module", autouse=True)
def compiled():
    main()


def line_of(text):
    """The number of the one line of the program with this text."""
    (found,) = [number for number, line in enumerate(SOURCE, 1) if text in line]
    return found


def version_of(function):
    (version,) = function.report().data["versions"]
    return version


def loop_of(version, kind):
    (found,) = [loop for loop in version["loops"] if loop["kind"] == kind]
    return found


def test_a_report_knows_its_function():
    data = smoothed.report().data
    assert (data["name"], data["kind"]) == ("smoothed", "function")
    assert data["file"].endswith("reported_program.py")
    assert data["source"][0] == "@njit(parallel=True)" == SOURCE[data["first_line"] - 1]
    assert [version["arguments"] for version in data["versions"]] == [["float64[::1]", "float64[::1]"]]


def test_a_parallel_loop():
    version = version_of(smoothed)
    loop = loop_of(version, "prange loop")
    assert loop["line"] == line_of("for i in prange(1")
    assert loop["parallel"] == "on threads"
    assert loop["vectorised"] and loop["width"] >= 2


#: CPython 3.10 does not say where in a line something stands, so that the checks of a line are one.
HAS_COLUMNS = sys.version_info >= (3, 11)


def test_checks_that_a_loop_needs_not():
    version = version_of(smoothed)
    checks = {each["line"]: each for each in version["checks"]}[line_of("out[i] = x[i - 1]")]
    assert checks["kept"] == 0
    # out[i], x[i - 1], x[i + 1]
    assert checks["proved"] + checks["hoisted"] + checks["blocked"] == (3 if HAS_COLUMNS else 1)
    assert loop_of(version, "prange loop")["has_checked_version"] == (checks["hoisted"] + checks["blocked"] > 0)


def test_a_check_that_stays():
    version = version_of(gathered)
    checks = {each["line"]: each for each in version["checks"]}[line_of("result += x[places[i]]")]
    assert checks["kept"] + checks["blocked"] >= 1  # of x; what the places are is only known when they are read
    assert checks["proved"] >= HAS_COLUMNS  # of places


def test_no_checks():
    version = version_of(unchecked)
    assert version["checks"] == [] and not version["checks_indices"]
    assert "boundscheck=False" in unchecked.report().html


def test_a_fused_expression():
    loop = loop_of(version_of(fused), "array expression")
    assert loop["fused"] == 3  # *, sqrt, +
    assert loop["line"] == line_of("return doubled +") and loop["fused_lines"] == [line_of("doubled = x * 2.0")]
    assert loop["parallel"] == "no" and "parallel=True" in loop["parallel_reason"]
    assert [each["type"] for each in version_of(fused)["arrays"]] == ["array<f64,1,C>"]  # no temporary


def test_why_a_loop_has_no_vectors():
    loop = loop_of(version_of(gathered), "loop")
    assert loop["line"] == line_of("for i in range(len(places))") and loop["parallel"] == "no"
    assert "prange" in loop["parallel_reason"]
    assert not loop["vectorised"] and "early exit" in loop["vector_reason"]  # the check of x[…] may raise


def test_stages_in_order():
    stages = [each["stage"] for each in version_of(fused)["stages"]]
    assert stages[0] == "frontend" and stages[1] == "infer" and stages[-3:] == ["codegen", "optimise", "emit"]
    assert stages.index("fuse_arrays") < stages.index("enter_loop_stage") < stages.index("place_retains")


@pytest.mark.parametrize("stage", ["frontend", "infer", "remove_range_checks", "codegen", "optimise", "emit"])
def test_each_stage_says_its_lines(stage):
    version = version_of(gathered)
    (found,) = [each for each in version["stages"] if each["stage"] == stage]
    lines = {line for _, line in found["lines"]}
    assert line_of("result += x[places[i]]") in lines
    first = line_of("def gathered")
    assert lines <= {0, *range(first - 1, first + 5)}
    text = "\n".join(line for line, _ in found["lines"])
    assert not re.search(r" @\d+:\d+|!dbg|; @\d|\.loc|debug_info|!DILocation", text)


def test_a_line_of_assembly_belongs_to_its_line():
    (emitted,) = [each for each in version_of(Model.step)["stages"] if each["stage"] == "emit"]
    (added_at,) = {line for text, line in emitted["lines"] if re.search(r"\bv?addsd\b", text)}
    assert added_at == line_of("return x + 1.0")


def test_functions_that_are_called_are_there_too():
    version = version_of(calls_another)
    assert {each["function"] for each in version["stages"] if each["stage"] == "infer"} == {
        "calls_another(array<f64,1,C>)", "total(array<f64,1,C>)"}


def test_times_of_stages_and_passes():
    version = version_of(fused)
    stages = {each["stage"]: each["seconds"] for each in version["times"]}
    assert {"infer", "expand_array_functions", "codegen", "optimise", "emit"} <= set(stages)
    assert all(seconds >= 0 for seconds in stages.values()) and stages["emit"] > 0
    assert "loop-vectorize" in {each["pass"] for each in version["llvm_passes"]}


def test_one_of_several_signatures():
    @metate.njit
    def doubled(x):
        return x * 2

    doubled(1), doubled(1.0)
    assert len(doubled.report().data["versions"]) == 2
    (version,) = doubled.report("(float64,)").data["versions"]
    assert version["arguments"] == ["float64"]
    with pytest.raises(KeyError, match="was not compiled for"):
        doubled.report("(complex128,)")


def test_ufuncs():
    report = clipped.report()
    assert report.data["kind"] == "ufunc"
    (version,) = report.data["versions"]
    assert any(stage["stage"] == "emit" for stage in version["stages"])
    assert line_of("return x if x > low else low") in {line for stage in version["stages"] for _, line in stage["lines"]}
    assert longest.report().data["kind"] == "generalised ufunc"
    assert len(longest.report().data["versions"]) == 1


def test_kernels():
    report = added.report()
    assert report.data["kind"] == "kernel"
    (version,) = report.data["versions"]
    stages = {each["stage"]: each for each in version["stages"]}
    assert "OpEntryPoint Kernel" in "\n".join(text for text, _ in stages["spirv"]["lines"])
    assert line_of("c[i] = a[i] + b[i]") in {line for _, line in stages["codegen"]["lines"]}


def test_a_function_on_a_device():
    @metate.njit(parallel=True)
    def doubled(x):
        return x * 2

    doubled(metate.arange(8.0))
    ((found,),) = [doubled.report().data["devices"]]
    assert any("on the device" in nest or "launch" in nest for nest in found["nests"])


def test_what_was_not_called():
    report = never_called.report()
    assert report.data["versions"] == [] and "Nothing was compiled yet" in report.html


def test_reports_change_nothing():
    x = np.arange(100.0)
    before, count = total(x), len(total.signatures)
    total.report()
    assert total(x) == before and len(total.signatures) == count


def test_the_page():
    page = Page(gathered.report().html)
    assert page.faults == []
    assert page.external == []  # one file
    assert '"<b>&amp;</b>" is no markup here' in page.text
    assert page.count("section", "version") == 1
    # A line of the source that has code of every stage.
    line = line_of("result += x[places[i]]")
    assert page.lines[line] > 5


def test_what_a_program_calls_itself_is_escaped():
    namespace = {}
    name = "</script><script>alert(1)</script>"
    exec(compile("def f(x):\n    return x + 1\n", name, "exec"), namespace)
    f = metate.njit(namespace["f"])
    f(1)
    page = Page(f.report().html)
    assert page.faults == [] and page.count("script") == 1
    assert name in page.text


def test_data_are_json():
    data = smoothed.report().data
    assert json.loads(json.dumps(data)) == data


def test_save(tmp_path):
    report = total.report()
    path = tmp_path / "total.html"
    assert report.save(path) == str(path)
    assert path.read_text(encoding="utf-8") == report.html
    with pytest.raises(OSError):
        report.save(tmp_path / "nowhere" / "total.html")
    assert [each.name for each in tmp_path.iterdir()] == ["total.html"]


def test_a_notebook_shows_it():
    page = Page(total.report()._repr_html_())
    assert page.count("iframe") == 1 and page.faults == []
    (frame,) = page.frames
    assert Page(frame).count("section", "version") == 1
    assert "total" in repr(total.report())
