"""What is printed and kept of a run: the table, JSON, and a plot of the ratios."""

import datetime
import json
import platform

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

import metate  # noqa: E402
from benchmark import numba  # noqa: E402

_COLUMNS = f"{'work':<40}{'Metate':>11}{'Numba':>11}{'limit':>11}{'/Numba':>8}{'/limit':>8}  {'target':<15}met"


def _time(seconds):
    if seconds is None:
        return "-"
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs"), (1e9, "ns")):
        if seconds * factor >= 1 or unit == "ns":
            return f"{seconds * factor:.3g} {unit}"


def _ratio(value):
    return "-" if value is None else f"{value:.2f}"


def heading():
    return f"{_COLUMNS}\n{'-' * (len(_COLUMNS) + 3)}"


def line(outcome):
    times = "".join(f"{_time(outcome.seconds.get(who)):>11}" for who in ("metate", "numba", "limit"))
    if outcome.refused:
        times = f"{'refused':>11}" + times[11:]
    ratios = "".join(f"{_ratio(outcome.ratio(who)):>8}" for who in ("numba", "limit"))
    met = {True: "yes", False: "NO", None: "-"}[outcome.met]
    notes = [note for note in (outcome.refused, outcome.note) if note]
    return f"{outcome.work:<40}{times}{ratios}  {outcome.target!s:<15}{met}" + "".join(f"\n    {note}" for note in notes)


def summary(outcomes):
    judged = [outcome.met for outcome in outcomes if outcome.met is not None]
    refused = sum(bool(outcome.refused) for outcome in outcomes)
    return f"{sum(judged)} of {len(judged)} targets met, {refused} refused, {len(outcomes)} rows"


def write(outcomes, folder):
    """results.json, ratios.svg and ratios.png in `folder`; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"name": o.name, "work": o.work, "seconds": o.seconds, "target": str(o.target), "met": o.met,
         "refused": o.refused, "note": o.note}
        for o in outcomes
    ]
    about = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(), "machine": platform.processor() or platform.machine(),
             "python": platform.python_version(), "metate": metate.__version__,
             "numba": numba.__version__ if numba else None}
    (folder / "results.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")
    figure = _plot([outcome for outcome in outcomes if outcome.seconds.get("metate")])
    paths = [folder / "results.json", folder / "ratios.svg", folder / "ratios.png"]
    for path in paths[1:]:
        figure.savefig(path, dpi=120, bbox_inches="tight")
    pyplot.close(figure)
    return paths


def _plot(outcomes):
    """Time of Numba and of the limit over Metate's: to the right of 1 Metate is the faster one."""
    figure, axes = pyplot.subplots(figsize=(8, 1 + 0.3 * len(outcomes)))
    for who, colour, marker in (("numba", "tab:blue", "o"), ("limit", "tab:orange", "|")):
        points = [(1 / outcome.ratio(who), place) for place, outcome in enumerate(outcomes) if outcome.ratio(who)]
        if points:
            axes.scatter(*zip(*points), color=colour, marker=marker, s=60, label=f"{who} / Metate", zorder=3)
    goals = [(o.target.bound(o.seconds) / o.seconds["metate"], place) for place, o in enumerate(outcomes)
             if o.target.bound(o.seconds)]
    if goals:
        axes.scatter(*zip(*goals), color="tab:red", marker="x", s=30, label="target / Metate", zorder=3)
    axes.set_yticks(range(len(outcomes)), [outcome.work for outcome in outcomes])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=1)
    axes.grid(axis="x", which="both", alpha=0.3)
    axes.set_xlabel("time beside Metate's (right of the line: Metate is faster)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.0 + 1.5 / max(len(outcomes), 3)), ncols=3, frameon=False)
    return figure
