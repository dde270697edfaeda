"""test_metrics – compiled functions as metrics of scikit-learn."""

import numpy as np
import pytest
from metate import njit

pytest.importorskip("sklearn")
from sklearn.metrics import pairwise_distances  # noqa: E402
from sklearn.neighbors import KNeighborsClassifier  # noqa: E402


@njit
def chessboard(x, y):
    most = 0.0
    for i in range(len(x)):
        most = max(most, abs(x[i] - y[i]))
    return most


def test_pairwise_distances():
    x = np.random.default_rng(2).normal(size=(30, 4))
    np.testing.assert_array_equal(pairwise_distances(x, metric=chessboard), pairwise_distances(x, metric="chebyshev"))


def test_nearest_neighbours():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(60, 3)), rng.integers(0, 3, 60)
    ours, theirs = (KNeighborsClassifier(3, metric=metric).fit(x, y) for metric in (chessboard, "chebyshev"))
    where = rng.normal(size=(40, 3))
    np.testing.assert_array_equal(ours.predict(where), theirs.predict(where))
