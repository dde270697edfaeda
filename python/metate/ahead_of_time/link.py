"""link – compiled code becomes a library: by the system's C compiler, which knows its linker and its C library."""

import os
import re
import shlex
import shutil
import subprocess

from ..errors import AheadOfTimeError

#: Routines of math_symbols.def that are SLEEF's, or are built upon it.
_OF_SLEEF = re.compile(rb"\0(Sleef_|metate_(sinh|cosh|asinh|acosh|log1p)_f)")


def runtime_archive():
    """What compiled code calls: memory, errors, printing, the mathematics that is not SLEEF's."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "libmetate_standalone.a")


def _sleef():
    """The SLEEF that this process runs with: the same that the code was made for."""
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.split(maxsplit=5)[-1].strip()
            if os.path.basename(path).startswith("libsleef"):
                return path
    raise AheadOfTimeError("cannot find the SLEEF library that this process has loaded")


def libraries(code):
    """Besides the archive: the C library's mathematics, and SLEEF for code that calls it."""
    return ([_sleef()] if _OF_SLEEF.search(code) else []) + ["-lm"]


def _tool(variable, names, purpose):
    given = shlex.split(os.environ.get(variable, ""))
    for words in [given] if given else [[name] for name in names]:
        if shutil.which(words[0]):
            return words
    wanted = given[0] if given else " or ".join(names)
    raise AheadOfTimeError(f"{purpose} needs {wanted}, which is not there: install it, or name another one in {variable}")


def _run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", **options)
    if done.returncode != 0:
        raise AheadOfTimeError(f"{os.path.basename(command[0])} failed:\n{(done.stderr or done.stdout).strip()}")


def write_shared(files, out, code, archives=()):
    """A shared library; SLEEF, where the code needs it, lies beside it. With `archives` what they need is the process's."""
    compiler = _tool("CC", ("cc", "gcc", "clang"), "a shared library")
    made, needed = files.temporary("code.o"), libraries(code)
    with open(made, "wb") as file:
        file.write(code)
    library = files.temporary("library.so")
    _run([*compiler, "-shared", "-o", library, made, *archives, runtime_archive(), "-Wl,--as-needed", *needed,
          "-Wl,--gc-sections", "-Wl,--exclude-libs,ALL", *([] if archives else ["-Wl,-z,defs"]), "-Wl,--build-id=none", f"-Wl,-soname,{os.path.basename(out)}",
          "-Wl,-rpath,$ORIGIN"])
    files.add(library, out)
    with open(library, "rb") as file:
        name = re.search(rb"\0(libsleef[-\w.]*\.so[.\d]*)\0", file.read())
    beside = name and os.path.join(os.path.dirname(os.path.abspath(out)), name.group(1).decode())
    if beside and not os.path.exists(beside):
        copy = files.temporary("sleef.so")
        shutil.copyfile(_sleef(), copy)
        os.chmod(copy, 0o755)
        files.add(copy, beside)


def write_static(files, out, code):
    """A static library with all that the code needs but the C library and SLEEF."""
    archiver = _tool("AR", ("ar", "llvm-ar"), "a static library")
    folder = files.temporary("members")
    os.mkdir(folder)
    _run([*archiver, "x", runtime_archive()], cwd=folder)
    members = sorted(os.listdir(folder))
    with open(os.path.join(folder, "metate_code.o"), "wb") as file:
        file.write(code)
    library = files.temporary("library.a")
    _run([*archiver, "rcsD", library, "metate_code.o", *members], cwd=folder)
    files.add(library, out)
