"""What a benchmark is: one row of the table, its contenders, and what it has to reach."""

import dataclasses
import functools
import pathlib
import statistics
import time
import types

import numpy as np

import metate

try:
    import numba
except ImportError:
    numba = None


@dataclasses.dataclass(frozen=True)
class Target:
    """At most `ratio` of the time of "numba" or "limit", or at most `seconds` of its own."""

    of: str
    ratio: float = None
    seconds: float = None

    @classmethod
    def beside_numba(cls, goal, numba_took):
        """A goal that was set in seconds beside Numba's time on the same machine: the ratio is what carries over."""
        return cls("numba", goal / numba_took)

    def bound(self, seconds):
        """The time that meets the target, given those of one run; None if what it is measured by is missing."""
        if self.of == "own":
            return self.seconds
        return seconds[self.of] * self.ratio if self.of in seconds else None

    def __str__(self):
        return f"{self.seconds * 1e6:g} µs" if self.of == "own" else f"{self.ratio:.2f} of {self.of}"


def within(seconds):
    return Target("own", seconds=seconds)


@dataclasses.dataclass
class Outcome:
    """Times of one row; `refused` says why Metate has none."""

    name: str
    work: str
    target: Target
    seconds: dict = dataclasses.field(default_factory=dict)
    refused: str = ""
    note: str = ""

    def ratio(self, other):
        mine, theirs = self.seconds.get("metate"), self.seconds.get(other)
        return mine / theirs if mine and theirs else None

    @property
    def met(self):
        mine, bound = self.seconds.get("metate"), self.target.bound(self.seconds)
        return None if mine is None or bound is None else mine <= bound


def on(function):
    """A maker of calls of the function: make(arguments)() calls it."""
    return lambda arguments: functools.partial(function, *arguments)


def first_line(error):
    return f"{type(error).__name__}: {error}".splitlines()[0]


@dataclasses.dataclass(frozen=True)
class Program:
    """A function of programs.py, compiled by both compilers, beside a limit; all in this process, in turns."""

    name: str
    work: str
    function: types.FunctionType
    arguments: object  # arguments(small): fresh ones, always the same
    target: Target
    limit: object = None  # a maker of limits.py
    metate_options: dict = dataclasses.field(default_factory=dict)
    numba_options: dict = dataclasses.field(default_factory=dict)
    clock: object = time.thread_time  # of parallel work time.perf_counter
    tolerance: float = 0.0  # relative; math functions and reassociated sums differ in the last bits
    burst: int = 1  # how many times a call does what the row tells the time of

    def contenders(self, folder, small):
        """name → (maker of a call without arguments, arguments). Metate's first call raises if it refuses the program."""
        made = {"metate": (on(metate.njit(**self.metate_options)(self.function)), self.arguments(small))}
        if numba:
            known = {**self.function.__globals__, "prange": numba.prange}
            function = types.FunctionType(self.function.__code__, known, self.function.__name__)
            made["numba"] = on(numba.njit(**self.numba_options)(function)), self.arguments(small)
        if self.limit:
            made["limit"] = functools.partial(self.limit, folder), self.arguments(small)
        return made

    def first_calls(self, contenders):
        """Compiles, and compares what each made of its arguments; the refusal of Metate, or nothing."""
        refused = ""
        states = {}
        for who in list(contenders):
            make, arguments = contenders[who]
            try:
                states[who] = make(arguments)(), arguments
            except Exception as error:
                if who != "metate":
                    raise
                refused = first_line(error)
                del contenders[who]
        reference = next(reversed(states.values()))
        for who, state in states.items():
            self.compare(who, state, reference)
        return refused

    def compare(self, who, state, reference):
        for mine, theirs in zip([state[0], *state[1]], [reference[0], *reference[1]]):
            if isinstance(mine, (np.ndarray, float, int)):
                scale = np.max(np.abs(theirs), initial=0.0)
                np.testing.assert_allclose(mine, theirs, rtol=self.tolerance, atol=self.tolerance * scale,
                                           err_msg=f"{self.name}: {who} computes something else")

    def run(self, folder, runs):
        outcome = Outcome(self.name, self.work, self.target)
        contenders = self.contenders(folder, small=False)
        outcome.refused = self.first_calls(contenders)
        # The same arrays for all: whether the system has put some on huge pages makes a tenth of the time.
        arguments = self.arguments(False)
        calls = {who: make(arguments) for who, (make, _) in contenders.items()}
        seconds = interleave(calls, runs, self.clock)
        outcome.seconds = {who: taken / self.burst for who, taken in seconds.items()}
        return outcome

    def check(self, folder):
        """One small run of each contender and of the Python function itself."""
        outcome = Outcome(self.name, self.work, self.target)
        contenders = self.contenders(folder, small=True)
        contenders["python"] = on(self.function), self.arguments(True)
        outcome.refused = self.first_calls(contenders)
        return outcome


def interleave(calls, runs, clock, shortest=2e-3, at_least=0.1):
    """Median seconds of one call of each, measured in turns so that what disturbs the machine disturbs all.

    Short calls get more than `runs` turns, until each has had `at_least` seconds: the first ones of a program that fills
    the memory's bandwidth take up to twice as long as the others.
    """
    repeats = {}
    for who, call in calls.items():
        repeats[who] = 1
        while timed(call, repeats[who], clock) < shortest:
            repeats[who] *= 2
    samples = {who: [] for who in calls}
    spent = dict.fromkeys(calls, 0.0)
    while any(len(samples[who]) < runs or spent[who] < at_least for who in calls):
        for who, call in calls.items():
            took = timed(call, repeats[who], clock)
            spent[who] += took
            samples[who].append(took / repeats[who])
    return {who: statistics.median(taken) for who, taken in samples.items()}


def timed(call, repeats, clock):
    turns = range(repeats)
    began = clock()
    for _ in turns:
        call()
    return clock() - began


FOLDER = pathlib.Path(__file__).parents[2] / "build" / "bench"
