"""compare – runs a case by every executor and says where they disagree."""

import re

import numpy as np

import executors


def bits(value):
    """Bit by bit, but any nan is like any other."""
    array = np.asarray(value)
    if array.dtype.kind == "c":
        array = np.stack([array.real, array.imag])
    if array.dtype.kind == "f":
        array = np.where(np.isnan(array), array.dtype.type(np.nan), array)
        return array.view(f"u{array.dtype.itemsize}")
    return array


def same_bits(one, other):
    return np.array_equal(bits(one), bits(other))


def same_type(one, other):
    if isinstance(one, (np.ndarray, np.generic)) or isinstance(other, (np.ndarray, np.generic)):
        return type(one) is type(other) and one.dtype == other.dtype and np.shape(one) == np.shape(other)
    return type(one) is type(other)


def within_ulps(one, other, ulps):
    one, other = np.asarray(one), np.asarray(other)
    with np.errstate(all="ignore"):
        if one.dtype.kind == "c":
            size = np.maximum(np.abs(other), np.finfo(one.dtype).tiny)
            close = np.abs(one - other) <= ulps * np.finfo(one.dtype).eps * size
        elif one.dtype.kind == "f":
            unit = np.spacing(np.maximum(np.abs(one), np.abs(other)))
            close = np.abs(one - other) <= ulps * unit
        else:
            return bool(np.all(one == other))
        return bool(np.all(close | (one == other) | (np.isnan(one) & np.isnan(other)) | ~np.isfinite(one - other) & (one.dtype.kind == "c")))


def agrees(result, expected, check, bound):
    """Whether a result is what NumPy says."""
    if not same_type(result, expected):
        return False
    if check == "any":
        return True
    if check == "exact":
        return same_bits(result, expected)
    if isinstance(check, int):
        return within_ulps(result, expected, check)
    with np.errstate(all="ignore"):
        difference = np.abs(np.asarray(result, "d") - np.asarray(expected, "d"))
        close = (difference <= bound) | (np.asarray(result) == np.asarray(expected))
        return bool(np.all(close | ~np.isfinite(np.asarray(expected, "d")) | ~np.isfinite(bound)))


def first_difference(one, other):
    """Two results as text: of arrays the first elements that differ."""
    if not same_type(one, other) or np.ndim(one) == 0:
        return repr(one), repr(other)
    differs = (bits(one) != bits(other)).reshape(-1, *np.shape(one)).any(axis=0)
    at = tuple(int(k) for k in np.argwhere(differs)[0]) if differs.any() else (0,) * np.ndim(one)
    return f"{one.dtype}{list(at)} {one[at]!r}", repr(other[at])


def describe(check, bound):
    if isinstance(check, int):
        return f" within {check} ulp"
    return f" within {bound}" if bound is not None else ""


def difference(name, outcome, expected, checks):
    """What is wrong with an outcome, or nothing."""
    if outcome.refused:
        internal = re.search(r"MT9\d\d\d", outcome.refused)
        return f"{name}: {outcome.refused}" if internal else ""
    if outcome.raised != expected.raised:
        return f"{name}: {outcome}, expected {expected}"
    for i, (result, wanted, check) in enumerate(zip(outcome.results, expected.results, checks)):
        bound = expected.bounds[i] if expected.bounds else None
        if not agrees(result, wanted, check, bound):
            found, right = first_difference(result, wanted)
            return f"{name}: result {i} is {found}, expected {right}{describe(check, bound)}"
    return ""


def unequal(name, outcome, other_name, other):
    """Executors of ours, which share every bit."""
    if outcome.raised != other.raised:
        return f"{name}: {outcome}, but {other_name}: {other}"
    for i, (one, two) in enumerate(zip(outcome.results, other.results)):
        with np.errstate(all="ignore"):
            two = np.array(two, np.asarray(one).dtype)  # lists of Python numbers
        if two.size == 0 == np.size(one):
            continue
        if not same_bits(one, two):
            found, right = first_difference(one, two)
            return f"{name}: result {i} is {found}, but {other_name} has {right}"
    return ""


def refusal_id(text):
    found = re.search(r"MT\d+: .*", text)
    return found.group() if found else text.splitlines()[0]


def check(case, name="case"):
    """What is wrong, or an empty text; and what the compiler refused."""
    namespace = case.namespace(name)
    expected = executors.run_python(case, namespace)
    faults, refusals = [], []
    for parallel in (False, True):
        label = "parallel" if parallel else "serial"
        outcome, compiled = executors.run_cpu(case, namespace, parallel)
        faults.append(difference(label, outcome, expected, case.checks))
        if outcome.refused:
            refusals.append(refusal_id(outcome.refused))
            continue
        if executors.tool():
            interpreted = executors.run_interpreter(case, compiled)
            faults.append(unequal(label, outcome, f"the interpreter of the {label} IR", interpreted))
    if "k" in namespace:
        outcome = executors.run_device(case, namespace)
        faults.append(difference("device", outcome, expected, case.checks))
        if outcome.refused:
            refusals.append(refusal_id(outcome.refused))
    return next((fault for fault in faults if fault), ""), refusals
