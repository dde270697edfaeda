"""Threads of parallel loops, beside `get_num_threads` and `set_num_threads`."""

from ._metate import build_info


def threading_layer():
    """What runs parallel loops on threads: "tbb", or "workqueue" in builds without it.

    >>> import metate
    >>> metate.threading_layer() in ("tbb", "workqueue")
    True
    """
    return "tbb" if build_info()["threads"] == "tbb" else "workqueue"
