"""What METATE_TIMES counts, and traces of processes that end without an exit."""

from . import _metate


def stage_times():
    """How long each stage of the compiler took for each function, where METATE_TIMES is set: a list of dicts.

    A dict has ``function``, ``stage``, ``seconds`` (without the stages inside it) and ``runs``.
    """
    return _metate.stage_times()


def write_in_children():
    """Lets forked processes of multiprocessing write what METATE_TRACE and METATE_TIMES ask for: they end by os._exit()."""
    from multiprocessing import util

    util.register_after_fork(_metate, lambda _: util.Finalize(None, _metate.write_traces, exitpriority=0))
