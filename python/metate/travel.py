"""Compiled objects on their way to other processes, by pickle.

One that a module has a name for travels by that name. Others take along what they are made of; where one arrives a second time
it is the object that arrived before, with the code that was compiled for it. Pools send a function anew with each task.
"""

import collections
import sys
import weakref

#: By identities, which objects get when they leave for the first time.
_known = weakref.WeakValueDictionary()

#: Those that arrived last, so that one is still there when the next task begins.
_recent = collections.deque(maxlen=128)


def reduced(compiled, make, *parts):
    """What `__reduce__` gives for a compiled object that ``make(*parts)`` makes anew."""
    return _name_of(compiled) or (_arrive, (_identity_of(compiled), make, parts))


def _name_of(compiled):
    """The name to pickle it by, as functions are pickled; None where that name leads to something else."""
    found = sys.modules.get(compiled.__module__)
    for part in compiled.__qualname__.split("."):
        found = getattr(found, part, None)
    return compiled.__qualname__ if found is compiled else None


def _identity_of(compiled):
    identity = getattr(compiled, "_identity", None)
    if identity is None:
        import uuid  # which most programs never need

        identity = compiled._identity = uuid.uuid4().bytes
        _known[identity] = compiled
    return identity


def _arrive(identity, make, parts):
    compiled = _known.get(identity)
    if compiled is None:
        compiled = make(*parts)
        compiled._identity = identity
        _known[identity] = compiled
    _recent.append(compiled)
    return compiled
