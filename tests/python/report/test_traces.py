"""test_traces – METATE_TIMES, METATE_DUMP and METATE_TRACE, in programs of their own."""

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import numpy as np, metate
from metate import njit, prange

@njit(parallel=True)
def smoothed(x):
    out = np.zeros_like(x)
    for i in prange(1, len(x) - 1):
        out[i] = x[i - 1] + x[i + 1]
    return out

@metate.kernel
def doubled(x):
    i = metate.get_global_id(0)
    x[i] *= 2

metate.set_num_threads(min(2, metate.get_num_threads()))
smoothed(np.ones(200_000))
doubled[1000](np.ones(1000))
"""


def run(program, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("METATE_")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={**clean, "METATE_CACHE": "0", **environment})
    assert done.returncode == 0, done.stderr
    return done


def events(path):
    trace = json.loads(path.read_text())
    assert trace["otherData"]["dropped"] == 0
    return [each for each in trace["traceEvents"] if each["ph"] == "X"]


def test_nothing_is_said_unless_asked_for():
    done = run(PROGRAM + "\nprint(metate.reports.stage_times() if hasattr(metate, 'reports') else [])")
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_table_of_times():
    printed = run(PROGRAM, METATE_TIMES="1").stderr.splitlines()
    assert printed[0].startswith("metate: time to compile")
    rows = {tuple(line.split()[:1]) for line in printed}
    assert {("infer",), ("expand_array_functions",), ("codegen",), ("optimise",), ("emit",), ("link",)} <= rows
    functions = [line for line in printed if line.startswith(("smoothed(array<f64,1,C>)", "doubled(array<f64,1,C>"))]
    assert len(functions) == 2
    # What is written of a function is the sum of its stages, and that of all is the first line.
    total = float(printed[0].split()[-2])
    assert total == pytest.approx(sum(float(line.split()[1]) for line in printed if line.startswith("  ")), abs=0.05)


def test_times_as_data(tmp_path):
    path = tmp_path / "times.json"
    done = run(PROGRAM + "\nfrom metate.reports import stage_times; print(len(stage_times()))", METATE_TIMES=str(path))
    assert done.stderr == ""
    times = json.loads(path.read_text())
    assert len(times) == int(done.stdout)
    assert {"function", "stage", "seconds", "runs"} == set(times[0])
    (inferred,) = [each for each in times if each["stage"] == "infer" and each["function"].startswith("smoothed(")]
    assert inferred["runs"] == 1 and inferred["seconds"] > 0


def test_dump_to_stderr():
    printed = run(PROGRAM, METATE_DUMP="infer, optimise").stderr
    headings = [line for line in printed.splitlines() if line.startswith("; ---- ")]
    assert {line.rsplit(" ", 1)[-1] for line in headings} == {"infer", "optimise"}
    assert "func @" in printed and "define" in printed


def test_dump_of_all_into_a_folder(tmp_path):
    folder = tmp_path / "dump"
    assert run(PROGRAM, METATE_DUMP="all", METATE_DUMP_DIR=str(folder)).stderr == ""
    names = sorted(each.name for each in folder.iterdir())
    stages = {name.rsplit("-", 1)[-1] for name in names}
    assert {"frontend.ir", "infer.ir", "place_retains.ir", "codegen.ll", "optimise.ll", "emit.s", "spirv.spvasm"} <= stages
    assert all((folder / name).read_text().strip() for name in names)


def test_dump_of_a_stage_that_is_none():
    printed = run(PROGRAM, METATE_DUMP="optimize").stderr
    assert "there is no stage 'optimize'" in printed and "optimise, emit, spirv" in printed


def test_dump_into_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    printed = run(PROGRAM, METATE_DUMP="infer", METATE_DUMP_DIR=str(tmp_path / "file" / "dump")).stderr
    assert "METATE_DUMP: cannot make the folder" in printed


def test_a_trace_of_compile_and_run(tmp_path):
    path = tmp_path / "trace.json"
    assert run(PROGRAM, METATE_TRACE=str(path)).stderr == ""
    found = events(path)
    categories = {each["cat"] for each in found}
    assert {"compile", "llvm", "call", "parallel", "kernel"} <= categories
    (inferred,) = [each for each in found if each["name"] == "infer" and each["args"]["function"].startswith("smoothed(")]
    assert inferred["dur"] > 0
    (call,) = [each for each in found if each["cat"] == "call"]
    regions = [each for each in found if each["name"] == "parallel region" and each["tid"] == call["tid"]]
    assert any(call["ts"] <= region["ts"] and region["ts"] + region["dur"] <= call["ts"] + call["dur"] + 0.01
               for region in regions)
    assert any(each["args"].get("items") == 199_998 for each in regions)
    (launch,) = [each for each in found if each["cat"] == "kernel"]
    assert launch["name"] == "launch" and "doubled" in launch["args"]["function"] and launch["args"]["items"] == 1000


def test_pieces_of_a_region_are_all_of_it(tmp_path):
    path = tmp_path / "trace.json"
    run(PROGRAM, METATE_TRACE=str(path), METATE_NUM_THREADS="2")
    found = events(path)
    (region,) = [each for each in found if each["name"] == "parallel region" and each["args"]["items"] == 199_998]
    pieces = [each for each in found if each["name"] == "piece" and region["ts"] <= each["ts"] <= region["ts"] + region["dur"]]
    if pieces:  # on one thread there are none
        assert sum(each["args"]["items"] for each in pieces) == 199_998


def test_forked_processes_have_traces_of_their_own(tmp_path):
    path = tmp_path / "trace.json"
    program = PROGRAM + """
import multiprocessing, os
def work(number):
    return float(smoothed(np.ones(1000 + number, np.float32)).sum())
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(work, range(4), chunksize=1)
        pool.close()
        pool.join()
    child = os.fork()
    if child == 0:
        smoothed(np.ones(10, np.int32))
        raise SystemExit
    os.waitpid(child, 0)
"""
    run(program, METATE_TRACE=str(path))
    files = {each.name for each in tmp_path.iterdir()}
    assert "trace.json" in files and len(files) >= 3
    compiled = {}
    for each in tmp_path.iterdir():
        found = events(each)
        assert len({event["pid"] for event in found}) == 1
        compiled[each.name] = {event["args"]["function"] for event in found if event["name"] == "infer"}
    assert compiled.pop("trace.json") == {"smoothed(array<f64,1,C>)", "doubled(array<f64,1,C>)"}
    # What the parent had done before is the parent's.
    assert set.union(*compiled.values()) == {"smoothed(array<f32,1,C>)", "smoothed(array<i32,1,C>)"}


def test_processes_that_a_program_starts_write_beside_it(tmp_path):
    path = tmp_path / "trace.json"
    program = f"import subprocess, sys\n{PROGRAM}\nsubprocess.run([sys.executable, '-c', {PROGRAM!r}], check=True)"
    run(program, METATE_TRACE=str(path))
    assert len(list(tmp_path.iterdir())) == 2


def test_threads_record_at_the_same_time(tmp_path):
    path = tmp_path / "trace.json"
    program = PROGRAM + """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda n: smoothed(np.ones(50_000 + n)), range(40)))
"""
    run(program, METATE_TRACE=str(path))
    assert sum(each["cat"] == "call" for each in events(path)) == 41


def test_a_trace_that_cannot_be_written(tmp_path):
    printed = run(PROGRAM, METATE_TRACE=str(tmp_path / "nowhere" / "trace.json")).stderr
    assert printed.startswith("metate: cannot write") and "No such file" in printed
