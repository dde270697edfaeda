"""look at the cache of compiled code on disk, check it or empty it

`info` says where it is and how full, `verify` reads every entry and removes the damaged ones, `clear` removes all. Running programs
are not disturbed: they compile again what they no longer find.
"""

from .. import cache
from .._metate import cache_is_wanted
from .usage import UsageError

_ACTIONS = {"info": cache.info, "verify": cache.verify, "clear": cache.clear}


def add_arguments(parser):
    """What to do with it."""
    parser.add_argument("action", choices=tuple(_ACTIONS), nargs="?", default="info", help="info unless it is given")


def collect(options):
    """What `metate cache … --json` prints: sizes in bytes; `clear` tells what there was before."""
    try:
        return {"action": options.action, "on": cache_is_wanted(), **_ACTIONS[options.action]()}
    except (OSError, ValueError) as error:
        raise UsageError(str(error)) from None


def text(found, style):
    """The same for people."""
    if found["action"] == "clear":
        return f"removed {counted(found['entries'])}, {size(found['bytes'])}, from {found['path']}"
    rows = describe(found)
    if found["action"] == "verify":
        rows["Damaged"] = f"{found['damaged']}, removed" if found["damaged"] else "none"
    return f"{style.heading('Cache')}\n{style.rows(rows)}"


def describe(found):
    """Names and values of what `info` says."""
    return {"Folder": found["path"], "Use": "on" if found["on"] else "off: METATE_CACHE=0",
            "Entries": str(found["entries"]), "Size": f"{size(found['bytes'])} of at most {size(found['limit'])}"}


def counted(entries):
    """`1 entry`, `2 entries`."""
    return f"{entries} {'entry' if entries == 1 else 'entries'}"


def size(count):
    """Bytes in a unit that people read."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            return f"{count} bytes" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
