"""test_pickled_kernels – kernels and their functions travel to other processes, as the functions of njit do."""

import pickle

import metate
import numpy as np
import pytest
from metate import device_func, get_global_id, kernel


@device_func
def half(x):
    return x / 2


@kernel
def halve(x):
    i = get_global_id(0)
    x[i] = half(x[i])


def test_by_name():
    assert pickle.loads(pickle.dumps(halve)) is halve
    assert pickle.loads(pickle.dumps(half)) is half


def rebuilt(made):
    """As pickle makes it again where it takes functions by value."""
    _, (_, make, arguments) = made.__reduce__()
    return make(arguments[0], *pickle.loads(pickle.dumps(arguments[1:])))


def test_by_value():
    """Options and signatures go along."""
    third = device_func("float32(float32)")(lambda x: x / 3)

    @kernel("void(float64[:])", boundscheck=False, cache_size=7, check=True)
    def divide(x):
        i = get_global_id(0)
        x[i] = third(x[i])

    again = rebuilt(divide)
    assert again is not divide and again.signatures == divide.signatures
    with pytest.raises(TypeError, match="MT6004"):
        again[4](np.ones(4, np.complex128))
    with pytest.raises(metate.errors.KernelCheckError):
        again[5](np.ones(4))
    x = np.ones(4)
    again[4](x)
    np.testing.assert_array_equal(x, np.float32(1) / np.float32(3))
    assert rebuilt(third)._signatures == third._signatures


def test_by_value_where_the_name_is_taken():
    shadowed = kernel(halve.py_func)
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(shadowed)
