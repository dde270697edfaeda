"""write a page that says what the compiler made of a program's functions

Runs the program, and writes NAME.report.html for each of its compiled functions, ufuncs and kernels that was called, or for the
one that is named. With --json the data of the pages is printed, and pages are written only where --output says so. What the
program prints goes to stderr.
"""

import contextlib
import os
import sys
import types

from .._metate import Dispatcher
from ..gufunc import GUfunc
from ..kernels import Kernel
from ..ufunc import Ufunc
from .usage import UsageError

_COMPILED = (Dispatcher, Ufunc, GUfunc, Kernel)


def add_arguments(parser):
    """The program, and what of it is reported."""
    parser.add_argument("-o", "--output", metavar="PATH",
                        help="a folder for the pages or, for one function, the page's name")
    parser.add_argument("program", metavar="FILE.py", help="the program")
    parser.add_argument("name", nargs="?", metavar="NAME", help="one of its functions, such as f or Class.method")


def collect(options):
    """What `metate report --json` prints: the data of each report."""
    reports = _reports(_run(options.program), options.name)
    paths = {} if options.json and options.output is None else _paths(list(reports), options.output)
    found = []
    for name, report in reports.items():
        try:
            found.append({**report.data, "page": report.save(paths[name]) if paths else None})
        except OSError as error:
            raise UsageError(f"cannot write {paths[name]}: {error.strerror}") from None
    return found


def text(found, style):
    """The same for people: the names of the pages, and a line for each loop."""
    return "\n".join("\n".join([style.heading(each["page"]), *_summary(each)]) for each in found)


def _run(program):
    """The program's names after it has run as `__main__`."""
    try:
        with open(program, "rb") as file:
            source = file.read()
    except OSError as error:
        raise UsageError(f"cannot read the program {program!r}: {error.strerror}") from None
    file = os.path.abspath(program)
    module = types.ModuleType("__main__")
    module.__file__ = file
    sys.modules["__main__"] = module
    sys.argv = [program]
    sys.path[0] = os.path.dirname(file)
    with contextlib.redirect_stdout(sys.stderr):
        try:
            exec(compile(source, file, "exec"), vars(module))
        except SystemExit as end:
            if end.code not in (None, 0):
                raise
    return module


def _reports(module, name):
    compiled = {each: value for each, value in vars(module).items() if isinstance(value, _COMPILED)}
    if name is not None:
        found = module
        for part in name.split("."):
            found = getattr(found, part, None)
        if not isinstance(found, _COMPILED):
            known = f"; there are {', '.join(compiled)}" if compiled else ""
            raise UsageError(f"{name!r} is no compiled function of the program{known}")
        compiled = {name: found}
    reports = {each: value.report() for each, value in compiled.items()}
    reports = {each: report for each, report in reports.items() if report.data["versions"]}
    if not reports:
        raise UsageError(f"the program does not call {name!r}, so there is no code of it" if name is not None else
                         "the program calls no compiled functions that have names in it")
    return reports


def _paths(names, output):
    if output is not None and not os.path.isdir(output):
        if len(names) > 1:
            raise UsageError(f"there are pages for {', '.join(names)}, and {output!r} is no folder")
        return {names[0]: output}
    return {name: os.path.join(output or "", f"{name}.report.html") for name in names}


def _summary(data):
    from ..reports.page import fused_text, memory_text, vector_text

    for version in data["versions"]:
        yield f"    {data['name']}({', '.join(version['arguments'])})"
        for loop in version["loops"]:
            parts = [f"parallel: {loop['parallel']}", f"vectors: {vector_text(loop)}", fused_text(loop),
                     f"not fused: {loop['unfused']}" if loop["unfused"] else ""]
            yield f"      line {loop['line']}, {loop['kind']}: {'; '.join(filter(None, parts))}"
        if version["first_call"]:
            yield f"      {memory_text(version)}"
