"""link – compiled code becomes a library: by the system's C compiler, which knows its linker and its C library."""

import filecmp
import os
import re
import shlex
import shutil
import struct
import subprocess

from ..errors import AheadOfTimeError


def _package(name):
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), name)


def runtime_archive():
    """What compiled code calls: memory, errors, printing, the mathematics that is not SLEEF's."""
    return _package("libmetate_standalone.a")


def _loaded(name):
    """The library of that name which this process runs with: the one that code was made for. None if there is none."""
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.split(maxsplit=5)[-1].strip()
            if re.match(rf"{name}[-.]", os.path.basename(path)):
                return path
    return None


def libraries(compiled):
    """Shared libraries that code needs: SLEEF where it calls it, ours and oneTBB where it has parallel regions."""
    needed = []
    if compiled["uses_sleef"]:
        needed.append(_loaded("libsleef"))
    if compiled["uses_threads"]:
        needed += [_package("libmetate_rt.so"), _loaded("libtbb")]
    return [path for path in needed if path]


def flags(needed):
    """What a linker is given for such libraries. oneTBB is not found by libmetate_rt, but is there already when that looks."""
    return ["-Wl,--no-as-needed", *needed, "-Wl,--as-needed", "-lm"] if needed else ["-lm"]


def _ship(files, out, needed):
    """Puts copies of the libraries beside the output, under the names that it asks for."""
    for path in needed:
        with open(path, "rb") as file:
            name = _soname(file.read())
        beside = os.path.join(os.path.dirname(os.path.abspath(out)), name)
        if os.path.exists(beside) and filecmp.cmp(path, beside, shallow=False):
            continue
        copy = files.temporary(name)
        shutil.copyfile(path, copy)
        os.chmod(copy, 0o755)
        files.add(copy, beside)


def _soname(data):
    """DT_SONAME of a shared library of this machine (64 bits, little-endian), by the ELF specification."""
    segments, size, count = (struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54))
    headers = [struct.unpack_from("<IIQQQQQQ", data, segments + i * size) for i in range(count)]
    loads = [(address, offset, length) for kind, _, offset, address, _, length, _, _ in headers if kind == 1]
    start, length = next((offset, length) for kind, _, offset, _, _, length, _, _ in headers if kind == 2)
    entries = dict(reversed([struct.unpack_from("<qQ", data, at) for at in range(start, start + length, 16)]))
    names = next(entries[5] - address + offset for address, offset, size in loads if address <= entries[5] < address + size)
    begin = names + entries[14]
    return data[begin:data.index(b"\0", begin)].decode()


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


def _write_objects(files, compiled):
    return [files.scratch_file(f"code_{i}.o", code) for i, code in enumerate(compiled["objects"])]


def write_shared(files, out, compiled, archives=()):
    """A shared library, with copies beside it of those that it needs. With `archives` what they need is the process's."""
    compiler = _tool("CC", ("cc", "gcc", "clang"), "a shared library")
    needed, library = libraries(compiled), files.temporary("library.so")
    made = _write_objects(files, compiled)
    _run([*compiler, "-shared", "-o", library, *made, *archives, runtime_archive(), *flags(needed), "-Wl,--gc-sections",
          "-Wl,--exclude-libs,ALL", *([] if archives else ["-Wl,-z,defs"]), "-Wl,--build-id=none",
          f"-Wl,-soname,{os.path.basename(out)}", "-Wl,-rpath,$ORIGIN"])
    files.add(library, out)
    _ship(files, out, needed)


def write_static(files, out, compiled):
    """A static library with all that the code needs but shared libraries."""
    archiver = _tool("AR", ("ar", "llvm-ar"), "a static library")
    folder = files.temporary("members")
    os.mkdir(folder)
    _run([*archiver, "x", runtime_archive()], cwd=folder)
    members = sorted(os.listdir(folder))
    made = _write_objects(files, compiled)
    library = files.temporary("library.a")
    _run([*archiver, "rcsD", library, *made, *members], cwd=folder)
    files.add(library, out)
