# %% [markdown]
# # Clusters of handwritten digits
#
# Lloyd's algorithm for k-means, and pairwise distances, beside scikit-learn's. The data are scikit-learn's 1,797 pictures of
# handwritten digits, of 8 x 8 points each.

# %%
import timeit

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.metrics import pairwise_distances

from metate import njit, prange

x, digits = load_digits(return_X_y=True)

# %% [markdown]
# ## Distances of all pairs


# %%
@njit(parallel=True, fastmath=True)
def distances(x):
    result = np.empty((len(x), len(x)))
    for i in prange(len(x)):
        for j in range(len(x)):
            total = 0.0
            for k in range(x.shape[1]):
                total += (x[i, k] - x[j, k]) ** 2
            result[i, j] = np.sqrt(total)
    return result


np.testing.assert_allclose(distances(x), pairwise_distances(x), atol=1e-5)
for name, function in {"Metate": distances, "scikit-learn": pairwise_distances}.items():
    print(f"{name:<13}{1e3 * min(timeit.repeat(lambda: function(x), number=1, repeat=5)):6.1f} ms")

# %% [markdown]
# ## k-means
#
# Each point goes to the nearest centre, then each centre to the mean of its points, until nothing changes.


# %%
@njit(parallel=True)
def assign(x, centres, labels):
    """Gives each point the number of its nearest centre, and returns the sum of the squared distances."""
    inertia = 0.0
    for i in prange(len(x)):
        best, nearest = np.inf, 0
        for c in range(len(centres)):
            total = 0.0
            for k in range(x.shape[1]):
                total += (x[i, k] - centres[c, k]) ** 2
            if total < best:
                best, nearest = total, c
        labels[i] = nearest
        inertia += best
    return inertia


@njit
def move(x, centres, labels):
    sizes = np.zeros(len(centres))
    centres[:] = 0
    for i in range(len(x)):
        sizes[labels[i]] += 1
        for k in range(x.shape[1]):
            centres[labels[i], k] += x[i, k]
    for c in range(len(centres)):
        for k in range(x.shape[1]):
            centres[c, k] /= max(sizes[c], 1.0)


def k_means(x, centres):
    centres, labels = centres.copy(), np.zeros(len(x), np.int64)
    before = np.inf
    while (inertia := assign(x, centres, labels)) < before:
        before = inertia
        move(x, centres, labels)
    return centres, labels, inertia


start = x[np.random.default_rng(1).choice(len(x), 10, replace=False)]
centres, labels, inertia = k_means(x, start)
theirs = KMeans(10, init=start, n_init=1, algorithm="lloyd", tol=0).fit(x)
assert abs(inertia / theirs.inertia_ - 1) < 1e-6
print(f"inertia {inertia:.0f}, scikit-learn's {theirs.inertia_:.0f}")
for name, function in {"Metate": lambda: k_means(x, start),
                       "scikit-learn": lambda: KMeans(10, init=start, n_init=1, algorithm="lloyd", tol=0).fit(x)}.items():
    print(f"{name:<13}{1e3 * min(timeit.repeat(function, number=1, repeat=5)):6.1f} ms")

# %%
figure, axes = plt.subplots(2, 5, figsize=(8, 3.5))
for c, axis in enumerate(axes.flat):
    axis.imshow(centres[c].reshape(8, 8), cmap="gray_r")
    axis.set_title(f"mostly {np.bincount(digits[labels == c], minlength=10).argmax()}")
    axis.axis("off")
plt.show()
