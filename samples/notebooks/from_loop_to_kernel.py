# %% [markdown]
# # From a loop to all cores, to a kernel
#
# The same computation four times: NumPy, a compiled loop, a parallel loop, and a kernel for Level Zero devices. The data are
# a model of the land around the Jacksboro fault in Tennessee, which Matplotlib ships.

# %%
import timeit

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook

import metate
from metate import get_global_id, kernel, njit, prange

model = cbook.get_sample_data("jacksboro_fault_dem.npz")
height = np.tile(model["elevation"].astype(np.float64), (3, 3))  # some more work than the model alone
dx, dy = 92.7, 71.8  # metres between points
print(height.shape, metate.get_devices()[0].name)

# %% [markdown]
# ## NumPy
#
# Each operation makes an array, which goes through memory.


# %%
def slope_numpy(z):
    east = (z[1:-1, 2:] - z[1:-1, :-2]) / (2 * dx)
    north = (z[:-2, 1:-1] - z[2:, 1:-1]) / (2 * dy)
    return np.degrees(np.arctan(np.sqrt(east**2 + north**2)))


# %% [markdown]
# ## A compiled loop
#
# A loop over the points does all of it for one point before it goes to the next.


# %%
@njit
def slope_loop(z):
    result = np.empty((z.shape[0] - 2, z.shape[1] - 2))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            east = (z[i + 1, j + 2] - z[i + 1, j]) / (2 * dx)
            north = (z[i, j + 1] - z[i + 2, j + 1]) / (2 * dy)
            result[i, j] = np.degrees(np.arctan(np.sqrt(east**2 + north**2)))
    return result


# %% [markdown]
# ## All cores
#
# `prange` instead of `range`: the rows are shared among threads.


# %%
@njit(parallel=True)
def slope_parallel(z):
    result = np.empty((z.shape[0] - 2, z.shape[1] - 2))
    for i in prange(result.shape[0]):
        for j in range(result.shape[1]):
            east = (z[i + 1, j + 2] - z[i + 1, j]) / (2 * dx)
            north = (z[i, j + 1] - z[i + 2, j + 1]) / (2 * dy)
            result[i, j] = np.degrees(np.arctan(np.sqrt(east**2 + north**2)))
    return result


# %% [markdown]
# ## A kernel
#
# The body of the loop alone, for one work-item. It runs on a GPU where there is one, else on the CPU.


# %%
@kernel
def slope_item(z, result):
    i = get_global_id(0)
    j = get_global_id(1)
    east = (z[i + 1, j + 2] - z[i + 1, j]) / (2 * dx)
    north = (z[i, j + 1] - z[i + 2, j + 1]) / (2 * dy)
    result[i, j] = np.degrees(np.arctan(np.sqrt(east**2 + north**2)))


def slope_kernel(z):
    result = np.empty((z.shape[0] - 2, z.shape[1] - 2))
    slope_item[result.shape, ()](z, result)
    return result


# %% [markdown]
# ## Side by side

# %%
ways: dict = {"NumPy": slope_numpy, "njit": slope_loop, "prange": slope_parallel, "kernel": slope_kernel}
expected = slope_numpy(height)
times = {}
for name, function in ways.items():
    np.testing.assert_allclose(function(height), expected, rtol=1e-12)
    times[name] = min(timeit.repeat(lambda: function(height), number=1, repeat=5))
for name, seconds in times.items():
    print(f"{name:<8}{seconds * 1e3:7.1f} ms  {times['NumPy'] / seconds:5.1f} times NumPy's speed")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
left.barh(list(times), [1e3 * seconds for seconds in times.values()])
left.set_xlabel("milliseconds")
image = right.imshow(expected[:401, :342], cmap="magma")
figure.colorbar(image, ax=right, label="slope in degrees")
plt.show()
