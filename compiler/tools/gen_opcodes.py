"""gen_opcodes – writes or checks an opcode table of compiler/bytecode with the running interpreter.

    python3.14 compiler/tools/gen_opcodes.py > compiler/bytecode/opcodes_3_14.def
    python3.12 compiler/tools/gen_opcodes.py --check

Numbers and names are the interpreter's. What an opcode is decoded into comes from the row of the same name in a
base table (the newest older one, unless --base names another); names that it lacks become UNSUPPORTED and are
listed on stderr, to be looked at one by one. So is every changed meaning under an old name: read "What's new" of
the dis module. Opcodes that never stand in co_code (specialised and instrumented ones, pseudo opcodes) are left out.
"""

import argparse
import opcode
import pathlib
import re
import sys

BYTECODE = pathlib.Path(__file__).resolve().parent.parent / "bytecode"
ROW = re.compile(r"^(\w+)\(\s*(\d+),\s*(\w+)\s*(?:,\s*(.*))?\)$")
WIDTHS = 12, 5, 29, 35  # columns: macro, number, name, neutral instruction or function


def version_of(path):
    return tuple(map(int, re.fullmatch(r"opcodes_(\d+)_(\d+)", path.stem).groups()))


def read_table(path):
    """name → (macro, number, rest of the row as text)"""
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = ROW.match(line)
        if match:
            macro, number, name, rest = match.groups()
            rows[name] = macro, int(number), rest or ""
        elif line and not line.startswith("//"):
            sys.exit(f"{path.name}: no row: {line}")
    return rows


def interpreter_opcodes():
    names = {name: number for name, number in opcode.opmap.items() if number < 256}
    return {name: number for name, number in names.items() if not name.startswith("INSTRUMENTED_")}


def format_row(macro, number, name, rest):
    cells = [str(number), name, *(rest.split(",", 1) if rest else [])]
    cells = [cell.strip() for cell in cells]
    text = f"{macro + '(':<{WIDTHS[0]}}"
    for cell, width in zip(cells[:-1], WIDTHS[1:]):
        text += f"{cell + ',':<{width}}"
    return text + cells[-1] + ")"


def default_base():
    tables = sorted(BYTECODE.glob("opcodes_*_*.def"), key=version_of)
    older = [path for path in tables if version_of(path) < sys.version_info[:2]]
    return (older or tables)[-1]


def write(base):
    major, minor = sys.version_info[:2]
    known = read_table(base)
    print(f"// opcodes_{major}_{minor}.def – the opcodes of CPython {major}.{minor} and what each is decoded into.")
    for name, number in sorted(interpreter_opcodes().items(), key=lambda item: item[1]):
        macro, _, rest = known.get(name, ("UNSUPPORTED", 0, ""))
        print(format_row(macro, number, name, rest))
        if name not in known:
            print(f"new in {major}.{minor}: {name}", file=sys.stderr)


def check(table):
    rows = {name: number for name, (_, number, _) in read_table(table).items()}
    real = interpreter_opcodes()
    problems = [f"{name} is {number}, the table says {rows.get(name, 'nothing')}"
                for name, number in real.items() if rows.get(name) != number]
    problems += [f"{name} does not exist" for name in rows if name not in real]
    for problem in problems:
        print(f"{table.name}: {problem}", file=sys.stderr)
    return 1 if problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=pathlib.Path, help="table to take meanings from")
    parser.add_argument("--check", action="store_true", help="compare this version's table with the interpreter")
    arguments = parser.parse_args()
    if arguments.check:
        sys.exit(check(BYTECODE / "opcodes_{}_{}.def".format(*sys.version_info)))
    write(arguments.base or default_base())


if __name__ == "__main__":
    main()
