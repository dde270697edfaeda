"""check_interpreters – compares the tables and the decoder with every supported CPython that is present.

For each: the opcode table has its numbers and names; programs/ recorded now do what they should; every function of
some modules of its standard library can be decoded. Interpreters are those of METATE_PYTHONS (paths or names, apart
by space, comma or colon), or else of ./dev setup and of PATH.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import check_meaning

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOLS = ROOT / "compiler" / "tools"
# Chosen for what they use: generators, coroutines, pattern matching, big functions, nested try and with.
LIBRARY = "argparse.py", "ast.py", "asyncio/tasks.py", "dataclasses.py", "difflib.py", "subprocess.py", "zipfile.py", "typing.py"


def versions():
    names = (path.stem for path in (ROOT / "compiler" / "bytecode").glob("opcodes_*_*.def"))
    return sorted(tuple(map(int, name.split("_")[1:])) for name in names)


def version_of(python):
    program = "import sys; print(*sys.version_info[:2])"
    run = subprocess.run([python, "-c", program], capture_output=True, text=True)
    return tuple(map(int, run.stdout.split())) if run.returncode == 0 else None


def interpreters():
    """version → executable"""
    if os.environ.get("METATE_PYTHONS"):
        candidates = re.split("[:;, ]+", os.environ["METATE_PYTHONS"])
    else:
        candidates = [sys.executable]
        for major, minor in versions():
            candidates += [str(ROOT / ".venv" / f"{major}.{minor}" / "bin" / "python"), f"python{major}.{minor}"]
    found = {}
    for python in filter(shutil.which, candidates):
        version = version_of(python)
        if version in versions():
            found.setdefault(version, python)
    return found


def run(*command):
    result = subprocess.run(command, capture_output=True, encoding="utf-8")
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{result.stderr}")
    return result.stdout


def library_of(python):
    folder = pathlib.Path(run(python, "-c", "import os; print(os.path.dirname(os.__file__))").strip())
    return [folder / name for name in LIBRARY if (folder / name).exists()]


def check(version, python, folder):
    name = "{}.{}".format(*version)
    run(python, TOOLS / "gen_opcodes.py", "--check")
    failures = 0
    for program in sorted((HERE / "programs").glob("*.py")):
        recording = folder / name / f"{program.stem}.code"
        recording.parent.mkdir(exist_ok=True)
        recording.write_text(run(python, TOOLS / "record_code.py", program), encoding="utf-8")
        if program.stem in check_meaning.cases.CASES:
            failures += check_meaning.check(recording, "metate-decode")
        # A recording says which patch release made it; another may compile differently.
        kept = (HERE / name / recording.name).read_text(encoding="utf-8")
        fresh = recording.read_text(encoding="utf-8")
        if kept.split("\n")[0] == fresh.split("\n")[0] and kept != fresh:
            sys.exit(f"tests/bytecode/{name}/{recording.name} is not what record_code.py writes now")
    library = library_of(python)
    decoded = 0
    for module in library:
        recording = folder / "module.code"
        recording.write_text(run(python, TOOLS / "record_code.py", module), encoding="utf-8")
        decoded += run("metate-decode", recording).count("function ")
        if run("metate-decode", recording, "--recording") != recording.read_text(encoding="utf-8").partition("\n")[2]:
            sys.exit(f"{name}: {module.name} is read and written differently")
    print(f"CPython {name}: {decoded} functions of {len(library)} library modules decoded")
    return failures


def main():
    found = interpreters()
    if not found:
        sys.exit(f"no CPython of {versions()} was found")
    with tempfile.TemporaryDirectory() as folder:
        failures = sum(check(version, python, pathlib.Path(folder)) for version, python in sorted(found.items()))
    print(f"checked {len(found)} interpreters")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
