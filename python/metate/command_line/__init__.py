"""The command `metate`, which is `python -m metate` too.

A command is a module here: `add_arguments` declares its options, `collect` gives what it has to say as dicts, lists, strings
and numbers, and `text` writes that for people. With ``--json`` the same is printed for programs.
"""

import argparse
import io
import json
import os
import sys

from . import bench, cache, compile, devices, explain, info, report, run
from .style import Style
from .usage import UsageError

#: In the order of `metate --help`.
COMMANDS = {"info": info, "devices": devices, "compile": compile, "cache": cache, "explain": explain, "run": run,
            "report": report, "bench": bench}


def parser():
    """The parser of the command line, with a parser for each command."""
    made = argparse.ArgumentParser(
        prog="metate", description="Metate compiles decorated Python functions to machine code for CPUs and Level Zero devices.",
        epilog="`metate COMMAND --help` says more of a command.")
    made.add_argument("--version", action="store_true", help="print the version and end")
    made.add_argument("--cmake-dir", action="store_true", help="print the folder of Metate's CMake package and end")
    commands = made.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, module in COMMANDS.items():
        summary, _, rest = module.__doc__.partition("\n\n")
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}. {rest.strip()}")
        module.add_arguments(command)
        if hasattr(module, "collect"):
            command.add_argument("--json", action="store_true", help="print JSON, for programs")
    return made


def main(arguments=None):
    """Run the command line `arguments` (else the process's), and give the exit status: 0, 1 (it failed) or 2 (misuse)."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return _run(arguments)
    except compile.CompileError as error:
        print(f"metate: {error}", file=sys.stderr)
        return 1
    except UsageError as error:
        print(f"metate: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `metate … | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _run(arguments):
    made = parser()
    options = made.parse_args(arguments)
    if options.version:
        print(info.version())
        return 0
    if options.cmake_dir:
        print(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cmake"))
        return 0
    if options.command is None:
        made.print_help()
        return 2
    module = COMMANDS[options.command]
    if not hasattr(module, "collect"):
        return module.execute(options)
    data = module.collect(options)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")  # names of files need not be text
    if options.json:
        print(json.dumps(data, indent=2))
    else:
        print(module.text(data, Style(sys.stdout)))
    sys.stdout.flush()
    return 0
