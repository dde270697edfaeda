"""Draws the figures of the performance guide from their numbers: docs/howto/figures/*.svg, on light and dark pages alike."""

import argparse
import json
import pathlib
import re

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt  # noqa: E402
from guide_measure import FIGURES  # noqa: E402

# Okabe and Ito's colours, which people tell apart who see few; the grey of words and axes is read on white and on black.
COLOURS = {"Metate": "#0072b2", "NumPy": "#e69f00", "Numba": "#009e73", "Python": "#888888"}
INK = "#7a7a7a"
STYLE = {
    "svg.fonttype": "none", "svg.hashsalt": "metate", "font.family": "sans-serif", "font.size": 10,
    "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": INK, "grid.alpha": 0.25,
    "grid.linewidth": 0.6, "lines.linewidth": 2, "lines.markersize": 5, "legend.frameon": False, "legend.labelcolor": INK,
    "axes.titlesize": 11, "axes.titlelocation": "left", "axes.titlepad": 10,
}


def lines(axes, xs, by_name):
    for name, ys in by_name.items():
        axes.plot(xs[:len(ys)], ys, "o-", color=COLOURS.get(name), label=name)
    axes.legend()


def sizes(axes, data):
    per_element = {name: [1e9 * seconds / x for seconds, x in zip(found, data["x"])] for name, found in data["seconds"].items()}
    lines(axes, data["x"], per_element)
    axes.set(xscale="log", yscale="log", xlabel="elements", ylabel="nanoseconds for each element",
             title="Sum of squared differences, by the size of the arrays")


def operations(axes, data):
    lines(axes, data["x"], {name: [1e3 * each for each in found] for name, found in data["seconds"].items()})
    axes.set(xlabel="operations in the expression", ylabel="milliseconds", ylim=(0, None), xticks=data["x"],
             title=f"One expression of more and more operations, {data['size']:,} elements")


def sums(axes, data):
    names = list(data["seconds"]["float64"])
    height = 0.38
    for shift, (dtype, colour) in enumerate(zip(data["seconds"], (COLOURS["Metate"], "#56b4e9"))):
        values = [1e6 * data["seconds"][dtype][name] for name in names]
        places = [place + (shift - 0.5) * height for place in range(len(names))]
        bars = axes.barh(places, values, height, color=colour, label=dtype)
        axes.bar_label(bars, [f"{value:.3g}" for value in values], padding=3, color=INK)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower right")
    axes.set(xlabel="microseconds", title=f"Four ways to add {data['size']:,} numbers")


def threads(axes, data):
    for (name, ys), colour in zip(data["speedup"].items(), (COLOURS["Metate"], COLOURS["NumPy"])):
        axes.plot(data["x"][:len(ys)], ys, "o-", color=colour, label=name)
    axes.axhline(1, color=INK, linewidth=1)
    axes.axhline(data["threads"], color=INK, linewidth=1, linestyle=":")
    axes.legend(loc="lower right")
    axes.set(xscale="log", xlabel="iterations", ylabel="times as fast as one thread", ylim=(0, data["threads"] * 1.15),
             title=f"parallel=True on {data['threads']} threads")


def first_calls(axes, data):
    rows = [(name, what, seconds) for name, found in data["seconds"].items() for what, seconds in found.items()]
    bars = axes.barh(range(len(rows)), [1e3 * seconds for *_, seconds in rows], color=[COLOURS[name] for name, *_ in rows])
    axes.bar_label(bars, [_time(seconds) for *_, seconds in rows], padding=3, color=INK)
    axes.set_yticks(range(len(rows)), [f"{name}: {what}" for name, what, _ in rows])
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.15)
    axes.set(xscale="log", xlabel="milliseconds", title=f"One loop over {data['size']:,} elements: first and later calls")


def _time(seconds):
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


DRAWN = {"sizes": sizes, "operations": operations, "sums": sums, "threads": threads, "first_calls": first_calls}


def draw(found, folder):
    with matplotlib.rc_context(STYLE):
        for name, drawing in DRAWN.items():
            figure, axes = plt.subplots(figsize=(6.6, 3.6), layout="constrained")
            axes.set_axisbelow(True)
            drawing(axes, found[name])
            path = folder / f"{name}.svg"
            figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
            plt.close(figure)
            print(path)


_MARKS = re.compile(r"(<!-- measured: .*? -->\n).*?(<!-- end -->)", re.DOTALL)


def describe(found, page):
    """What the guide says of the machine."""
    machine = found["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    text = (f"{machine['date']}, on {machine['threads']} threads of a CPU that LLVM calls {machine['cpu']}, {machine['system']}; {versions}. "
            f"Each number is the median of {found['runs']} runs.\n")
    if machine["load"] > machine["threads"] * 1.25:
        text += (f"\n**These numbers are provisional:** other programs kept the machine busy meanwhile (a load of {machine['load']:.0f}), so "
                 "that figures, that of threads above all, show what they should show only roughly.\n\n")
    page.write_text(_MARKS.sub(lambda marks: marks[1] + text + marks[2], page.read_text(encoding="utf-8")), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=pathlib.Path, default=FIGURES / "measurements.json")
    options = parser.parse_args()
    found = json.loads(options.input.read_text(encoding="utf-8"))
    draw(found, options.input.parent)
    if options.input.parent == FIGURES:
        describe(found, FIGURES.parent / "write-fast-code.md")


if __name__ == "__main__":
    main()
