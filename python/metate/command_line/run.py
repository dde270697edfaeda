"""run a Python program with Metate in the place of Numba, numba-dpex and dpctl

The program needs no change: `import numba`, `numba_dpex`, `numba_dppy`, `dpctl` and `dpnp` give Metate there, as after
metate.install_as_numba() and metate.install_as_numba_dpex(). What Metate lacks of them is an error that names it.
"""

import contextlib
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
    parser.add_argument("script", help="the program")
    parser.add_argument("arguments", nargs="...", help="its arguments")


def execute(options):
    """Runs the program as `__main__`; its exit status is that of the command."""
    if not os.path.isfile(options.script):
        raise UsageError(f"there is no program {options.script!r}")
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
        sys.argv = [options.script, *options.arguments]
        sys.path[0] = os.path.dirname(os.path.abspath(options.script))
        runpy.run_path(options.script, run_name="__main__")
    return 0
