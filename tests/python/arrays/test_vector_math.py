"""One value per input, wherever it stands: vectors of any length give the bits that one number alone gives."""

import numpy as np
import pytest
from numpy_twin import assert_same

from metate import njit

NAMES = ["exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "log1p", "expm1", "cbrt",
         "log2", "log10", "exp2", "arcsin", "arccos", "arctan"]
SPECIAL = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e-300, 1e300, -1e300, 710.0, -710.0, 89.0, 1e-40, 0.5, 2.0]


def compiled(name):
    scope = {"np": np}
    exec(f"def of_array(x): return np.{name}(x)", scope)
    return njit(scope["of_array"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_vectors_and_numbers(name, dtype):
    function = compiled(name)
    with np.errstate(all="ignore"):
        x = np.concatenate([np.array(SPECIAL), np.random.default_rng(1).normal(0, 3, 83)]).astype(dtype)
    assert_same(function(x), np.array([function(v) for v in x]))
