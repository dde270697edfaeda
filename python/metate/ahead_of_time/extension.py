"""extension – functions as a module that CPython imports."""

import os
import sys

from .. import types
from ..errors import AheadOfTimeError

#: As python/module/arguments.h has them.
_MOST_PARAMETERS, _MOST_SLOTS = 64, 512


def archive():
    """What makes a module of compiled code: for this CPython alone if it is 3.10, else for it and all later ones."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "libmetate_module.a")


def _slots(given):
    if isinstance(given, types.Array):
        return 2 + 2 * given.ndim
    return 2 if given in (types.complex64, types.complex128) else 1


def arrange(exports, out, name):
    """The exports with all versions of a name side by side, in the order in which they are tried."""
    if not out.endswith(".so"):
        suffix = ".abi3.so" if sys.version_info >= (3, 11) else ".so"
        raise AheadOfTimeError(f"the name of an extension module ends in .so, as {name}{suffix} does, and {os.path.basename(out)!r} "
                               "does not")
    if not name.isidentifier() or not name.isascii():
        raise AheadOfTimeError(f"a module cannot be called {name!r}: its name is that of the file, up to the first dot")
    groups = {}
    for each in exports:
        args = each.signature.args
        if len(args) > _MOST_PARAMETERS or sum(map(_slots, args)) > _MOST_SLOTS:
            raise AheadOfTimeError(f"{each.name} has too many parameters for an extension module")
        group = groups.setdefault(each.name, [])
        if args in [other.signature.args for other in group]:
            raise AheadOfTimeError(f"{each.name} is exported twice for ({', '.join(map(str, args))})")
        group.append(each)
    return [each for group in groups.values() for each in group]
