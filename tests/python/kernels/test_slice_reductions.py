"""NumPy's reductions of a part of an array in each work-item."""

import numpy as np
import pytest

from metate import get_global_id, kernel

DTYPES = [np.bool_, np.int8, np.uint16, np.int64, np.float16, np.float32, np.float64, np.complex128]


@pytest.mark.parametrize("name", ["any", "all", "sum", "prod", "min", "max", "mean", "argmin", "argmax", "count_nonzero"])
def test_of_rows_and_runs(name):
    reduction = getattr(np, name)

    @kernel
    def rows(x, out):
        i = get_global_id(0)
        out[i] = reduction(x[i])

    @kernel
    def runs(x, out):
        i = get_global_id(0)
        out[i] = reduction(x[2 * i:2 * i + 5])

    for dtype in DTYPES if name in ("any", "all") else [np.bool_, np.int8, np.float32, np.complex128]:
        if dtype is np.complex128 and name in ("min", "max", "argmin", "argmax"):
            continue
        x = (np.arange(24).reshape(4, 6) % 5).astype(dtype)
        x[2] = 0
        flat = x.reshape(-1)
        for k, given, expected in (rows, x, [reduction(row) for row in x]), (
                runs, flat, [reduction(flat[2 * i:2 * i + 5]) for i in range(4)]):
            expected = np.array(expected)
            out = np.zeros_like(expected)
            k[4](given, out)
            np.testing.assert_allclose(out, expected, rtol=4 * np.finfo(out.dtype).eps if out.dtype.kind in "fc" else 0)
