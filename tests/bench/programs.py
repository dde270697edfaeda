"""The programs that are measured, as plain Python: Metate and Numba compile the same text.

Arrays are arguments; what a program computes it writes to arrays or returns. limits.c has the same ones.
"""

import math

import numpy as np

from metate import prange


def add(a, b, c):
    for i in range(len(a)):
        c[i] = a[i] + b[i]


def expression(x, y, z):
    return np.sqrt(x * x + y * y) * 2.5 + z


def sum_of_two(x, y):
    return x + y


def scaled(x):
    return 2.5 * x


def sine(x):
    return np.sin(x)


def is_less(x, y):
    return x < y


def total(x):
    return np.sum(x)


def greatest(x):
    return np.max(x)


def place_of_greatest(x):
    return np.argmax(x)


def row_totals(x):
    return np.sum(x, axis=1)


def sine_cosine_total(x):
    return np.sum(np.sin(x) ** 2 + np.cos(x) ** 2)


def sin_all(x, out):
    for i in range(len(x)):
        out[i] = np.sin(x[i])


def exp_all(x, out):
    for i in range(len(x)):
        out[i] = np.exp(x[i])


def log_all(x, out):
    for i in range(len(x)):
        out[i] = np.log(x[i])


def tanh_all(x, out):
    for i in range(len(x)):
        out[i] = np.tanh(x[i])


def mandelbrot(counts, limit):
    height, width = counts.shape
    for row in range(height):
        for column in range(width):
            c = complex(-2.0 + 3.0 * column / width, -1.25 + 2.5 * row / height)
            z = 0j
            steps = 0
            while steps < limit and abs(z) <= 2.0:
                z = z * z + c
                steps += 1
            counts[row, column] = steps


def n_body(x, y, z, vx, vy, vz, mass, step):
    """One step of gravity between all pairs, softened."""
    n = len(x)
    for i in range(n):
        ax = 0.0
        ay = 0.0
        az = 0.0
        for j in range(n):
            dx = x[j] - x[i]
            dy = y[j] - y[i]
            dz = z[j] - z[i]
            squared = dx * dx + dy * dy + dz * dz + 1e-9
            pull = mass[j] / (squared * math.sqrt(squared))
            ax += dx * pull
            ay += dy * pull
            az += dz * pull
        vx[i] += step * ax
        vy[i] += step * ay
        vz[i] += step * az
    for i in range(n):
        x[i] += step * vx[i]
        y[i] += step * vy[i]
        z[i] += step * vz[i]


def life(board, after):
    """One generation; the border stays as it is."""
    n, m = board.shape
    for i in range(1, n - 1):
        for j in range(1, m - 1):
            around = (
                board[i - 1, j - 1] + board[i - 1, j] + board[i - 1, j + 1]
                + board[i, j - 1] + board[i, j + 1]
                + board[i + 1, j - 1] + board[i + 1, j] + board[i + 1, j + 1]
            )
            after[i, j] = 1 if around == 3 or (around == 2 and board[i, j] == 1) else 0


def floyd_warshall(distance):
    n = distance.shape[0]
    for k in range(n):
        for i in range(n):
            to_k = distance[i, k]
            for j in range(n):
                distance[i, j] = min(distance[i, j], to_k + distance[k, j])


def black_scholes(spot, strike, years, rate, volatility, call, put):
    """With NumPy's functions, which do not raise."""
    for i in range(len(spot)):
        root = volatility * np.sqrt(years[i])
        d1 = (np.log(spot[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / root
        d2 = d1 - root
        below1 = 0.5 * math.erfc(-d1 * 0.7071067811865476)
        below2 = 0.5 * math.erfc(-d2 * 0.7071067811865476)
        paid = strike[i] * np.exp(-rate * years[i])
        call[i] = spot[i] * below1 - paid * below2
        put[i] = paid * (1.0 - below2) - spot[i] * (1.0 - below1)


def black_scholes_raising(spot, strike, years, rate, volatility, call, put):
    """With Python's functions, each of which may raise."""
    for i in range(len(spot)):
        root = volatility * math.sqrt(years[i])
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / root
        d2 = d1 - root
        below1 = 0.5 * math.erfc(-d1 * 0.7071067811865476)
        below2 = 0.5 * math.erfc(-d2 * 0.7071067811865476)
        paid = strike[i] * math.exp(-rate * years[i])
        call[i] = spot[i] * below1 - paid * below2
        put[i] = paid * (1.0 - below2) - spot[i] * (1.0 - below1)


def jacobi(u, v, sweeps):
    """The 5-point mean, to and fro between two arrays."""
    n, m = u.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                v[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                u[i, j] = 0.25 * (v[i - 1, j] + v[i + 1, j] + v[i, j - 1] + v[i, j + 1])


def hill_shade(z, dx, dy, azimuth, altitude, out):
    """Brightness 0..1 of the surface `z` lit from `azimuth` and `altitude` (radians); the border stays as it is."""
    sun_east = math.sin(azimuth) * math.cos(altitude)
    sun_north = math.cos(azimuth) * math.cos(altitude)
    sun_up = math.sin(altitude)
    for i in range(1, z.shape[0] - 1):
        for j in range(1, z.shape[1] - 1):
            east = (z[i, j + 1] - z[i, j - 1]) / (2 * dx)
            north = (z[i - 1, j] - z[i + 1, j]) / (2 * dy)
            light = (sun_up - east * sun_east - north * sun_north) / math.sqrt(1 + east * east + north * north)
            out[i, j] = light if light > 0.0 else 0.0


def prange_region(a, b, c):
    for i in prange(len(a)):
        c[i] = a[i] + b[i]


def add_two(a, b):
    return a + b


def first_of(a):
    return a[0]


def six_arguments(a, b, c, x, y, z):
    c[0] = a[0] * x + b[0] * y + z


def tuple_total(pair):
    return pair[0] + pair[1]
