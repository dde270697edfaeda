"""Write python/libmetate.order: the functions that programs run first, so that the linker puts them side by side.

    ./dev order      (needs valgrind, and takes a minute or two)

LLVM is 30 MB of code, of which a first compilation runs a third; in the order of its archives that third is spread over
nearly every page, and the system maps pages around each one that is touched. Side by side it is a third of the memory and
of the page faults. Names that are not there, since LLVM or we renamed them, do no harm: the linker passes over them, and
tests/wheel/test_memory.py fails once it matters. So run this when it does, not with every change.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORDER = ROOT / "python" / "libmetate.order"

# What most programs run comes first.
STAGES = ("start", "function", "programs")


def train(stage: str) -> None:
    """Runs the stage's part of the compiler, in the process that is watched."""
    import numpy as np

    import metate

    if stage == "start":
        return
    metate.njit(lambda a, b: a + b)(1, 2)
    if stage == "function":
        return

    @metate.njit
    def loop(a, c):
        for i in range(len(a)):
            if a[i] > 0.5:
                c[i] = np.sqrt(a[i]) + i

    @metate.njit
    def three_arrays(a, b, c):
        for i in range(len(a)):
            c[i] = a[i] + b[i]

    @metate.njit
    def product(a, b):
        c = np.zeros((a.shape[0], b.shape[1]))
        for i in range(a.shape[0]):
            for j in range(b.shape[1]):
                for k in range(a.shape[1]):
                    c[i, j] += a[i, k] * b[k, j]
        return c

    @metate.njit
    def stencil(a, b):
        for i in range(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                b[i, j] = (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1]) / 4

    @metate.njit
    def escape(x, y, limit):
        z, n = 0j, 0
        while abs(z) < 2 and n < limit:
            z = z * z + complex(x, y)
            n += 1
        return n

    @metate.njit
    def expression(a):
        return (a * 2 + np.exp(a)).sum()

    @metate.njit(parallel=True)
    def parallel(a):
        total = 0.0
        for i in metate.prange(len(a)):
            total += a[i] * a[i]
        return total

    @metate.kernel
    def add(a, b, c):
        i = metate.get_global_id(0)
        c[i] = a[i] + b[i]

    a, c = np.linspace(0, 1, 100), np.zeros(100)
    square = a.reshape(10, 10)
    loop(a, c)
    three_arrays(a, a, c)
    product(square, square)
    stencil(square, c.reshape(10, 10))
    escape(0.1, 0.2, 50)
    expression(a)
    parallel(a)
    add[100](a, a, c)


def executed(profile: Path) -> set[str]:
    """The functions of libmetate in a profile by callgrind, where a name stands beside its number just once."""
    entry = re.compile(r"(ob|cob|fn|cfn)=\((\d+)\)(?: (.*))?")
    names: dict[tuple[bool, str], str] = {}
    found, inside = set(), False
    for line in profile.read_text(errors="replace").splitlines():
        match = entry.match(line)
        if not match:
            continue
        kind, number, name = match.groups()
        key = (kind.endswith("ob"), number)
        if name:
            names[key] = name
        if kind == "ob":
            inside = names[key].endswith("libmetate.so")
        elif kind == "fn" and inside:
            found.add(re.sub(r"'\d+$", "", names[key]))  # 'N is a level of recursion
    return found


def addresses(library: Path) -> dict[str, int]:
    listing = subprocess.run(["nm", library], capture_output=True, text=True, check=True).stdout
    symbols = (line.split() for line in listing.splitlines())
    return {fields[2]: int(fields[0], 16) for fields in symbols if len(fields) == 3 and fields[1] in "tTwW"}


def main(package: Path) -> None:
    if not shutil.which("valgrind"):
        sys.exit("function_order: valgrind is not there (Debian's package of that name has it)")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(package, home / "metate")
        library = home / "metate" / "libmetate.so"
        subprocess.run(["strip", "-g", library], check=True)  # valgrind does not read all of DWARF 5
        address = addresses(library)
        order: dict[str, None] = {}
        for stage in STAGES:
            profile = home / f"{stage}.out"
            environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": folder, "METATE_CACHE_DIR": f"{folder}/{stage}"}
            subprocess.run(
                ["valgrind", "-q", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={profile}", sys.executable]
                + [__file__, "--train", stage],
                env=environment,
                check=True,
            )
            order.update(dict.fromkeys(sorted((f for f in executed(profile) if f in address), key=address.__getitem__)))
    ORDER.write_text("".join(f"{name}\n" for name in order))
    print(f"{ORDER.relative_to(ROOT)}: {len(order)} functions")


if __name__ == "__main__":
    if sys.argv[1] == "--train":
        train(sys.argv[2])
    else:
        main(Path(sys.argv[1]))
