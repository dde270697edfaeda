# %% [markdown]
# # Arrays on a device
#
# `metate.asarray` puts an array into the memory of a device. Operators and functions of the array API standard, kernels and
# parallel functions run there, and nothing comes back unasked. The data are a model of the land that Matplotlib ships.

# %%
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook

import metate
from metate import njit, prange

height = cbook.get_sample_data("jacksboro_fault_dem.npz")["elevation"].astype(np.float64)
on_device = metate.asarray(height)
print(on_device.device, on_device.shape, on_device.dtype)

# %% [markdown]
# ## Functions of the standard
#
# Code for the array API standard takes the functions from the array itself, so that it works on NumPy's arrays and on device arrays
# alike.


# %%
def standardised(x):
    xp = x.__array_namespace__()
    return (x - xp.mean(x)) / xp.std(x)


result = standardised(on_device)
assert isinstance(result, metate.DeviceArray)
np.testing.assert_allclose(metate.asnumpy(result), standardised(height), rtol=1e-12)

# %% [markdown]
# ## Parallel functions
#
# A function under `njit(parallel=True)` that is given device arrays runs its loops on their device.


# %%
@njit(parallel=True)
def rain(height, water):
    """Lets a part of the water flow to the lowest neighbour."""
    rows, columns = height.shape
    flown = np.zeros_like(water)
    for i in prange(1, rows - 1):
        for j in range(1, columns - 1):
            lowest = 0.0
            for k in range(-1, 2):
                for m in range(-1, 2):
                    drop = height[i, j] + water[i, j] - height[i + k, j + m] - water[i + k, j + m]
                    lowest = max(lowest, drop)
            flown[i, j] = min(water[i, j], lowest / 2)
    return flown


water = np.full(height.shape, 0.1)
np.testing.assert_allclose(metate.asnumpy(rain(on_device, metate.asarray(water))), rain(height, water), rtol=1e-12)
rain.parallel_diagnostics()

# %% [markdown]
# ## Exchange without a copy
#
# DLPack hands memory of kind "shared" to other libraries, here to NumPy: both see the same elements.

# %%
shared = metate.asarray(height, usm_type="shared")
view = np.from_dlpack(shared)
shared += 100
assert view[0, 0] == height[0, 0] + 100

# %% [markdown]
# PyTorch takes part in the same way, where it is installed: `torch.from_dlpack` makes a tensor in the memory of the device array,
# whatever either of them writes is seen by the other, and `metate.from_dlpack` brings a tensor to the device. Compiled functions
# take a tensor as `np.from_dlpack(tensor)`, also without a copy. (A tensor that takes part in gradients has to be `detach`ed.)

# %%
try:
    import torch
except ModuleNotFoundError:
    print("PyTorch is not installed, so this part is left out: pip install torch")
else:

    @njit
    def drops(x):
        """How many steps along the rows lead down."""
        count = 0
        for i in range(x.shape[0]):
            for j in range(1, x.shape[1]):
                count += x[i, j] < x[i, j - 1]
        return count

    tensor = torch.from_dlpack(shared)
    tensor.mul_(2)  # PyTorch writes, the device array sees it ...
    np.testing.assert_array_equal(metate.asnumpy(shared), 2 * (height + 100))
    shared /= 2  # ... and the other way round
    assert tensor[0, 0] == height[0, 0] + 100
    smooth = torch.nn.functional.avg_pool2d(tensor[None], 5)[0]
    print(drops(np.from_dlpack(tensor)), "steps down,", drops(np.from_dlpack(smooth)), "in the smoothed model")
    result_of_both = standardised(metate.from_dlpack(smooth))
    print("back on the device:", result_of_both.device, result_of_both.shape)

# %%
plt.figure(figsize=(6, 5))
plt.imshow(metate.asnumpy(result), cmap="terrain")
plt.colorbar(label="standard deviations from the mean")
plt.show()
