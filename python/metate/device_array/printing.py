"""Device arrays as text: NumPy's way, with options of their own beside NumPy's."""

import contextlib

import numpy as np

from . import creation

_NAMES = ("precision", "threshold", "edgeitems", "linewidth", "suppress", "nanstr", "infstr", "sign", "floatmode")
_options = {}  # those that were set, by name; NumPy's hold for the others


def _checked(options):
    given = {name: value for name, value in options.items() if value is not None}
    if unknown := given.keys() - set(_NAMES):
        raise TypeError(f"arrays are not printed by an option {min(unknown)!r}; there are {', '.join(_NAMES)}")
    with np.printoptions(**given):  # which raises for values that make no sense
        return given


def set_print_options(*, numpy=False, **options):
    """How device arrays are printed from now on: options of `numpy.set_printoptions`; with `numpy` as NumPy prints."""
    given = _checked(options)
    if numpy:
        _options.clear()
    _options.update(given)


def get_print_options():
    """How device arrays are printed, as a dictionary."""
    of_numpy = np.get_printoptions()
    return {name: _options.get(name, of_numpy[name]) for name in _NAMES}


@contextlib.contextmanager
def print_options(**options):
    """`set_print_options` for a `with` block, which gives the options."""
    before = dict(_options)
    set_print_options(**options)
    try:
        yield get_print_options()
    finally:
        _options.clear()
        _options.update(before)


def text_of(array, **options):
    """What ``str`` says of an array, whose elements are brought to the host for that."""
    with np.printoptions(**(_options | _checked(options))):
        return str(creation.asnumpy(array))


def listed(array, prefix, **options):
    """The elements with commas, the following lines indented as behind `prefix`."""
    with np.printoptions(**(_options | _checked(options))):
        return np.array2string(creation.asnumpy(array), separator=", ", prefix=prefix)
