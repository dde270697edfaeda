"""The kernels that are measured. Where a function of the same name in programs.py or here says what they compute, it is
compiled for threads, with `prange`, and the kernel is held against it."""

import math

import metate
import numpy as np
from metate import get_global_id, get_group_id, get_local_id, prange

GROUP = 256
TILE = 16


@metate.kernel
def empty_kernel(a):
    pass


def add(a, b, c):
    for i in prange(len(a)):
        c[i] = a[i] + b[i]


@metate.kernel
def add_kernel(a, b, c):
    i = get_global_id(0)
    c[i] = a[i] + b[i]


def stencil(u, v):
    for i in prange(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            v[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])


@metate.kernel
def stencil_kernel(u, v):
    i = get_global_id(0) + 1
    j = get_global_id(1) + 1
    v[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])


def mandelbrot(counts, limit):
    for row in prange(counts.shape[0]):
        for column in range(counts.shape[1]):
            real = -2.0 + 3.0 * column / counts.shape[1]
            imaginary = -1.5 + 3.0 * row / counts.shape[0]
            x, y, k = 0.0, 0.0, 0
            while k < limit and x * x + y * y < 4.0:
                x, y = x * x - y * y + real, 2.0 * x * y + imaginary
                k += 1
            counts[row, column] = k


@metate.kernel
def mandelbrot_kernel(counts, limit):
    row = get_global_id(0)
    column = get_global_id(1)
    real = -2.0 + 3.0 * column / counts.shape[1]
    imaginary = -1.5 + 3.0 * row / counts.shape[0]
    x, y, k = 0.0, 0.0, 0
    while k < limit and x * x + y * y < 4.0:
        x, y = x * x - y * y + real, 2.0 * x * y + imaginary
        k += 1
    counts[row, column] = k


def black_scholes(spot, strike, years, rate, volatility, call, put):
    for i in prange(len(spot)):
        root = volatility * math.sqrt(years[i])
        first = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / root
        second = first - root
        discounted = strike[i] * math.exp(-rate * years[i])
        below_first = 0.5 * math.erfc(-first * 0.7071067811865476)
        below_second = 0.5 * math.erfc(-second * 0.7071067811865476)
        call[i] = spot[i] * below_first - discounted * below_second
        put[i] = discounted * (1.0 - below_second) - spot[i] * (1.0 - below_first)


@metate.kernel
def black_scholes_kernel(spot, strike, years, rate, volatility, call, put):
    i = get_global_id(0)
    root = volatility * math.sqrt(years[i])
    first = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / root
    second = first - root
    discounted = strike[i] * math.exp(-rate * years[i])
    below_first = 0.5 * math.erfc(-first * 0.7071067811865476)
    below_second = 0.5 * math.erfc(-second * 0.7071067811865476)
    call[i] = spot[i] * below_first - discounted * below_second
    put[i] = discounted * (1.0 - below_second) - spot[i] * (1.0 - below_first)


def group_sums(x, sums):
    sums[:] = x.reshape(-1, GROUP).sum(axis=1)


@metate.kernel
def group_sums_kernel(x, sums):
    """A tree: 9 barriers, one behind the copy and one behind each of 8 halvings."""
    local = get_local_id(0)
    part = metate.local.array(GROUP, np.float32)
    part[local] = x[get_global_id(0)]
    metate.barrier()
    width = GROUP // 2
    while width > 0:
        if local < width:
            part[local] += part[local + width]
        metate.barrier()
        width //= 2
    if local == 0:
        sums[get_group_id(0)] = part[0]


def product(a, b, c):
    c[:] = a @ b


@metate.kernel
def product_kernel(a, b, c):
    """Tiles of both matrices in local memory; the extents are multiples of TILE."""
    row = get_global_id(0)
    column = get_global_id(1)
    i = get_local_id(0)
    j = get_local_id(1)
    a_tile = metate.local.array((TILE, TILE), np.float32)
    b_tile = metate.local.array((TILE, TILE), np.float32)
    total = np.float32(0)
    for tile in range(a.shape[1] // TILE):
        a_tile[i, j] = a[row, tile * TILE + j]
        b_tile[i, j] = b[tile * TILE + i, column]
        metate.barrier()
        for k in range(TILE):
            total += a_tile[i, k] * b_tile[k, j]
        metate.barrier()
    c[row, column] = total
