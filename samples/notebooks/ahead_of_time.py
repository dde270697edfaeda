# %% [markdown]
# # A library for C
#
# Functions compiled ahead of time run where Metate is not installed: as a library that C calls, or as a module that Python
# imports. Here a program in C walks downhill through a terrain that Matplotlib ships, by a function written in Python.

# %%
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook

import metate
from metate import njit

heights = cbook.get_sample_data("jacksboro_fault_dem.npz")["elevation"].astype(np.float32)
folder = tempfile.TemporaryDirectory()
here = Path(folder.name)

# %% [markdown]
# ## The function
#
# From a cell to the lowest of its eight neighbours, until there is none that is lower. It is an ordinary function, and can be
# tried at once.


# %%
@njit
def downhill(heights, row, column, rows, columns):
    """Fills in the way; gives its length."""
    if not (0 <= row < heights.shape[0] and 0 <= column < heights.shape[1]):
        raise ValueError(f"there is no cell {row}, {column}")
    length = 0
    while length < len(rows):
        rows[length], columns[length] = row, column
        length += 1
        lowest, next_row, next_column = heights[row, column], row, column
        for i in range(max(row - 1, 0), min(row + 2, heights.shape[0])):
            for j in range(max(column - 1, 0), min(column + 2, heights.shape[1])):
                if heights[i, j] < lowest:
                    lowest, next_row, next_column = heights[i, j], i, j
        if next_row == row and next_column == column:
            break
        row, column = next_row, next_column
    return length


row, column = divmod(int(heights.argmax()), heights.shape[1])  # of the summit
rows, columns = np.zeros((2, 1000), np.int64)
length = downhill(heights, row, column, rows, columns)
print(f"from {heights.max():.0f} m to {heights[rows[length - 1], columns[length - 1]]:.0f} m in {length} cells")

# %% [markdown]
# ## The library
#
# It is compiled for types that the signature names, and gets a header for C.

# %%
made = metate.compile_ahead({"downhill": downhill}, here / "libdownhill.so", "shared",
                            ["downhill: i8(f4[:, ::1], i8, i8, i8[::1], i8[::1])"])
print([Path(file).name for file in made["files"]])
header = (here / "libdownhill.h").read_text()
print(header[header.index("int32_t downhill"):].strip().splitlines()[0])

# %% [markdown]
# ## A program in C
#
# Arrays are structs with an address, extents and strides. An exception is a status, and its type and message in `error`.

# %%
(here / "walk.c").write_text(r"""
#include <stdio.h>
#include <stdlib.h>
#include "libdownhill.h"

int main(int count, char **words) {
  int64_t n = 1000, length, i, rows[1000], columns[1000];
  metate_array_f32_2d heights = {0};
  metate_array_i64_1d way[2] = {{0}};
  metate_error error;
  FILE *file = fopen(words[1], "rb");
  heights.shape[0] = atoll(words[2]);
  heights.shape[1] = atoll(words[3]);
  heights.strides[0] = heights.shape[1] * 4;
  heights.strides[1] = 4;
  heights.data = malloc(heights.shape[0] * heights.strides[0]);
  if (!file || !fread(heights.data, heights.strides[0], heights.shape[0], file)) return 2;
  way[0].data = rows;
  way[1].data = columns;
  for (i = 0; i < 2; i++) way[i].shape[0] = n, way[i].strides[0] = 8;
  if (downhill(&heights, atoll(words[4]), atoll(words[5]), &way[0], &way[1], &length, &error)) {
    printf("%s: %s\n", error.type, error.message);
    return 1;
  }
  for (i = 0; i < length; i++) printf("%lld %lld\n", (long long)rows[i], (long long)columns[i]);
  return 0;
}
""")
(here / "heights.raw").write_bytes(heights.tobytes())
subprocess.run(["cc", "walk.c", "./libdownhill.so", "-Wl,-rpath,$ORIGIN", "-o", "walk"], cwd=here, check=True)
walk = ["./walk", "heights.raw", *map(str, heights.shape)]
said = subprocess.run([*walk, str(row), str(column)], cwd=here, check=True, capture_output=True, text=True).stdout
way = np.array([line.split() for line in said.splitlines()], int)
assert (way[:, 0] == rows[:length]).all() and (way[:, 1] == columns[:length]).all()
print(subprocess.run([*walk, "-1", "0"], cwd=here, capture_output=True, text=True).stdout.strip())

# %%
plt.figure(figsize=(8, 5))
plt.imshow(heights, cmap="terrain")
plt.colorbar(label="metres")
plt.plot(way[:, 1], way[:, 0], "r", label="the way of the program in C")
plt.legend()
plt.show()

# %% [markdown]
# ## A module for Python
#
# The same function as a module that CPython imports, in a process that knows nothing of Metate.

# %%
metate.compile_ahead({"downhill": downhill}, here / ("valley.abi3.so" if sys.version_info >= (3, 11) else "valley.so"),
                     "extension", ["downhill: i8(f4[:, ::1], i8, i8, i8[::1], i8[::1])"])
program = f"""
import array, sys
import valley
heights = memoryview(bytearray(open("heights.raw", "rb").read())).cast("f", {heights.shape})
rows, columns = array.array("q", [0] * 1000), array.array("q", [0] * 1000)
print(valley.downhill(heights, {row}, {column}, rows, columns), "metate" in sys.modules, "numpy" in sys.modules)
"""
said = subprocess.run([sys.executable, "-c", program], cwd=here, capture_output=True, text=True, check=True).stdout
print(said.strip())
assert said.split() == [str(length), "False", "False"]
