"""test_number_types_ahead_of_time – every type of numbers goes in and out: alone and in arrays, of modules and of C libraries."""

import ctypes
import importlib.util

import metate
import numpy as np
import pytest
from c_compiler import needs_c_compiler

pytestmark = needs_c_compiler

NAMES = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
         "complex64", "complex128")


def same(x):
    return x


def turned(x):
    return x[::-1].copy()


def exports():
    for name in NAMES:
        given = "boolean" if name == "bool" else name
        yield f"same_{name}=same: {given}({given})"
        yield f"turned_{name}=turned: {given}[:]({given}[:])"


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    path = tmp_path_factory.mktemp("module") / "numbers_of.so"
    metate.compile_ahead(dict(globals()), path, "extension", list(exports()))
    spec = importlib.util.spec_from_file_location("numbers_of", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("library") / "numbers.so"
    metate.compile_ahead(dict(globals()), path, "shared", list(exports()))
    return ctypes.CDLL(str(path))


def values_of(name):
    dtype = np.dtype(name)
    if dtype.kind == "b":
        return np.array([True, False])
    if dtype.kind in "iu":
        return np.array([np.iinfo(dtype).max, np.iinfo(dtype).min, 1], dtype)
    return np.array([1.5, -0.25, np.inf] if dtype.kind == "f" else [1.5 - 2j, 1j, -0.0], dtype)


@pytest.mark.parametrize("name", NAMES)
def test_in_a_module(module, name):
    values = values_of(name)
    for value in values:
        for given in (value, value.item()):
            got = getattr(module, f"same_{name}")(given)
            assert got == value.item() and type(got) is type(value.item())
    got = getattr(module, f"turned_{name}")(values)
    assert got.dtype == values.dtype and (got == values[::-1]).all()


def by_value(name):
    kind, size = np.dtype(name).kind, np.dtype(name).itemsize
    if name == "float16":
        return ctypes.c_uint16
    return {"b": {1: ctypes.c_bool}, "i": {1: ctypes.c_int8, 2: ctypes.c_int16, 4: ctypes.c_int32, 8: ctypes.c_int64},
            "u": {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64},
            "f": {4: ctypes.c_float, 8: ctypes.c_double}}[kind][size]


@pytest.mark.parametrize("name", NAMES)
def test_in_c(library, name):
    values = values_of(name)
    for value in values:
        out = np.zeros(1, values.dtype)
        given = np.array([value])
        if values.dtype.kind == "c":
            argument = given.ctypes.data_as(ctypes.c_void_p)
        else:
            argument = by_value(name)(given.view(np.uint16)[0] if name == "float16" else value.item())
        assert getattr(library, f"same_{name}")(argument, out.ctypes.data_as(ctypes.c_void_p), None) == 0
        assert out.tobytes() == given.tobytes()
    record, result = (ctypes.c_int64 * 4)(values.ctypes.data, 0, len(values), values.itemsize), (ctypes.c_int64 * 4)()
    assert getattr(library, f"turned_{name}")(record, result, None) == 0
    assert ctypes.string_at(result[0], values.nbytes) == values[::-1].tobytes()
