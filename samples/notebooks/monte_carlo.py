# %% [markdown]
# # Options: a formula and a simulation
#
# The price of a call option by Black and Scholes's formula and by simulating the share, with random numbers that are the
# same on any number of threads and on any device. How much the share moves is taken from the prices that Matplotlib ships.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook

import metate
from metate import get_global_id, kernel, njit, prange
from metate.kernel_api import random_normal

prices = cbook.get_sample_data("goog.npz")["price_data"]["adj_close"]
returns = np.diff(np.log(prices))
spot, volatility, rate = float(prices[-1]), float(returns.std() * math.sqrt(252)), 0.03
print(f"price {spot:.2f} dollars, volatility {volatility:.0%} a year")

# %% [markdown]
# ## The formula, for many options at once
#
# An array expression under `parallel=True` is one loop on all cores.


# %%
@njit(parallel=True)
def call_price(strike, years):
    d1 = (np.log(spot / strike) + (rate + volatility**2 / 2) * years) / (volatility * np.sqrt(years))
    d2 = d1 - volatility * np.sqrt(years)
    return spot * normal(d1) - strike * np.exp(-rate * years) * normal(d2)


@njit
def normal(x):
    """The distribution function of the standard normal distribution (Abramowitz and Stegun 26.2.17, error below 7.5e-8)."""
    k = 1 / (1 + 0.2316419 * np.abs(x))
    tail = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
    lower = tail * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return np.where(x > 0, 1 - lower, lower)


strikes = spot * np.linspace(0.7, 1.3, 121)
formula = call_price(strikes, np.full(121, 0.5))

# %% [markdown]
# ## The simulation, on all cores
#
# `random_normal(seed, index)` is a function of its arguments (the Philox generator of Salmon and others, 2011): each path and
# step has numbers of its own, whichever thread computes it.

# %%
STEPS = 50


@njit(parallel=True)
def simulate(seed, ends, years):
    step = years / STEPS
    for path in prange(len(ends)):
        log_price = 0.0
        for i in range(STEPS):
            log_price += (rate - volatility**2 / 2) * step + volatility * math.sqrt(step) * random_normal(seed, path * STEPS + i)
        ends[path] = spot * math.exp(log_price)


ends = np.empty(100_000)
simulate(7, ends, 0.5)
paid = np.maximum(ends - strikes[:, None], 0) * math.exp(-rate * 0.5)
simulated, error = paid.mean(axis=1), paid.std(axis=1) / math.sqrt(len(ends))
assert (abs(simulated - formula) < 5 * error + 1e-3).all()

# %% [markdown]
# One thread gives the same bits:

# %%
most, again = metate.get_num_threads(), np.empty_like(ends)
metate.set_num_threads(1)
simulate(7, again, 0.5)
metate.set_num_threads(most)
assert np.array_equal(ends, again)

# %% [markdown]
# ## The same in a kernel


# %%
@kernel
def simulate_item(seed, ends, years):
    path = get_global_id(0)
    step = years / STEPS
    log_price = 0.0
    for i in range(STEPS):
        log_price += (rate - volatility**2 / 2) * step + volatility * math.sqrt(step) * random_normal(seed, path * STEPS + i)
    ends[path] = spot * math.exp(log_price)


on_device = metate.empty(len(ends))
simulate_item[len(ends)](7, on_device, 0.5)
np.testing.assert_allclose(metate.asnumpy(on_device), ends, rtol=1e-12)
print(f"at the money: formula {formula[60]:.3f}, simulation {simulated[60]:.3f} ± {error[60]:.3f}")

# %%
plt.figure(figsize=(8, 4))
plt.plot(strikes, formula, label="formula")
plt.errorbar(strikes[::10], simulated[::10], 2 * error[::10], fmt="o", label="simulation, two standard errors")
plt.xlabel("strike in dollars")
plt.ylabel("price of the option in dollars")
plt.legend()
plt.show()
