"""page – a report as one HTML page that needs no other file. Everything that comes from a program is escaped."""

from html import escape
from importlib import resources

from . import facts
from .stages import TITLES


def page(data):
    """The page of a report's data."""
    name, kind = escape(data["name"]), escape(data["kind"])
    body = [f"<header><h1>{name}</h1><p>{kind} in <code>{escape(data['file'])}</code>, "
            f"compiled by Metate {escape(data['metate'])} for {escape(data['cpu'])}</p></header>"]
    if not data["versions"]:
        body.append("<p>Nothing was compiled yet: call the function, or compile it for a signature.</p>")
    body += [_version(data, number, version) for number, version in enumerate(data["versions"])]
    if data["devices"]:
        body.append(_devices(data["devices"]))
    return (f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width">\n<title>{name} – Metate</title>\n'
            f"<style>\n{_file('page.css')}</style>\n</head>\n<body>\n" + "\n".join(body) +
            f"\n<script>\n{_file('page.js')}</script>\n</body>\n</html>\n")


def _file(name):
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _version(data, number, version):
    arguments = escape(", ".join(version["arguments"]))
    parts = [f"<h2><code>{escape(data['name'])}({arguments})</code></h2>", _notes(version), _loops(version["loops"]),
             f'<div class="beside">{_source(data, version)}{_stages(number, version)}</div>',
             f'<div class="tables">{_times(version)}{_arrays(version)}{_remarks(version)}</div>']
    return f'<section class="version">{"".join(parts)}</section>'


def _notes(version):
    notes = []
    if not version["checks_indices"]:
        notes.append("Indices are not checked (boundscheck=False).")
    if version["fast_math"]:
        notes.append("Floating-point arithmetic may be reordered (fastmath).")
    return f"<p>{escape(' '.join(notes))}</p>" if notes else ""


