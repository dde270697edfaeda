"""facts – what became of each loop, check and array, put together from what the stages and LLVM say."""

import collections
import re

_STATES = {"proved": "cannot fail", "hoisted": "moved in front of the loop",
           "blocked": "made for some hundred iterations at once", "kept": "made at each access"}


def loops(study, file):
    """A dict for each loop of the source, in the order of its lines."""
    merged = {}
    for fact in study["loops"]:
        if fact["file"] == file and fact["line"] > 0:
            merged.setdefault((fact["line"], fact["kind"]), []).append(fact)
    spans = {key: max(fact["last_line"] for fact in facts) for key, facts in merged.items()}
    remarks = _remarks_of(spans, remarks_of(study, file))
    fused = _fused_lines(study["operations"], {line for line, kind in merged if kind == "array expression"}, file)
    return [_loop(key, facts, study, remarks[key], fused[key[0]]) for key, facts in sorted(merged.items())]


def _loop(key, facts, study, remarks, fused):
    line, kind = key
    file = facts[0]["file"]
    usual = [fact for fact in facts if not fact["rare"]] or facts
    parallel, why = _parallel(kind, usual, study)
    lines = fused if kind == "array expression" else []
    operations = sum(each["file"] == file and each["line"] in (line, *lines) for each in study["operations"]) if kind == "array expression" else 0
    return {
        "line": line, "last_line": max(fact["last_line"] for fact in facts), "kind": kind, "versions": len(facts),
        "has_checked_version": any(fact["rare"] for fact in facts) and not all(fact["rare"] for fact in facts),
        "parallel": parallel, "parallel_reason": why, "fused": operations,
        "fused_lines": lines, "unfused": _unfused(kind, facts), "reduces": any(fact["reductions"] for fact in usual), **_vectors(remarks),
    }


def _unfused(kind, facts):
    """Why other loops do not do its work on their way; most often there is one reason, or none."""
    if kind == "loop":
        return "a range or while loop stays as it is written"
    return "; ".join(dict.fromkeys(fact["unfused"] for fact in facts if fact["unfused"]))


def remarks_of(study, file):
    """What LLVM says of the lines of a file, without what it merely tried on code that has no loops."""
    return [each for each in study["remarks"]
            if each["file"] == file and (each["pass"] == "loop-vectorize" or each["kind"] == "done")]


def _remarks_of(spans, remarks):
    """Those on each loop: LLVM names the line of one, or one inside."""
    found = {key: [] for key in spans}
    for remark in remarks:
        around = [(last - key[0], key) for key, last in spans.items() if key[0] <= remark["line"] <= last]
        if remark["pass"] == "loop-vectorize" and around:
            found[min(around)[1]].append(remark)
    return found


def _fused_lines(operations, loop_lines, file):
    """For each line with a loop of an array expression, the other lines whose operations it does."""
    users = collections.defaultdict(set)
    for operation in operations:
        if operation["file"] == file:
            users[operation["line"]] |= {user["line"] for user in operation["users"] if user["file"] == file}
    found = collections.defaultdict(list)
    for start in sorted(set(users) - loop_lines):
        seen, ways = {start}, [start]
        while ways:
            for line in users[ways.pop()] - seen:
                seen.add(line)
                if line in loop_lines:
                    found[line].append(start)
                else:
                    ways.append(line)
    return found


def _parallel(kind, facts, study):
    """Whether it runs in parallel, and if not, why."""
    modes = {fact["mode"] for fact in facts}
    obstacle = next((fact["obstacle"] for fact in facts if fact["obstacle"]), "")
    if "device" in modes:
        return "on a device", ""
    if "parallel" in modes:
        return "on threads", f"a device cannot run {obstacle}" if obstacle else ""
    if kind == "loop":
        return "no", "a range or while loop keeps its order; prange does not"
    if not study["parallel"]:
        return "no", "the function is compiled without parallel=True"
    return "no", "a loop around it has the threads, or there is too little to do"


def _vectors(remarks):
    """What LLVM says of a loop. It sees several of one: with and without checks, of each axis."""
    done = [each for each in remarks if each["kind"] == "done" and each["width"] > 1]
    if done:
        best = max(done, key=lambda each: each["width"])
        return {"vectorised": True, "width": best["width"], "interleave": best["interleave"], "vector_reason": ""}
    told = [reason for each in remarks if each["kind"] != "done" and (reason := _plain(each["message"]))]
    return {"vectorised": False, "width": 0, "interleave": 0,
            "vector_reason": told[0] if told else "LLVM says nothing of it: none is left, or there is another loop inside"}


def _plain(message):
    return re.sub(r"^loop not vectorized(?:: )?", "", message).strip()


def checks(study, file):
    """How many index checks of each line were removed, and how; a dict for each line."""
    lines = collections.defaultdict(collections.Counter)
    for check in study["checks"]:
        if check["file"] == file and check["line"] > 0:
            lines[check["line"]][check["state"]] += 1
    return [{"line": line, **{state: counts[state] for state in _STATES}} for line, counts in sorted(lines.items())]


def check_text(counts):
    """The same for people."""
    return ", ".join(f"{counts[state]} {text}" for state, text in _STATES.items() if counts[state])


def arrays(study, file):
    """The arrays that the function allocates, by line: their bytes in terms of the parameters, where the code says that."""
    names = ("line", "type", "bytes", "returned", "repeated")
    found = collections.Counter(tuple(each[name] for name in names) for each in study["arrays"] if each["file"] == file)
    return [dict(zip(names, key), places=count) for key, count in sorted(found.items())]


def times(study):
    """The seconds of each stage, for each function, and of each of LLVM's passes."""
    stages, passes = {}, {}
    for span in study["times"]:
        key = (span["function"], span["name"]) if span["kind"] == "stage" else span["name"]
        table = stages if span["kind"] == "stage" else passes
        seconds, runs = table.get(key, (0.0, 0))
        table[key] = seconds + span["seconds"], runs + 1
    stages.pop(next((key for key in stages if key[1] == "study"), None), None)
    return ([{"function": key[0], "stage": key[1], "seconds": value[0]} for key, value in stages.items()],
            sorted(({"pass": key, "seconds": value[0], "runs": value[1]} for key, value in passes.items()),
                   key=lambda each: -each["seconds"]))
