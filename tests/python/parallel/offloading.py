"""What the tests of offloading share."""

import io

import numpy as np

import metate


def launches(function):
    """How many kernels the nests of `function` have been, over all of its versions for devices."""
    return sum(sum(counts.values()) for _, for_device, nests in function._nests() if for_device
               for *_, counts, _, _ in nests if counts)


def same(got, expected):
    """The very same numbers, in a device array."""
    assert isinstance(got, metate.DeviceArray)
    got = metate.asnumpy(got)
    assert got.dtype == expected.dtype and got.shape == expected.shape
    np.testing.assert_array_equal(got, expected)


def diagnostics(function, **options):
    file = io.StringIO()
    function.parallel_diagnostics(file=file, **options)
    return file.getvalue()