def _table(caption, heads, rows, css=""):
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(f"<tr{attributes}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for attributes, cells in rows)
    return f'<table class="{css}"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _verdict(good, text, reason):
    why = f'<span class="why">{escape(reason)}</span>' if reason else ""
    return f'<span class="{"yes" if good else "no"}">{escape(text)}</span>{why}'


def fused_text(loop):
    """What became one loop."""
    count, lines = loop["fused"], loop["fused_lines"]
    if not count:
        return ""
    text = f"{count} operation{'s' * (count != 1)} in one loop"
    return text + (f", with those of line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}" if lines else "")


def _unfused_text(loop):
    """What a loop is that is not part of another, in a few words."""
    return "fills an array" if loop["kind"] == "array expression" else "a loop of its own"


def _fused(loop):
    if not loop["unfused"]:
        alone = "no operation to fuse" if loop["kind"] == "array expression" else "no loop right behind it"
        return escape(fused_text(loop) or alone)
    return f"<div>{escape(fused_text(loop))}</div>{_verdict(False, _unfused_text(loop), loop['unfused'])}"


def vector_text(loop):
    """How wide the vectors of a loop are."""
    if not loop["vectorised"]:
        return "no"
    return f"{loop['width']} elements" + (f", {loop['interleave']} vectors at a time" if loop["interleave"] > 1 else "")


def _loops(loops):
    if not loops:
        return "<p>There are no loops.</p>"
    rows = []
    for loop in loops:
        what = loop["kind"] + (", a reduction" if loop["reduces"] else "")
        checked = "two versions: a second one, with index checks, for rare calls" if loop["has_checked_version"] else ""
        rows.append((f' data-l="{loop["line"]}"', [
            str(loop["line"]), escape(what), _verdict(loop["parallel"] != "no", loop["parallel"], loop["parallel_reason"]),
            _verdict(loop["vectorised"], vector_text(loop), loop["vector_reason"]), _fused(loop), escape(checked)]))
    return _table("Loops", ["line", "loop", "parallel", "vectorised", "fused", "versions"], rows, "loops")


def _source(data, version):
    checks = {each["line"]: facts.check_text(each) for each in version["checks"]}
    kept = {each["line"] for each in version["checks"] if each["kept"]}
    vectors = {loop["line"]: vector_text(loop) for loop in version["loops"] if loop["vectorised"]}
    parallel = {loop["line"] for loop in version["loops"] if loop["parallel"] != "no"}
    # A plain loop is never part of another: that goes without a mark.
    unfused = {loop["line"]: loop for loop in version["loops"] if loop["unfused"] and loop["kind"] != "loop"}
    lines = []
    for number, text in enumerate(data["source"], data["first_line"]):
        marks = []
        if number in parallel:
            marks.append('<span class="mark yes">parallel</span>')
        if number in vectors:
            marks.append(f'<span class="mark yes">vectors of {escape(vectors[number])}</span>')
        if number in unfused:
            loop = unfused[number]
            marks.append(f'<span class="mark no" title="{escape(loop["unfused"])}">{_unfused_text(loop)}</span>')
        if number in checks:
            marks.append(f'<span class="mark {"no" if number in kept else "yes"}">index checks: {escape(checks[number])}</span>')
        below = f'<span class="marks">{"".join(marks)}</span>' if marks else ""
        lines.append(f'<span class="line" data-l="{number}"><i>{number}</i>{escape(text)}{below}</span>')
    return f'<div class="source"><h3>Source</h3><pre>{"".join(lines) or "not to be found"}</pre></div>'


def _stages(number, version):
    folded = []
    last = len(version["stages"]) - 1
    for place, stage in enumerate(version["stages"]):
        lines = "".join(f'<span class="line"{f" data-l={line}" if line else ""}>{escape(text)}</span>'
                        for text, line in stage["lines"])
        title = escape(TITLES.get(stage["stage"], f"IR after {stage['stage']}"))
        of = escape(stage["function"])
        folded.append(f'<details name="stages{number}"{" open" if place == last else ""}><summary>{title} '
                      f'<small>{of}</small></summary><pre>{lines}</pre></details>')
    return f'<div class="stages"><h3>Stages</h3>{"".join(folded)}</div>'


def _milliseconds(seconds, most):
    width = 100 * seconds / most if most else 0
    return f'<span class="bar" style="width: {width:.1f}px"></span>{seconds * 1e3:.3f} ms'


def _times(version):
    most = max((each["seconds"] for each in version["times"]), default=0)
    rows = [("", [escape(each["function"]), escape(each["stage"]), _milliseconds(each["seconds"], most)])
            for each in version["times"]]
    total = sum(each["seconds"] for each in version["times"])
    table = _table(f"Time to compile: {total * 1e3:.1f} ms", ["function", "stage", "time"], rows)
    if not version["llvm_passes"]:
        return table
    most = version["llvm_passes"][0]["seconds"]
    rows = [("", [escape(each["pass"]), str(each["runs"]), _milliseconds(each["seconds"], most)])
            for each in version["llvm_passes"]]
    passes = _table("Time of LLVM's passes", ["pass", "runs", "time"], rows)
    return f"{table}<details><summary>LLVM's passes</summary>{passes}</details>"


def memory_text(version):
    """What the first call allocated, as far as there was one."""
    call = version["first_call"]
    if not call:
        return ""
    count = call["arrays"]
    return f"The first call allocated {count:,} array{'s' * (count != 1)}, {call['bytes']:,} bytes."


def _arrays(version):
    first = f"<p>{escape(memory_text(version))}</p>"
    if not version["arrays"]:
        return f"<div><h3>Memory</h3><p>No line allocates arrays.</p>{first if version['first_call'] else ''}</div>"
    rows = []
    for each in version["arrays"]:
        what = ("result" if each["returned"] else "temporary") + (", one in each iteration" if each["repeated"] else "")
        bytes = f"<code>{escape(each['bytes'])}</code>" if each["bytes"] else "known when it runs"
        rows.append((f' data-l="{each["line"]}"', [str(each["line"]), f"<code>{escape(each['type'])}</code>", bytes,
                                                   escape(what), str(each["places"])]))
    return f"<div>{_table('Memory', ['line', 'array', 'bytes', 'what for', 'places in the code'], rows)}{first}</div>"


def _remarks(version):
    if not version["remarks"]:
        return ""
    rows = [(f' data-l="{each["line"]}"', [str(each["line"]), escape(each["pass"]), escape(each["message"])])
            for each in version["remarks"]]
    table = _table("LLVM's remarks", ["line", "pass", "remark"], rows)
    return f"<details><summary>LLVM's remarks</summary>{table}</details>"


def _devices(devices):
    items = "".join(f"<li><code>{escape(', '.join(each['arguments']))}</code><ul>"
                    f"{''.join(f'<li>{escape(nest)}</li>' for nest in each['nests'])}</ul></li>" for each in devices)
    return f"<section><h2>Calls that belong to a device</h2><ul>{items}</ul></section>"
