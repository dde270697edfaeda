"""What programs in C and C++ call: light and slope of a terrain, compiled ahead of time.

    metate compile terrain.py --emit shared -o libterrain.so
    metate compile terrain.py --emit spirv -o terrain.spv
"""

import math

import numpy as np

import metate
from metate import get_global_id, prange


@metate.export("hill_shade", "f4[:, ::1](f4[:, ::1], f8, f8, f8)")
@metate.njit(parallel=True)
def hill_shade(heights, cell, azimuth, altitude):
    """Brightness 0..1 of a surface, whose cells are `cell` wide, lit from `azimuth` and `altitude` in radians."""
    if cell <= 0:
        raise ValueError(f"cells have a width, and {cell} is none")
    sun_east = math.sin(azimuth) * math.cos(altitude)
    sun_north = math.cos(azimuth) * math.cos(altitude)
    sun_up = math.sin(altitude)
    light = np.zeros_like(heights)
    for i in prange(1, heights.shape[0] - 1):
        for j in range(1, heights.shape[1] - 1):
            east = (heights[i, j + 1] - heights[i, j - 1]) / (2 * cell)
            north = (heights[i - 1, j] - heights[i + 1, j]) / (2 * cell)
            shade = (sun_up - east * sun_east - north * sun_north) / math.sqrt(1 + east * east + north * north)
            light[i, j] = max(shade, 0.0)
    return light


@metate.export("steepest", "f8(f4[:, ::1], f8)")
def steepest(heights, cell):
    """The largest slope from one cell to the next, in degrees."""
    most = 0.0
    for i in range(1, heights.shape[0]):
        for j in range(1, heights.shape[1]):
            most = max(most, abs(heights[i, j] - heights[i, j - 1]), abs(heights[i, j] - heights[i - 1, j]))
    return math.degrees(math.atan(most / cell))


@metate.export("smooth", "void(f4[:, ::1], f4[:, ::1])")
@metate.kernel
def smooth(heights, out):
    """The mean of each cell and its four neighbours; launched over the number of cells."""
    cell = get_global_id(0)
    i, j = cell // heights.shape[1], cell % heights.shape[1]
    total = heights[i, j]
    count = 1
    if i > 0:
        total += heights[i - 1, j]
        count += 1
    if j > 0:
        total += heights[i, j - 1]
        count += 1
    if i + 1 < heights.shape[0]:
        total += heights[i + 1, j]
        count += 1
    if j + 1 < heights.shape[1]:
        total += heights[i, j + 1]
        count += 1
    out[i, j] = total / count
