"""Compiling functions ahead of time: to libraries, object files, assembly and SPIR-V that run without Metate."""

import os
import sys

from ..errors import AheadOfTimeError
from ..types import void
from .exports import collect, export

__all__ = ["KINDS", "compile_ahead", "export", "load"]

#: What can be written.
KINDS = ("extension", "shared", "static", "object", "spirv", "llvm", "asm")


def load(path):
    """The module of a Python file, which runs as if it were imported; other modules beside it are found."""
    if not os.path.exists(path):
        raise AheadOfTimeError(f"there is no file {path!r}")
    name = os.path.splitext(os.path.basename(path))[0]
    try:
        with open(path, "rb"):  # what cannot be read should say so, and not be looked for elsewhere
            pass
    except OSError as error:
        raise AheadOfTimeError(f"cannot read {path!r}: {error.strerror}") from None
    import importlib.util

    loader = importlib.machinery.SourceFileLoader(name, os.path.abspath(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    before, sys.modules[name] = sys.modules.get(name), module
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    try:
        loader.exec_module(module)
    finally:
        sys.path.pop(0)
        if before is not None:
            sys.modules[name] = before
    return module


def compile_ahead(source, out, emit="shared", exports=(), target_cpu="native", header=None, spirv_version=2,
                  reproducible=False):
    """Compile functions of `source` ahead of time, and write what runs without Metate to the file `out`.

    Parameters
    ----------
    source : module, dict or path
        Where the functions are: a module, the names and values of one, or the path of a Python file, which is run.
    out : path
        The file to write. Nothing is written, and what was there stays, unless everything goes well.
    emit : {"extension", "shared", "static", "object", "spirv", "llvm", "asm"}
        A module for CPython, whose name is that of the file; a shared or static library or an object file, each with a C
        header beside it; one kernel as SPIR-V, with a JSON file beside it that describes its interface; or optimised LLVM
        IR or assembly as text.
    exports : sequence of str
        ``"NAME: SIGNATURE"``, or ``"EXPORTED=NAME: SIGNATURE"`` to give it another name outside; ``"EXPORTED"`` alone is
        what the source itself says by `export`. Without any, all that it says so: its kernels for "spirv", its functions
        for other kinds.
    target_cpu : str
        What the code may use: "native", this machine's CPU, or another as LLVM names it, such as "x86-64-v3". Of a list,
        "x86-64,x86-64-v3,x86-64-v4", a library or module takes at run time the last that the CPU has; the first is for all.
    header : path
        Of the C header; `out` with the ending .h by default.
    spirv_version : int
        The least minor version of SPIR-V 1.x; 2 by default.
    reproducible : bool
        Write the same bytes wherever the same source is compiled: files are named without their folders, and a CPU has to be
        named.

    Returns
    -------
    dict
        ``files``, the paths that were written; ``exports``, their names and types; ``link_with``, what the linker needs
        besides for an object file or static library.

    Raises
    ------
    AheadOfTimeError
        If something has no place in a library, if there is no linker, or if a file cannot be written.
    TypingError
        If a function cannot be compiled for its signature.

    Examples
    --------
    >>> import metate, os, tempfile
    >>> def norm(x, y):
    ...     return (x * x + y * y) ** 0.5
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = metate.compile_ahead({"norm": norm}, os.path.join(folder, "norm.s"), "asm", ["norm: f8(f8, f8)"])
    ...     [os.path.basename(path) for path in made["files"]]
    ['norm.s']
    """
    if emit not in KINDS:
        raise AheadOfTimeError(f"there is no kind of output {emit!r}; known are {', '.join(KINDS)}")
    out = os.fspath(out)
    if isinstance(source, (str, os.PathLike)):
        source = load(os.fspath(source))
    names = source if isinstance(source, dict) else vars(source)
    wanted = collect(names, exports, emit == "spirv")
    if not wanted:
        what = "no kernel" if emit == "spirv" else "nothing"
        raise AheadOfTimeError(what + ' is exported: say --export "NAME: SIGNATURE", or put @metate.export("NAME", '
                               '"SIGNATURE") over a function')
    # Not everyone who imports Metate writes libraries, so what only they need is imported here.
    from . import kernels, library
    from .files import OutputFiles

    with OutputFiles(out) as files:
        if emit == "spirv":
            kernels.write(files, out, wanted, spirv_version)
            described = [each.describe(void) for each in wanted]
            return {"files": files.commit(), "exports": described, "link_with": []}
        return library.write(files, out, emit, wanted, target_cpu, header or os.path.splitext(out)[0] + ".h",
                             reproducible)
