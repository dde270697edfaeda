"""test_notebooks – the sample notebooks run, as the scripts that they are written as and as notebooks.

Each notebook has a script beside it, of the same cells: that is the one to edit. `./dev notebooks` writes the notebooks anew.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import metate
import pytest

pytestmark = pytest.mark.skipif(metate.build_info()["sanitizers"] != "", reason="they are programs, and long ones")

NOTEBOOKS = Path(__file__).parents[3] / "samples" / "notebooks"
NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.py"))
NEEDS = {"k_means": "sklearn", "own_ufuncs": "scipy"}


def need_packages(name):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    if name == "ahead_of_time" and not shutil.which("cc"):
        pytest.skip("it compiles a program in C")


@pytest.mark.parametrize("name", NAMES)
def test_script(name, tmp_path):
    need_packages(name)
    done = subprocess.run([sys.executable, NOTEBOOKS / f"{name}.py"], capture_output=True, text=True, cwd=tmp_path,
                          env={**os.environ, "MPLBACKEND": "Agg"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_checked_script(name, tmp_path):
    need_packages(name)
    done = subprocess.run([sys.executable, NOTEBOOKS / f"{name}.py"], capture_output=True, text=True, cwd=tmp_path,
                          env={**os.environ, "MPLBACKEND": "Agg", "METATE_KERNEL_CHECK": "1"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_script_has_its_notebook():
    assert NAMES == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_notebook_and_script_have_the_same_cells(name):
    jupytext = pytest.importorskip("jupytext")
    script, notebook = (jupytext.read(NOTEBOOKS / f"{name}{ending}") for ending in (".py", ".ipynb"))
    cells = [[(cell.cell_type, cell.source) for cell in each.cells] for each in (script, notebook)]
    assert cells[0] == cells[1], "run ./dev notebooks"
    assert all(not cell.get("outputs") for cell in notebook.cells), "outputs stay out of the repository"


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_notebook(name, tmp_path):
    need_packages(name)
    jupytext = pytest.importorskip("jupytext")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    notebook = jupytext.read(NOTEBOOKS / f"{name}.ipynb")
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs), "a notebook has a plot"
