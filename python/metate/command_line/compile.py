"""compile functions of a Python file ahead of time

What is written runs without Metate: a module for CPython, a shared or static library or an object file with a C header beside it, a kernel as SPIR-V
with a JSON file that describes its interface, or LLVM IR or assembly as text. The file is run, as `import` does; functions
that it marks by @metate.export("NAME", "SIGNATURE") are exported, or those that --export names.
"""

import contextlib
import os
import signal
import sys
import traceback

from .. import ahead_of_time
from ..errors import MetateError


class CompileError(Exception):
    """Something could not be compiled or written; the text says why. The exit status is 1."""


def add_arguments(parser):
    """The file, what to export, and as what."""
    parser.add_argument("file", metavar="FILE.py", help="where the functions are")
    parser.add_argument("--export", action="append", default=[], metavar='"NAME: SIGNATURE"',
                        help='such as "norm: f8(f8[::1])", instead of what the file marks; "OUTSIDE=NAME: SIGNATURE" gives it another '
                             'name outside, and "OUTSIDE" alone is one that the file marks')
    parser.add_argument("--emit", choices=ahead_of_time.KINDS, default="shared", help="what to write (shared)")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the file to write")
    parser.add_argument("--header", metavar="FILE.h", help="the C header; OUT with the ending .h by default")
    parser.add_argument("--target-cpu", metavar="CPU[,CPU…]", default="native",
                        help="whose instructions may be used, such as x86-64-v3; by default this machine's; of x86-64,x86-64-v3 a "
                             "library takes what it finds itself on")
    parser.add_argument("--reproducible", action="store_true",
                        help="write the same bytes wherever the same source is compiled; needs --target-cpu")
    parser.add_argument("--spirv-version", type=int, choices=range(7), default=2, metavar="MINOR",
                        help="write SPIR-V 1.MINOR or, where the kernel needs more, a later one (2)")


def collect(options):
    """What `metate compile --json` prints: the paths of the files, the exports, and what to link besides."""
    # As Ctrl-C: what was begun is cleaned up.
    signal.signal(signal.SIGTERM, _terminate)
    try:
        if os.path.exists(options.output) and os.path.exists(options.file) and os.path.samefile(options.file, options.output):
            raise CompileError(f"{options.output!r} is the file to compile, which would be written over: name another --output")
        # With --json there is nothing but JSON on the output.
        with contextlib.redirect_stdout(sys.stderr) if options.json else contextlib.nullcontext():
            source = _load(options.file)
        return ahead_of_time.compile_ahead(source, options.output, options.emit, options.export, options.target_cpu,
                                           options.header, options.spirv_version, options.reproducible)
    except MetateError as error:
        raise CompileError(str(error)) from None
    except (TypeError, ValueError) as error:  # of options and signatures
        if not str(error).startswith("MT"):
            raise
        raise CompileError(str(error)) from None


class _Terminated(SystemExit):
    """SIGTERM has come."""


def _terminate(*_):
    raise _Terminated(143)


def _load(path):
    try:
        return ahead_of_time.load(path)
    except (MetateError, _Terminated):
        raise
    except SystemExit as error:
        raise CompileError(f"running {path!r} ended by sys.exit({'' if error.code is None else repr(error.code)}) before its functions "
                           "could be compiled: what a program does belongs under if __name__ == \"__main__\":") from None
    except SyntaxError as error:
        raise CompileError("".join(traceback.format_exception_only(error)).rstrip()) from None
    except Exception as error:
        # From the file itself on: how it came to be run is of no interest.
        frames = traceback.extract_tb(error.__traceback__)
        while frames and os.path.abspath(frames[0].filename) != os.path.abspath(path):
            frames.pop(0)
        # Nor is what Metate does inside of a decorator.
        package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        frames = [frame for frame in frames if not os.path.abspath(frame.filename).startswith(package + os.sep)]
        text = "".join([*traceback.format_list(frames), *traceback.format_exception_only(error)])
        raise CompileError(f"running {path!r} failed:\n{text.rstrip()}") from None


def text(made, style):
    """The same for people."""
    lines = [f"wrote {path}" for path in made["files"]]
    if made["link_with"]:
        lines.append(f"link it with: {' '.join(made['link_with'])}")
    return "\n".join(lines)
