"""executors – everything that runs a case: CPython with NumPy, the IR's interpreter, the CPU in two ways, the device."""

import math
import os
import re
import subprocess
import warnings
from dataclasses import dataclass

import metate
import numpy as np
from metate import njit


@dataclass
class Outcome:
    """Results, or the class of what was raised, or why the compiler refused."""

    results: tuple = ()
    raised: str = ""
    refused: str = ""
    bounds: tuple = ()  # of the error of each result: of CPython's run alone

    def __str__(self):
        return f"refused: {self.refused}" if self.refused else self.raised or repr(self.results)


def guarded(run):
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return Outcome(run())
    except metate.errors.TypingError as error:
        return Outcome(refused=str(error))
    except (ArithmeticError, ValueError, IndexError, TypeError) as error:
        return Outcome(raised=type(error).__name__)


def run_python(case, namespace):
    arguments = case.make_arguments()
    outcome = guarded(lambda: namespace["f"](*arguments))
    if outcome.results and "bounds" in namespace:
        with np.errstate(all="ignore"):
            outcome.bounds = namespace["bounds"](*case.make_arguments())
    return outcome


def run_cpu(case, namespace, parallel):
    """The outcome and the compiled function, for its IR."""
    compiled = njit(parallel=parallel)(namespace["f"])
    arguments = case.make_arguments()
    return guarded(lambda: compiled(*arguments)), compiled


def run_device(case, namespace):
    arguments = case.make_arguments()

    def run():
        metate.kernel(namespace["k"])[case.items](*arguments)
        return tuple(arguments[i] for i in case.outputs)

    return guarded(run)


NUMBER = r"[-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|nan|inf)"


# ---- The interpreter ---------------------------------------------------------------------------------------------------


def tool():
    """metate-opt of the build that the package comes from; installed packages have none."""
    build = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(metate.__file__)))))
    path = os.path.join(build, "compiler", "tools", "metate-opt")
    return path if os.path.exists(path) else None


def value_text(value):
    if isinstance(value, np.ndarray):
        return "[" + ", ".join(value_text(item) for item in value) + "]" if value.ndim else value_text(value[()])
    if isinstance(value, tuple):
        return "(" + ", ".join(map(value_text, value)) + ")"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, int) and value >= 2**63:
        value -= 2**64  # the tool reads 64 bits with a sign
    return repr(value).replace("(", "").replace(")", "") if not isinstance(value, complex) else complex_text(value)


def complex_text(value):
    return f"({value.real!r}{'' if math.copysign(1, value.imag) < 0 and not math.isnan(value.imag) else '+'}{value.imag!r}j)"


def run_interpreter(case, compiled):
    text = next(iter(compiled.inspect_ir().values()))
    name = re.search(r"func @([\w.]+)\(", text).group(1)
    call = f"{name}({', '.join(map(value_text, case.make_arguments()))})"
    # A sanitizer that Python needs in front of all is in the tool already.
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    done = subprocess.run(
        [tool(), f"--interpret={call}"], input=text, capture_output=True, text=True, timeout=60, env=environment
    )
    line = done.stdout.splitlines()[0] if done.stdout else f"no answer: {done.stderr}"
    if line.startswith("raises "):
        return Outcome(raised=line.split()[1].rstrip(":").removeprefix("builtins."))
    if not line.startswith("returns "):
        return Outcome(raised=line)
    plain = re.sub(r"array<[^>]*> ", "", line.removeprefix("returns "))
    plain = re.sub(r"\b(?:bool|[uifc]\d+)\(", "(", plain)
    plain = re.sub(rf"\(({NUMBER})({NUMBER})j\)", r"complex(float('\1'), float('\2'))", plain)  # keeps the signs of zeros
    plain = re.sub(rf"({NUMBER})j", r"complex(0, float('\1'))", plain)
    result = eval(plain, {"nan": math.nan, "inf": math.inf})
    return Outcome(result if isinstance(result, tuple) else (result,))
