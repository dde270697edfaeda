"""compile_module – tries to compile every function of a module for arguments of several types; prints what is no clean answer.

usage: python compile_module.py MODULE

A clean answer is a result, a diagnostic with a number below MT9000, or an exception that the compiled function raised.
Compiled code can call nothing but compiled code, so whatever does compile is safe to run. Only loops may be endless:
an alarm ends the process, which the caller sees.
"""

import contextlib
import importlib
import os
import re
import signal
import sys
import types
import warnings

import numpy as np
from metate import njit

SAMPLES = [3, 1.5, "text", None, True, 2 + 1j, (1, 2.5), np.ones(4), np.ones((3, 3), np.float32)]


def functions_of(module):
    """Its functions and those of its classes."""
    seen, spaces = set(), [vars(module)]
    while spaces:
        for value in list(spaces.pop().values()):
            if isinstance(value, (staticmethod, classmethod)):
                value = value.__func__
            if getattr(value, "__module__", None) != module.__name__ or id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, types.FunctionType):
                yield value
            elif isinstance(value, type):
                spaces.append(vars(value))


def answer(function, sample, **options):
    code = function.__code__
    names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    try:
        njit(**options)(function)(*[sample] * code.co_argcount, **dict.fromkeys(names, sample))
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {error}"
    return "a result"


def is_clean(text):
    unclean = re.search(r"MT9\d\d\d|SystemError|LLVM|internal error|what CPython compiles to", text)
    return not unclean


if __name__ == "__main__":
    signal.alarm(120)
    warnings.simplefilter("ignore")
    for function in functions_of(importlib.import_module(sys.argv[1])):
        for sample in SAMPLES:
            print("trying", function.__qualname__, repr(sample), file=sys.stderr, flush=True)
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # they may print
                text = answer(function, sample, parallel=sample is SAMPLES[-1])
            if not is_clean(text):
                print(f"{function.__module__}.{function.__qualname__} of {sample!r}: {text}")
