"""extension – functions as a module that CPython imports."""

import os
import sys

from ..errors import AheadOfTimeError


def archive():
    """What makes a module of compiled code: for this CPython alone if it is 3.10, else for it and all later ones."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "libmetate_module.a")


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
        group = groups.setdefault(each.name, [])
        if args in [other.signature.args for other in group]:
            raise AheadOfTimeError(f"{each.name} is exported twice for ({', '.join(map(str, args))})")
        group.append(each)
    return [each for group in groups.values() for each in group]
