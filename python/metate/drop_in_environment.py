"""The variables of the environment that set Numba and numba-dpex, and what they set here."""

import os
import warnings

from ._metate import set_num_threads
from .errors import MetateWarning

#: Metate's variables that mean the same; those that are set stay.
_SAME = {"NUMBA_CACHE_DIR": "METATE_CACHE_DIR", "NUMBA_DEBUGINFO": "METATE_DEBUGINFO", "NUMBA_DISABLE_JIT": "METATE_DISABLE_JIT"}
#: The stages of METATE_DUMP whose text they ask for.
_DUMPED = {"NUMBA_DUMP_IR": "frontend", "NUMBA_DUMP_LLVM": "codegen", "NUMBA_DUMP_OPTIMIZED": "optimise",
           "NUMBA_DUMP_ASSEMBLY": "emit"}
_DUMPED_OF_KERNELS = {"NUMBA_DPEX_DUMP_KERNEL_LLVM": "codegen", "NUMBA_DPEX_SAVE_IR_FILES": "codegen,spirv"}
_TO_FILES = "NUMBA_DPEX_SAVE_IR_FILES"
_NO_LAUNCHER = "no code is made to launch a kernel"
#: By package, what to do instead, or why there is nothing to do.
_WITHOUT_EFFECT = {"numba-dpex": {
    "NUMBA_DPEX_BUILD_KERNEL_OPTIONS": "kernels are built without options",
    "NUMBA_DPEX_DEBUG": "METATE_TRACE=trace.json records what is compiled and launched",
    "NUMBA_DPEX_DEBUGINFO": "errors in kernels name their lines without it",
    "NUMBA_DPEX_DEBUG_KERNEL_LAUNCHER": _NO_LAUNCHER,
    "NUMBA_DPEX_DUMP_KERNEL_LAUNCHER": _NO_LAUNCHER,
    "NUMBA_DPEX_INLINE_THRESHOLD": "what a kernel calls is always put in the place of the call",
    "NUMBA_DPEX_OFFLOAD_DIAGNOSTICS": "f.parallel_diagnostics() and f.report() say what of a function runs on a device",
    "NUMBA_DPEX_OPT": "kernels are always optimised",
}, "dpctl": {
    "DPCTL_VERBOSITY": "errors are raised, those of asynchronous commands by the next wait, and none is only printed",
    "SYCL_PI_TRACE": "METATE_TRACE=trace.json records what is compiled and launched",
}}


def _is_set(name):
    return os.environ.get(name, "0") not in ("", "0", "none")


def _dump(asked):
    stages = [stages for name, stages in asked.items() if _is_set(name)]
    if stages:
        os.environ["METATE_DUMP"] = ",".join(filter(None, [os.environ.get("METATE_DUMP"), *stages]))


def heed_numba():
    """Takes on what Numba's variables set. To be called before anything is compiled."""
    for name, own in _SAME.items():
        if name in os.environ:
            os.environ.setdefault(own, os.environ[name])
    _dump(_DUMPED)
    if "NUMBA_NUM_THREADS" in os.environ and "METATE_NUM_THREADS" not in os.environ:
        set_num_threads(int(os.environ["NUMBA_NUM_THREADS"]))


def heed_numba_dpex():
    """Takes on what numba-dpex's variables set. A MetateWarning names those, and those of dpctl, that have no effect.

    To be called before anything is compiled.
    """
    if _is_set(_TO_FILES):
        os.environ.setdefault("METATE_DUMP_DIR", os.curdir)
    _dump(_DUMPED_OF_KERNELS)
    for package, reasons in _WITHOUT_EFFECT.items():
        for name in filter(_is_set, reasons):
            warnings.warn(f"{name} has no effect, since Metate stands in for {package}: {reasons[name]}", MetateWarning, stacklevel=3)
