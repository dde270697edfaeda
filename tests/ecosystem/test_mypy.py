"""test_mypy – type checkers know the names of the public API: the samples are checked, and mistakes found."""

import subprocess
import sys
from pathlib import Path

import metate
import pytest

mypy = pytest.importorskip("mypy.api")

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    """Runs mypy: gives what it says of files. The package is looked for where it was imported from."""
    folder = tmp_path_factory.mktemp("mypy")
    settings = folder / "mypy.ini"
    settings.write_text("[mypy]\nfollow_imports = silent\nignore_missing_imports = True\n"
                        "[mypy-matplotlib.*]\nfollow_imports = skip\nfollow_imports_for_stubs = True\n")  # which is of several minds about its sample data
    package = Path(metate.__file__).parents[1]

    def run(*files):
        done = subprocess.run([sys.executable, "-m", "mypy", "--config-file", settings, "--cache-dir", folder / "cache",
                               *files], capture_output=True, text=True,
                              env={"PATH": "", "MYPYPATH": str(package), "PYTHONPATH": str(package)})
        return done.stdout + done.stderr
    return run


def test_samples(check):
    files = sorted([*SAMPLES.glob("*.py"), *SAMPLES.glob("notebooks/*.py")])
    assert len(files) > 8
    said = check(*files)
    assert said.startswith("Success"), said


@pytest.mark.parametrize("line, message", [
    ('metate.set_num_threads("2")', 'incompatible type "str"'),
    ("for i in metate.prange(): pass", 'overload variants of "prange"'),
    ("metate.get_num_threads(1)", "Too many arguments"),
    ('metate.njit(error_model="fast")(abs)', "No overload variant"),
    ("total: str = metate.get_num_threads()", 'expression has type "int"'),
])
def test_mistakes(check, line, message, tmp_path):
    file = tmp_path / "program.py"
    file.write_text(f"import metate\n\n{line}\n")
    assert message in check(file)
