"""run a Python program or module with Metate in the place of Numba, numba-dpex and dpctl

The program needs no change: `import numba`, `numba_dpex`, `numba_dppy`, `dpctl` and `dpnp` give Metate there, as after
metate.install_as_numba() and metate.install_as_numba_dpex(). What Metate lacks of them is an error that names it.
"""

import argparse
import contextlib
import importlib.util
import os
import runpy
import sys

import metate

from .usage import UsageError


def add_arguments(parser):
    """The program with its arguments, and what to run it with."""
    parser.add_argument("--check", action="store_true",
                        help="watch kernels for races and bad accesses (METATE_KERNEL_CHECK=1); slow")
    parser.add_argument("--device", metavar="FILTER", help="the default device, such as gpu or level_zero:cpu:0")
    parser.add_argument("--threads", type=int, metavar="N", help="threads of parallel loops (METATE_NUM_THREADS)")
    parser.add_argument("-m", dest="module", nargs=argparse.REMAINDER, metavar="MODULE",
                        help="a module to run as the program, with its arguments, as python -m does")
    parser.add_argument("script", nargs="?", help="the program")
    parser.add_argument("arguments", nargs="...", help="its arguments")


def execute(options):
    """Runs the program as `__main__`; its exit status is that of the command."""
    if options.module is None:
        _check_script(options.script)
    elif not options.module:
        raise UsageError("-m needs the name of a module")
    if options.check:
        os.environ["METATE_KERNEL_CHECK"] = "1"
    with contextlib.ExitStack() as stack:
        try:
            if options.threads is not None:
                metate.set_num_threads(options.threads)
            if options.device is not None:
                stack.enter_context(metate.device_context(options.device))
        except ValueError as error:
            raise UsageError(str(error)) from None
        metate.install_as_numba()
        metate.install_as_numba_dpex()
        if options.module is None:
            _run_script(options.script, options.arguments)
        else:
            _run_module(*options.module)
    return 0


def _check_script(script):
    if script is None:
        raise UsageError("there is no program: name a script, or a module by -m")
    if not os.path.isfile(script):
        raise UsageError(f"there is no program {script!r}")


def _run_script(script, arguments):
    sys.argv = [script, *arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    runpy.run_path(script, run_name="__main__")


def _run_module(name, *arguments):
    """As ``python -m name``: modules are looked for in the working folder first, and a package is run by its `__main__`."""
    sys.path[0] = os.getcwd()
    spec = _find(name)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = _find(f"{name}.__main__")
        if spec is None:
            raise UsageError(f"the package {name!r} has no __main__ that could be run")
    if spec is None:
        raise UsageError(f"there is no module {name!r}")
    sys.argv = [spec.origin, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def _find(name):
    """Where a module is; None where there is none. What its packages raise when they are imported is theirs."""
    try:
        return importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        return None
