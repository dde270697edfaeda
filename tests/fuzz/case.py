"""case – one program as text, with its arguments and what of its results may differ from NumPy's."""

import types
from dataclasses import dataclass, field

import numpy as np

HEADER = "import numpy as np\nfrom metate import get_global_id, prange\n\nnan, inf = np.nan, np.inf\n"


@dataclass
class Case:
    """`functions` is Python source: helpers, f, and where there is one the same as a kernel, k.

    `arguments` are expressions, evaluated anew for each run. `checks` has one word for each result of f: "exact", the number
    of units in the last place it may be off, "any" where executors agree with each other but not with NumPy, or an
    expression of f's variables that bounds the error.
    """

    functions: str
    arguments: list
    checks: list
    outputs: list = field(default_factory=list)  # numbers of the arguments that k writes
    items: int = 0  # of k's launch

    def namespace(self, name):
        import linecache

        source = HEADER + "\n\n" + self.functions
        filename = f"<{name}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        module = types.ModuleType(name)
        exec(compile(source, filename, "exec"), module.__dict__)
        return module.__dict__

    def make_arguments(self):
        return [eval(text, {"np": np, "nan": np.nan, "inf": np.inf}) for text in self.arguments]

    def save(self, path, title):
        arguments = "".join(f"    {text!r},\n" for text in self.arguments)
        path.write_text(
            f'"""{title}"""\n\n{HEADER}\nARGUMENTS = [\n{arguments}]\nCHECKS = {self.checks!r}\n'
            f"OUTPUTS = {self.outputs!r}\nITEMS = {self.items!r}\n\n\n{self.functions}"
        )


def load(path):
    source = path.read_text()
    names = {}
    exec(compile(source, str(path), "exec"), names)
    functions = source[source.index("\nITEMS") :].split("\n", 2)[2].lstrip("\n")
    return Case(functions, names["ARGUMENTS"], names["CHECKS"], names["OUTPUTS"], names["ITEMS"])
