"""test_terrain_sample – the programs of samples/ahead_of_time do what Python does."""

import ctypes.util
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys

import metate
import numpy as np
import pytest
from c_compiler import needs_c_compiler

SAMPLE = pathlib.Path(__file__).parents[3] / "samples" / "ahead_of_time"

pytestmark = needs_c_compiler


@pytest.fixture(scope="module")
def terrain():
    return metate.ahead_of_time.load(str(SAMPLE / "terrain.py"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, terrain):
    folder = tmp_path_factory.mktemp("terrain")
    metate.compile_ahead(terrain, folder / "libterrain.so")
    cbook = pytest.importorskip("matplotlib.cbook")
    with np.load(cbook.get_sample_data("jacksboro_fault_dem.npz", asfileobj=False)) as data:
        data["elevation"].astype("f4").tofile(folder / "heights.raw")
        (folder / "shape").write_text(" ".join(map(str, data["elevation"].shape)))
    return folder


def build(folder, *command):
    done = subprocess.run([*map(str, command), "-Wall", "-Wextra", "-Werror"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def run(folder, *command, **environment):
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout


def heights_of(folder):
    rows, columns = map(int, (folder / "shape").read_text().split())
    return np.fromfile(folder / "heights.raw", "f4").reshape(rows, columns)


def test_from_c(folder, terrain):
    heights = heights_of(folder)
    build(folder, "cc", "-std=c99", f"-I{folder}", SAMPLE / "terrain.c", "./libterrain.so", "-Wl,-rpath,$ORIGIN", "-o", "in_c")
    printed = run(folder, "./in_c", "heights.raw", *heights.shape, "shade.pgm")
    slope = terrain.steepest(heights, 90.0)
    assert printed == f"steepest slope: {slope:.3f} degrees\nValueError: cells have a width, and 0.0 is none\n"
    picture = (folder / "shade.pgm").read_bytes()
    light = terrain.hill_shade(heights, 90.0, 5.5, 0.78)
    assert picture.startswith(b"P5 %d %d 255\n" % heights.shape[::-1])
    expected = (np.float32(255) * light + np.float32(0.5)).astype("u1")
    assert (np.frombuffer(picture[-heights.size:], "u1").reshape(heights.shape) == expected).all()


def test_from_cpp(folder, terrain):
    heights = heights_of(folder)
    build(folder, "cc", "-std=c++17", f"-I{folder}", SAMPLE / "terrain.cpp", "./libterrain.so", "-lstdc++", "-Wl,-rpath,$ORIGIN",
          "-o", "in_cpp")
    first, second = run(folder, "./in_cpp", "heights.raw", *heights.shape).splitlines()
    words = first.replace(",", "").split()
    assert math.isclose(float(words[2]), terrain.steepest(heights, 90.0), rel_tol=1e-5)
    assert math.isclose(float(words[-1]), terrain.hill_shade(heights, 90.0, 5.5, 0.78).astype("f8").mean(), rel_tol=1e-5)
    assert second == "ValueError: cells have a width, and -1.0 is none"


@pytest.mark.skipif(not ctypes.util.find_library("ze_loader") or not os.path.exists("/usr/include/level_zero/ze_api.h"),
                    reason="needs the Level Zero loader and its headers")
def test_through_level_zero(folder, terrain):
    heights = heights_of(folder)
    metate.compile_ahead(terrain, folder / "terrain.spv", "spirv")
    described = json.loads((folder / "terrain.json").read_text())
    assert [(each["kind"], each.get("parameter"), each["bytes"]) for each in described["arguments"]] == [
        ("address", "heights", 8), ("extent", "heights", 8), ("extent", "heights", 8), ("address", "out", 8), ("extent", "out", 8),
        ("extent", "out", 8), ("errors", None, 8)]
    assert described["errors"]["bytes"] == 4160
    build(folder, "cc", "-std=c99", SAMPLE / "launch.c", "-lze_loader", "-o", "launch")
    driver = os.path.join(os.path.dirname(metate.__file__), "libmetate.so")
    printed = run(folder, "./launch", "terrain.spv", described["kernel"], "heights.raw", *heights.shape, ZE_ENABLE_ALT_DRIVERS=driver)
    out = np.empty_like(heights)
    terrain.smooth[heights.size](heights, out)
    assert printed == f"mean height: {math.fsum(out.ravel().tolist()) / out.size:.6f}, first cell: {out[0, 0]:.6f}\n"


@pytest.mark.skipif(not shutil.which("cmake"), reason="needs CMake")
def test_by_cmake(folder, tmp_path):
    """The functions are compiled when the programs are built, and once more when their source has changed."""
    source = shutil.copytree(SAMPLE, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__"))
    binary = tmp_path / "binary"
    for command in (["cmake", "-S", source, "-B", binary, f"-DMETATE_PYTHON={sys.executable}"], ["cmake", "--build", binary]):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    printed = run(folder, binary / "in_c", "heights.raw", *heights_of(folder).shape, tmp_path / "shade.pgm")
    assert printed.startswith("steepest slope: ")
    again = subprocess.run(["cmake", "--build", binary], capture_output=True, text=True).stdout
    assert "with Metate" not in again
    text = (source / "terrain.py").read_text()
    (source / "terrain.py").write_text(text.replace("cells have a width", "cells are wide"))
    again = subprocess.run(["cmake", "--build", binary], capture_output=True, text=True).stdout
    assert "Compiling" in again and "with Metate" in again
    assert "cells are wide" in run(folder, binary / "in_c", "heights.raw", *heights_of(folder).shape, tmp_path / "shade.pgm")
