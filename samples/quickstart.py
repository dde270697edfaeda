"""Hill shade and smoothing of a real elevation model: plain Python, njit, njit with prange, and a Level Zero kernel.

The model is the Jacksboro fault in Tennessee, which matplotlib ships among its sample data (403 x 344 points, in metres).
"""

import math
import pathlib
import time

import numpy as np
from matplotlib import cbook
from matplotlib import image as png

import metate
from metate import get_global_id, kernel, njit, prange

OUTPUT = pathlib.Path(__file__).parent / "output"


def hill_shade(z, dx, dy, azimuth, altitude, out):
    """Brightness 0..1 of the surface `z` lit from `azimuth` and `altitude` (radians); the border stays as it is."""
    sun_east = math.sin(azimuth) * math.cos(altitude)
    sun_north = math.cos(azimuth) * math.cos(altitude)
    sun_up = math.sin(altitude)
    for i in range(1, z.shape[0] - 1):
        for j in range(1, z.shape[1] - 1):
            east = (z[i, j + 1] - z[i, j - 1]) / (2 * dx)
            north = (z[i - 1, j] - z[i + 1, j]) / (2 * dy)
            light = (sun_up - east * sun_east - north * sun_north) / math.sqrt(1 + east * east + north * north)
            out[i, j] = light if light > 0.0 else 0.0


def hill_shade_parallel(z, dx, dy, azimuth, altitude, out):
    sun_east = math.sin(azimuth) * math.cos(altitude)
    sun_north = math.cos(azimuth) * math.cos(altitude)
    sun_up = math.sin(altitude)
    for row in prange(z.shape[0] - 2):
        i = row + 1
        for j in range(1, z.shape[1] - 1):
            east = (z[i, j + 1] - z[i, j - 1]) / (2 * dx)
            north = (z[i - 1, j] - z[i + 1, j]) / (2 * dy)
            light = (sun_up - east * sun_east - north * sun_north) / math.sqrt(1 + east * east + north * north)
            out[i, j] = light if light > 0.0 else 0.0


def hill_shade_item(z, dx, dy, azimuth, altitude, out):
    i = get_global_id(0) + 1
    j = get_global_id(1) + 1
    sun_east = math.sin(azimuth) * math.cos(altitude)
    sun_north = math.cos(azimuth) * math.cos(altitude)
    sun_up = math.sin(altitude)
    east = (z[i, j + 1] - z[i, j - 1]) / (2 * dx)
    north = (z[i - 1, j] - z[i + 1, j]) / (2 * dy)
    light = (sun_up - east * sun_east - north * sun_north) / math.sqrt(1 + east * east + north * north)
    out[i, j] = light if light > 0.0 else 0.0


def smooth(z, out):
    """Mean of each point and its four neighbours; the border stays as it is."""
    for i in range(1, z.shape[0] - 1):
        for j in range(1, z.shape[1] - 1):
            out[i, j] = (z[i, j] + z[i - 1, j] + z[i + 1, j] + z[i, j - 1] + z[i, j + 1]) / 5


def smooth_parallel(z, out):
    for row in prange(z.shape[0] - 2):
        i = row + 1
        for j in range(1, z.shape[1] - 1):
            out[i, j] = (z[i, j] + z[i - 1, j] + z[i + 1, j] + z[i, j - 1] + z[i, j + 1]) / 5


def smooth_item(z, out):
    i = get_global_id(0) + 1
    j = get_global_id(1) + 1
    out[i, j] = (z[i, j] + z[i - 1, j] + z[i + 1, j] + z[i, j - 1] + z[i, j + 1]) / 5


def measure(shade, smoothing, z, repeat):
    """The picture, and the seconds of the first run and of the best later one."""
    times = []
    for _ in range(1 + repeat):
        smoothed, picture = z.copy(), np.zeros_like(z)
        began = time.perf_counter()
        smoothing(z, smoothed)
        shade(smoothed, 71.0, 93.0, math.radians(315), math.radians(45), picture)
        times.append(time.perf_counter() - began)
    return picture, times[0], min(times[1:] or times)


def main():
    z = cbook.get_sample_data("jacksboro_fault_dem.npz")["elevation"].astype(np.float64)
    inner = (z.shape[0] - 2, z.shape[1] - 2)
    device = metate.select_default_device()
    shade_kernel, smooth_kernel = kernel(hill_shade_item), kernel(smooth_item)
    ways = [
        ("plain Python", hill_shade, smooth, 0),
        ("njit, 1 thread", njit(hill_shade), njit(smooth), 20),
        ("njit, prange", njit(hill_shade_parallel, parallel=True), njit(smooth_parallel, parallel=True), 20),
        (f"kernel, {device.name}", lambda *a: shade_kernel[metate.Range(*inner)](*a),
         lambda *a: smooth_kernel[metate.Range(*inner)](*a), 20),
    ]
    print(f"hill shade and smoothing of {z.shape[0]} x {z.shape[1]} points\n")
    print(f"{'device':<46}{'first call':>12}{'best time':>12}{'ratio':>9}")
    expected = plain = None
    for name, shade, smoothing, repeat in ways:
        picture, first, best = measure(shade, smoothing, z, repeat)
        if expected is None:
            expected, plain = picture, best
        np.testing.assert_allclose(picture, expected, rtol=1e-12, atol=1e-14, err_msg=name)
        print(f"{name:<46}{first * 1e3:>9.1f} ms{best * 1e3:>9.2f} ms{plain / best:>8.0f}x")
    OUTPUT.mkdir(exist_ok=True)
    target = OUTPUT / "hill_shade.png"
    png.imsave(target, expected, cmap="gray", vmin=0, vmax=1)
    print(f"\nall agree; the picture is in {target.relative_to(pathlib.Path.cwd()) if target.is_relative_to(pathlib.Path.cwd()) else target}")


if __name__ == "__main__":
    main()
