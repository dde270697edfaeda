# %% [markdown]
# # Functions for others: ufuncs, and callbacks for SciPy
#
# `vectorize` makes a ufunc of a function of numbers: it broadcasts, takes `out=` and reduces as NumPy's own do. `cfunc` makes a
# function that C can call, which SciPy takes for its integrals and filters. The data are prices that Matplotlib ships.

# %%
import timeit

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook
from scipy import LowLevelCallable, integrate

from metate import cfunc, guvectorize, vectorize

prices = np.ascontiguousarray(cbook.get_sample_data("goog.npz")["price_data"]["adj_close"])

# %% [markdown]
# ## A ufunc
#
# The soft threshold, which shrinks small changes to nothing.


# %%
@vectorize
def shrink(x, threshold):
    if x > threshold:
        return x - threshold
    if x < -threshold:
        return x + threshold
    return x * 0


changes = np.diff(np.log(prices))
print(shrink(0.05, 0.02), shrink(changes[:3], 0.01))
table = shrink(changes[:, None], [0.0, 0.01, 0.02])  # broadcasts
assert table.shape == (len(changes), 3)
np.testing.assert_allclose(table[:, 1], np.sign(changes) * np.maximum(abs(changes) - 0.01, 0), atol=1e-15)
print(f"days that are left: {(table != 0).sum(axis=0)}")

# %% [markdown]
# ## A generalised ufunc
#
# It works on rows of an array of any number of dimensions: here an exponential average along the last axis.


# %%
@guvectorize(["void(float64[:], float64, float64[:])"], "(n),()->(n)")
def exponential_average(x, weight, result):
    result[0] = x[0]
    for i in range(1, len(x)):
        result[i] = weight * x[i] + (1 - weight) * result[i - 1]


weights = np.array([0.3, 0.1, 0.03])
averages = exponential_average(prices, weights)
assert averages.shape == (3, len(prices))

# %%
plt.figure(figsize=(9, 4))
plt.plot(prices, color="lightgrey", label="price")
for weight, average in zip(weights, averages):
    plt.plot(average, label=f"average, weight {weight}")
plt.xlabel("day")
plt.ylabel("dollars")
plt.legend()
plt.show()

# %% [markdown]
# ## A callback for SciPy
#
# An integrand is called thousands of times. As a Python function each call goes through the interpreter; as a C function none does.


# %%
def density(x):
    return np.exp(-x * x / 2) / (1 + 0.5 * np.sin(5 * x) ** 2)


compiled = cfunc("float64(float64)")(density)
callable_by_c = LowLevelCallable(compiled.ctypes)
value = integrate.quad(callable_by_c, -10, 10, limit=200)[0]
assert abs(value - integrate.quad(density, -10, 10, limit=200)[0]) < 1e-9
for name, function in {"Python": density, "cfunc": callable_by_c}.items():
    seconds = min(timeit.repeat(lambda: integrate.quad(function, -10, 10, limit=200), number=1, repeat=5))
    print(f"{name:<8}{seconds * 1e6:8.0f} microseconds for one integral")
