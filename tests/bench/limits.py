"""Compiles the C programs that bound Metate's speed, once, and makes their functions callable with NumPy arrays."""

import ctypes
import functools
import importlib.util
import pathlib
import shutil
import subprocess
import sysconfig

import numpy as np

SOURCES = pathlib.Path(__file__).parent
_FLAGS = ["-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fPIC", "-shared"]


def _compile(source, output, *flags, compiler=("clang-22", "clang")):
    path = next(filter(None, map(shutil.which, compiler)), None)
    if not path:
        raise RuntimeError(f"there is no {compiler[0]} to compile {source.name} with")
    if not output.exists() or output.stat().st_mtime < source.stat().st_mtime:
        output.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([path, *_FLAGS, SOURCES / source, "-o", output, *flags], check=True)
    return output


@functools.cache
def _library(folder, parallel):
    if parallel:  # GCC brings its OpenMP along
        path = _compile(SOURCES / "parallel_limits.c", folder / "parallel_limits.so", "-fopenmp", compiler=("gcc",))
    else:
        path = _compile(SOURCES / "limits.c", folder / "limits.so", "-lsleef", "-lm")
    return ctypes.CDLL(path)


@functools.cache
def _extension(folder):
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    include = [f"-I{sysconfig.get_path('include')}", f"-I{np.get_include()}"]
    path = _compile(SOURCES / "call_limits.c", folder / f"call_limits{suffix}", *include)
    spec = importlib.util.spec_from_file_location("call_limits", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _as_c(value):
    """An array is its pointer and its extents; scalars are int64 or double."""
    if isinstance(value, np.ndarray):
        assert value.flags.c_contiguous
        return [ctypes.c_void_p(value.ctypes.data), *map(ctypes.c_int64, value.shape)]
    return [ctypes.c_double(value) if isinstance(value, float) else ctypes.c_int64(value)]


# A limit is a maker: make(folder, arguments) is what to call without arguments; `folder` is for what is compiled.


def c_function(name, returns=False, new_result=False, parallel=False):
    """A function of limits.c, which may return a double. With `new_result` it writes to one more array, like the first, allocated before."""

    def make(folder, arguments):
        function = getattr(_library(folder, parallel), name)
        function.restype = ctypes.c_double if returns else None
        result = np.empty_like(arguments[0]) if new_result else None
        values = [*arguments, result] if new_result else list(arguments)
        parts = [part for value in values for part in _as_c(value)]

        def call(keep=values):  # the arrays must live as long as the call that has only their addresses
            returned = function(*parts)
            return result if new_result else returned

        return call

    return make


def c_method(name):
    """A function of call_limits.c, which is called as any Python function."""
    return lambda folder, arguments: functools.partial(getattr(_extension(folder), name), *arguments)


def python_function(function):
    """A limit that is Python's or NumPy's own."""
    return lambda folder, arguments: functools.partial(function, *arguments)
