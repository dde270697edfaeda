"""test_tables – columns of pandas and arrays of xarray, which are NumPy arrays inside."""

import numpy as np
import pytest
from metate import guvectorize, njit, vectorize

pd = pytest.importorskip("pandas")
xr = pytest.importorskip("xarray")


@njit
def drawdown(prices):
    """The greatest loss from a peak, as a part of it."""
    peak, worst = prices[0], 0.0
    for price in prices:
        peak = max(peak, price)
        worst = max(worst, 1 - price / peak)
    return worst


PRICES = np.array([100.0, 120.0, 90.0, 95.0, 130.0, 65.0])


def test_a_column_is_taken_as_a_view():
    table = pd.DataFrame({"price": PRICES, "day": np.arange(6)})
    column = table["price"].to_numpy()
    assert drawdown(column) == drawdown.py_func(PRICES) == 0.5
    assert not column.flags.writeable  # what pandas hands out since 3.0

    @njit
    def overwrite(x):
        x[0] = 0

    with pytest.raises(TypeError, match="MT3001"):
        overwrite(column)
    writeable = np.array(column)
    overwrite(writeable)
    assert table["price"][0] == 100


def test_windows_and_groups():
    series = pd.Series(PRICES)
    windows = series.rolling(3).apply(drawdown, raw=True)
    np.testing.assert_allclose(windows[2:], [drawdown.py_func(PRICES[i:i + 3]) for i in range(4)])
    groups = pd.DataFrame({"price": PRICES, "half": [0, 0, 0, 1, 1, 1]}).groupby("half")["price"]
    np.testing.assert_allclose(groups.agg(lambda x: drawdown(x.to_numpy())), [0.25, 0.5])


def test_ufuncs_keep_the_labels():
    @vectorize(["float64(float64, float64)"])
    def relative(x, y):
        return (x - y) / y

    series = pd.Series(PRICES, index=list("abcdef"))
    result = relative(series, 100.0)
    assert isinstance(result, pd.Series) and list(result.index) == list("abcdef")
    np.testing.assert_allclose(result, PRICES / 100 - 1)
    array = xr.DataArray(PRICES.reshape(2, 3), dims=("row", "column"))
    result = relative(array, 100.0)
    assert result.dims == ("row", "column")
    np.testing.assert_allclose(result, PRICES.reshape(2, 3) / 100 - 1)


def test_generalised_ufuncs_along_a_dimension():
    @guvectorize(["void(float64[:], float64[:])"], "(n)->()")
    def worst(prices, result):
        result[0] = drawdown(prices)

    array = xr.DataArray(PRICES.reshape(2, 3), dims=("row", "day"), coords={"row": [10, 20]})
    result = xr.apply_ufunc(worst, array, input_core_dims=[["day"]])
    assert result.dims == ("row",)
    np.testing.assert_allclose(result.sel(row=20), 0.5)
