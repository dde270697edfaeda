# %% [markdown]
# # On many processes
#
# Compiled functions travel to other processes: by name, as Python's own functions do, or with all that they close over where a
# package such as cloudpickle or Dask sends them. What one process has compiled the others find on disk, so that a pool of
# workers compiles a function once. Here a terrain is lit from a hundred places of the sun.

# %%
import math
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook

import metate
from metate import njit

terrain = cbook.get_sample_data("jacksboro_fault_dem.npz")
heights, cell = terrain["elevation"].astype(np.float32), 90.0


# %%
@njit
def horizon(heights, cell, azimuth):
    """The tangent of the highest angle under which each cell sees the terrain in the direction of the sun."""
    angles = np.zeros_like(heights)
    step_row, step_column = -math.cos(azimuth), math.sin(azimuth)
    for i in range(heights.shape[0]):
        for j in range(heights.shape[1]):
            distance, highest = 1, 0.0
            while distance < 60:
                row, column = int(round(i + distance * step_row)), int(round(j + distance * step_column))
                if not (0 <= row < heights.shape[0] and 0 <= column < heights.shape[1]):
                    break
                highest = max(highest, (heights[row, column] - heights[i, j]) / (distance * cell))
                distance += 1
            angles[i, j] = highest
    return angles


def sunlight(azimuth):
    """What a worker does: the share of the terrain that lies in the sun, for heights of the sun from 0 to 20 degrees."""
    angles = horizon(heights, cell, azimuth)
    return azimuth, [float((angles < math.tan(math.radians(height))).mean()) for height in range(21)]


began = time.perf_counter()
sunlight(0.0)
print(f"the first, with compilation: {time.perf_counter() - began:.3f} s")

# %% [markdown]
# ## A pool of processes
#
# Workers that are forked have what their parent has compiled. Those that are started anew (`spawn`) find it on disk, unless
# `METATE_CACHE=0` turns that off. A pool of processes has as many as there are cores, so each had better use one thread.

# %%
azimuths = np.linspace(0, 2 * math.pi, 24, endpoint=False)
workers = min(len(os.sched_getaffinity(0)), 8)
shares = {}
began = time.perf_counter()
with ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), metate.set_num_threads, (1,)) as pool:
    tasks = [pool.submit(sunlight, azimuth) for azimuth in azimuths]
    for done, task in enumerate(as_completed(tasks), 1):
        azimuth, share = task.result()
        shares[azimuth] = share
        if done % 6 == 0:
            print(f"[{'#' * (done * 24 // len(tasks)):<24}] {done} of {len(tasks)}")
print(f"{len(tasks)} places of the sun on {workers} processes: {time.perf_counter() - began:.3f} s")
assert shares[0.0] == sunlight(0.0)[1]

# %%
picture = np.array([shares[azimuth] for azimuth in azimuths])
plt.figure(figsize=(8, 4))
for height in (2, 5, 10):
    plt.plot(np.degrees(azimuths), picture[:, height] * 100, label=f"sun {height} degrees high")
plt.xlabel("direction of the sun, degrees from north")
plt.ylabel("per cent of the terrain in the sun")
plt.legend()
plt.show()

# %% [markdown]
# ## The same bits
#
# A result does not depend on which process it comes from, nor on how many there are.

# %%
with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
    again = pool.submit(horizon, heights, cell, 1.0).result()
assert (again == horizon(heights, cell, 1.0)).all()
print("one process and many agree")
