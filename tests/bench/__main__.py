"""Measures Metate beside Numba and beside the limit of the machine: ./dev bench [NAMES] [--check] [--runs N] [--list]."""

import argparse
import os
import sys

os.environ.setdefault("METATE_CACHE", "0")  # what is measured is compiled here; rows of the cache turn it on

import report  # noqa: E402
from benchmark import FOLDER  # noqa: E402
from suite import ROWS  # noqa: E402


def chosen(names):
    known = {row.name for row in ROWS}
    if unknown := [name for name in names if not any(name in row for row in known)]:
        sys.exit(f"no benchmark has {unknown[0]!r} in its name; there are: {' '.join(sorted(known))}")
    return [row for row in ROWS if not names or any(name in row.name for name in names)]


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="rows whose names have one of these in them (default: all)")
    parser.add_argument("--check", action="store_true", help="only compare results, each program once and small")
    parser.add_argument("--runs", type=int, default=9, help="runs that a median is taken of at least (default 9)")
    parser.add_argument("--list", action="store_true", help="only print the names")
    options = parser.parse_args()
    rows = chosen(options.names)
    if options.list:
        print("\n".join(row.name for row in rows))
        return
    if options.check:
        for row in rows:
            outcome = row.check(FOLDER)
            print(f"{row.name:<22} {outcome.refused and 'refused: ' + outcome.refused or 'ok'}", flush=True)
        return
    print(report.heading())
    outcomes = []
    for row in rows:
        outcomes.append(row.run(FOLDER, options.runs))
        print(report.line(outcomes[-1]), flush=True)
    print(report.summary(outcomes))
    for path in report.write(outcomes, FOLDER):
        print(path)


main()
