"""notebooks – writes samples/notebooks/*.ipynb out of the scripts beside them (./dev notebooks)."""

import json
import sys
from pathlib import Path

import jupytext

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def write(script):
    notebook = jupytext.read(script)
    # Version 4.4, whose cells have no ids: these would be others each time.
    cells = [{"cell_type": cell.cell_type, "metadata": {}, "source": cell.source.splitlines(True)} for cell in notebook.cells]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
    whole = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 4}
    script.with_suffix(".ipynb").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


for name in sys.argv[1:]:
    write(Path(name))
