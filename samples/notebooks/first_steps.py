# %% [markdown]
# # First steps
#
# `njit` compiles a Python function the first time it is called, and runs machine code from then on. The data here are the
# daily prices of a share that Matplotlib ships among its samples.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook

from metate import njit

table = cbook.get_sample_data("goog.npz")["price_data"]
days, prices = table["date"], np.ascontiguousarray(table["adj_close"])
print(f"{len(prices)} days, from {days[0]} to {days[-1]}")

# %% [markdown]
# ## A loop that NumPy has no function for
#
# The *drawdown* of a day is what somebody has lost who bought at the highest price so far. Each day depends on the ones
# before it, so it is a loop.


# %%
def drawdowns(prices):
    result = np.empty_like(prices)
    peak = prices[0]
    for i in range(len(prices)):
        peak = max(peak, prices[i])
        result[i] = 1 - prices[i] / peak
    return result


fast_drawdowns = njit(drawdowns)

began = time.perf_counter()
expected = drawdowns(prices)
in_python = time.perf_counter() - began

began = time.perf_counter()
fast_drawdowns(prices)
first_call = time.perf_counter() - began

began = time.perf_counter()
result = fast_drawdowns(prices)
second_call = time.perf_counter() - began

assert np.array_equal(result, expected)
print(f"Python {in_python * 1e3:.2f} ms, first call {first_call * 1e3:.1f} ms, second call {second_call * 1e6:.0f} microseconds")

# %%
figure, (above, below) = plt.subplots(2, sharex=True, figsize=(9, 5))
above.plot(days, prices)
above.set_ylabel("price in dollars")
below.fill_between(days, -100 * result, color="tab:red", alpha=0.5)
below.set_ylabel("loss from the peak in %")
figure.autofmt_xdate()
plt.show()

# %% [markdown]
# ## A function that calls another
#
# Compiled functions call each other, and take other functions' code along. Here a search for the best pair of averages to
# trade by: some thousand passes over the prices.


# %%
@njit
def average(prices, i, length):
    total = 0.0
    for k in range(i - length + 1, i + 1):
        total += prices[k]
    return total / length


@njit
def gain(prices, short, long):
    """What an investment grows to that is in the market while the short average is above the long one."""
    wealth = 1.0
    for i in range(long - 1, len(prices) - 1):
        if average(prices, i, short) > average(prices, i, long):
            wealth *= prices[i + 1] / prices[i]
    return wealth


shorts, longs = np.arange(2, 20), np.arange(20, 100, 2)
began = time.perf_counter()
grid = np.array([[gain(prices, short, long) for long in longs] for short in shorts])
print(f"{grid.size} pairs in {time.perf_counter() - began:.2f} s; buying and holding gives {prices[-1] / prices[0]:.2f}")

# %%
plt.figure(figsize=(8, 3))
plt.pcolormesh(longs, shorts, grid, shading="nearest")
plt.colorbar(label="growth")
plt.xlabel("days of the long average")
plt.ylabel("days of the short one")
plt.show()

# %% [markdown]
# ## Errors are Python's
#
# An index out of bounds is an `IndexError` with the line of the function, as without `njit`.

# %%
try:
    average(prices, 10**6, 3)
except IndexError as error:
    print(error)
