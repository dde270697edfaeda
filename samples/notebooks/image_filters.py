# %% [markdown]
# # Image filters
#
# Filters whose value at a point depends on its neighbours: a median, which no sum of arrays gives, and a filter that keeps
# edges. The picture is of Grace Hopper, who wrote the first compiler; Matplotlib ships it.

# %%
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook, image

from metate import njit, prange

with cbook.get_sample_data("grace_hopper.jpg") as file:
    picture = image.imread(file, format="jpg")
grey = picture.astype(np.float32).mean(axis=2) / 255
rng = np.random.default_rng(1)
noisy = grey.copy()
spots = rng.random(grey.shape) < 0.1
noisy[spots] = rng.integers(0, 2, spots.sum())

# %% [markdown]
# ## The median of nine points
#
# The nine values are sorted as far as needed in a tuple's worth of local variables: no memory is touched but the picture.


# %%
@njit
def order(a, b):
    return min(a, b), max(a, b)


@njit
def median_of_three(a, b, c):
    return max(min(a, b), min(max(a, b), c))


@njit(parallel=True)
def median_filter(x):
    """Paeth's selection network (Graphics Gems, 1990): the middle of the least maxima, medians and greatest minima."""
    y = x.copy()
    for i in prange(x.shape[0] - 2):
        for j in range(x.shape[1] - 2):
            low, middle, high = np.float32(-1), np.float32(0), np.float32(2)
            first = second = third = np.float32(0)
            for k in range(3):
                a, b = order(x[i, j + k], x[i + 1, j + k])
                b, c = order(b, x[i + 2, j + k])
                a, b = order(a, b)
                low, high = max(low, a), min(high, c)
                if k == 0:
                    first = b
                elif k == 1:
                    second = b
                else:
                    third = b
            middle = median_of_three(first, second, third)
            y[i + 1, j + 1] = median_of_three(low, middle, high)
    return y


repaired = median_filter(noisy)
windows = np.lib.stride_tricks.sliding_window_view(noisy, (3, 3)).reshape(grey.shape[0] - 2, grey.shape[1] - 2, 9)
assert np.array_equal(repaired[1:-1, 1:-1], np.median(windows, axis=2))
print(f"mean error: {abs(noisy - grey).mean():.4f} before, {abs(repaired - grey).mean():.4f} after")

# %% [markdown]
# ## A filter that keeps edges
#
# The bilateral filter (Tomasi and Manduchi, 1998) weighs neighbours by their distance and by how much their brightness
# differs.


# %%
@njit(parallel=True)
def bilateral_filter(x, radius, distance, difference):
    y = np.empty_like(x)
    rows, columns = x.shape
    for i in prange(rows):
        for j in range(columns):
            total = weights = np.float32(0)
            for k in range(max(i - radius, 0), min(i + radius + 1, rows)):
                for m in range(max(j - radius, 0), min(j + radius + 1, columns)):
                    apart = ((k - i) ** 2 + (m - j) ** 2) / (2 * distance**2)
                    unlike = (x[k, m] - x[i, j]) ** 2 / (2 * difference**2)
                    weight = np.float32(np.exp(-apart - unlike))
                    total += weight * x[k, m]
                    weights += weight
            y[i, j] = total / weights
    return y


smooth = bilateral_filter(repaired, 4, 3.0, 0.1)
assert 0 <= smooth.min() <= smooth.max() <= 1

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 5))
for axis, x, title in zip(axes, (noisy, repaired, smooth), ("with spots", "median", "edges kept")):
    axis.imshow(x, cmap="gray")
    axis.set_title(title)
    axis.axis("off")
plt.show()
