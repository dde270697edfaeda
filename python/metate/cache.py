"""The cache on disk: code that earlier processes compiled, found by all that it depends on.

It is on unless the environment says METATE_CACHE=0; functions and kernels with the option ``cache=False`` leave it alone. Its
folder is METATE_CACHE_DIR, or else `metate` in XDG_CACHE_HOME or ~/.cache; where that cannot be used, programs run without it,
after one RuntimeWarning. Entries depend on bytecode, constants, frozen globals and arrays, options and argument types, the CPU,
and the build of Metate, so that none is ever out of date. The least recently used ones go where there are more bytes than
METATE_CACHE_SIZE says (digits, with K, M, G or T if need be; 1 GiB by default).
"""

from . import _metate


def path():
    """The folder of this process's cache; None where it is off or cannot be used."""
    return _metate.cache_path()


def info():
    """The `path` of the folder, the number of `entries` in it, their `bytes` and the `limit` of these, as a dict.

    Raises OSError where the folder cannot be used: made, or trusted.
    """
    found = _metate.cache_info()
    del found["damaged"]
    return found


def verify():
    """Read every entry and remove the damaged ones: as `info`, and how many were `damaged`."""
    return _metate.cache_verify()


def clear():
    """Remove all entries. Returns what `info` said before."""
    found = _metate.cache_clear()
    del found["damaged"]
    return found


def counts():
    """How often this process found compiled code (`hits`), and not (`misses`), as a dict; None where the cache is off.

    `uncachable` counts compiles that depend on what has no content to find it by: an arbitrary object, a C function.
    """
    return _metate.cache_counts()
