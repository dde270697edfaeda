# %% [markdown]
# # Stars, with memory that a work-group shares
#
# A small cluster of stars that attract each other. Each work-group copies positions into *local memory*, which all of its
# work-items read: the classical way to make such a kernel fast on a GPU. The kernel checker then finds a fault that we put in.

# %%
import matplotlib.pyplot as plt
import numpy as np

import metate
from metate import NdRange, call_kernel, kernel
from metate.kernel_api import LocalAccessor, group_barrier

STARS, GROUP, SOFTENING = 1024, 64, 0.05
rng = np.random.default_rng(3)
direction = rng.normal(size=(STARS, 3))
direction /= np.linalg.norm(direction, axis=1, keepdims=True)
# H. C. Plummer's density of globular clusters (1911)
position = direction / np.sqrt(rng.uniform(0.05, 0.95, STARS) ** (-2 / 3) - 1)[:, None]
mass = np.full(STARS, 1 / STARS)
velocity = 0.5 * np.cross(position, [0, 0, 1]) / (1 + np.linalg.norm(position, axis=1, keepdims=True) ** 2) ** 0.75

# %% [markdown]
# ## The kernel
#
# Each work-item is a star. Tile by tile the items of a group fetch a star each into local memory, wait for each other at a barrier, and
# go through the tile.


# %%
@kernel
def accelerate(item, position, mass, acceleration, tile):
    i = item.get_global_id(0)
    mine = item.get_local_id(0)
    ax = ay = az = 0.0
    for first in range(0, position.shape[0], item.get_local_range(0)):
        for k in range(3):
            tile[mine, k] = position[first + mine, k]
        tile[mine, 3] = mass[first + mine]
        group_barrier(item.get_group())
        for j in range(item.get_local_range(0)):
            dx = tile[j, 0] - position[i, 0]
            dy = tile[j, 1] - position[i, 1]
            dz = tile[j, 2] - position[i, 2]
            square = dx * dx + dy * dy + dz * dz + SOFTENING**2
            pull = tile[j, 3] / (square * np.sqrt(square))
            ax += pull * dx
            ay += pull * dy
            az += pull * dz
        group_barrier(item.get_group())
    acceleration[i, 0] = ax
    acceleration[i, 1] = ay
    acceleration[i, 2] = az


def accelerations(position, kernel=accelerate):
    result = np.empty_like(position)
    tile = LocalAccessor((GROUP, 4), np.float64)
    call_kernel(kernel, NdRange((STARS,), (GROUP,)), position, mass, result, tile)
    return result


apart = position[None] - position[:, None]
square = (apart**2).sum(axis=2) + SOFTENING**2
expected = (mass[None, :, None] * apart / square[:, :, None] ** 1.5).sum(axis=1)
np.testing.assert_allclose(accelerations(position), expected, rtol=1e-9, atol=1e-12)

# %% [markdown]
# ## Time goes on
#
# The leapfrog method keeps the energy. We follow three of the stars.


# %%
def energy(position, velocity):
    apart = np.sqrt(((position[None] - position[:, None]) ** 2).sum(axis=2) + SOFTENING**2)
    potential = -(mass[:, None] * mass[None] / apart).sum() / 2 + (mass**2 / SOFTENING).sum() / 2
    return (mass * (velocity**2).sum(axis=1)).sum() / 2 + potential


before, step, path = energy(position, velocity), 0.02, []
pull = accelerations(position)
for _ in range(100):
    velocity += step / 2 * pull
    position += step * velocity
    pull = accelerations(position)
    velocity += step / 2 * pull
    path.append(position[:3].copy())
change = energy(position, velocity) / before - 1
assert abs(change) < 0.01
print(f"energy changed by {change:.2e} in {len(path)} steps")

# %%
plt.figure(figsize=(5, 5))
plt.scatter(position[:, 0], position[:, 1], s=2)
for star in np.swapaxes(path, 0, 1):
    plt.plot(star[:, 0], star[:, 1])
plt.axis("equal")
plt.xlim(-4, 4)
plt.ylim(-4, 4)
plt.show()

# %% [markdown]
# ## A fault, and who finds it
#
# Without the first barrier an item may read a star that its neighbour has not fetched yet. On this machine, today, the result may still be
# right. With `check=True` the kernel runs watched, and says so.


# %%
@kernel(check=True)
def without_barrier(item, position, mass, acceleration, tile):
    i = item.get_global_id(0)
    mine = item.get_local_id(0)
    tile[mine, 0] = position[i, 0]
    neighbour = (mine + 1) % item.get_local_range(0)
    acceleration[i, 0] = tile[neighbour, 0]


try:
    accelerations(position, without_barrier)
except metate.errors.KernelCheckError as error:
    print(error)
else:
    raise AssertionError("the fault was not found")
