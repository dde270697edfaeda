"""sources – the project's own files, for the structure tests."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("compiler", "runtime", "python", "tests", "samples", "docs", "scripts", "cmake", ".ci")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def project_files(*suffixes, folders=FOLDERS):
    """Every file of the project with one of the suffixes, relative to the root, sorted; also those in the root itself."""
    found = [path for path in ROOT.iterdir() if path.is_file()] if folders is FOLDERS else []
    for folder in folders:
        for directory, subfolders, names in os.walk(ROOT / folder):
            subfolders[:] = [name for name in subfolders if name not in ("__pycache__", "output")]
            found += [Path(directory) / name for name in names]
    return sorted(path.relative_to(ROOT).as_posix() for path in found if path.suffix in suffixes)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def includes(text):
    """The included names in order, each with whether it was quoted."""
    return [(name, bracket == '"') for bracket, name in INCLUDE.findall(text)]
