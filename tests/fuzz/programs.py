"""programs – random programs as trees of statements, and their text.

There are two kinds: elementwise.py and arrays.py. What both have is in generator.py.
"""

import random
from dataclasses import dataclass, field

from case import Case

INDENT = "    "


@dataclass
class Statement:
    """A template over expressions; with a body, the head of a block."""

    template: str
    parts: list = field(default_factory=list)
    body: list = None
    otherwise: list = None
    bound: str = ""  # statement that computes how far the value may be off

    def lines(self, bounds):
        text = self.template.format(*(part.text for part in self.parts))
        if self.body is None:
            return [text] + ([self.bound] if bounds and self.bound else [])
        result = [text + ":"] + indented(self.body, bounds)
        if self.otherwise:
            result += ["else:"] + indented(self.otherwise, bounds)
        return result


def indented(statements, bounds=False):
    return [INDENT + line for statement in statements for line in statement.lines(bounds)] or [INDENT + "pass"]


@dataclass
class Program:
    helpers: list  # (name, parameters, expression)
    arguments: list  # (name, text of the value)
    body: list
    results: list  # (name of a variable, check)
    items: int = 0  # of an elementwise program
    outputs: list = field(default_factory=list)

    def functions(self):
        header = ", ".join(name for name, _ in self.arguments)
        lines = []
        for name, parameters, expr in self.helpers:
            lines += [f"def {name}({', '.join(parameters)}):", f"{INDENT}return {expr.text}", "", ""]
        body = indented(self.body)
        if self.items:
            body = [f"{INDENT}for i in prange({self.items}):"] + [INDENT + line for line in body]
        lines += [f"def f({header}):"] + body + [self.return_line([name for name, _ in self.results])]
        if self.items:
            lines += ["", "", f"def k({header}):", f"{INDENT}i = get_global_id(0)"] + indented(self.body)
        if any(self.is_bound(check) for _, check in self.results):
            bounds = [check if self.is_bound(check) else "None" for _, check in self.results]
            lines += ["", "", f"def bounds({header}):"] + indented(self.body, bounds=True) + [self.return_line(bounds)]
        return "\n".join(lines) + "\n"

    @staticmethod
    def is_bound(check):
        return isinstance(check, str) and check.startswith("bound")

    @staticmethod
    def return_line(names):
        return f"{INDENT}return {', '.join(names)}," if names else f"{INDENT}return ()"

    def case(self):
        numbers = [i for i, (name, _) in enumerate(self.arguments) if name in self.outputs]
        return Case(self.functions(), [text for _, text in self.arguments], [check for _, check in self.results], numbers, self.items)


def make(seed, index):
    """Program number `index` of a run with this seed."""
    from arrays import Arrays
    from elementwise import Elementwise

    rng = random.Random(f"{seed}/{index}")
    while True:
        program = rng.choice([Elementwise, Arrays])(rng).program()
        if program.results:
            return program
