"""generator – what both kinds of random programs have: arguments, helper functions, variables, branches, loops.

A new statement is a method that returns a Statement, or nothing where it finds no operands, and an entry in STATEMENTS.
"""

import numpy as np

from expressions import ANY, COMPLEX, EXACT, INTEGERS, Expr, Expressions, is_array
from programs import Statement

MODULUS = 1009  # Python ints that vary stay below


def number_text(value):
    return f"complex({value.real!r}, {value.imag!r})" if isinstance(value, complex) else repr(value)


class Generator(Expressions):
    """What both kinds have: arguments, helpers, variables, branches and loops."""

    def __init__(self, rng):
        super().__init__(rng, {"np": np, "nan": np.nan, "inf": np.inf})
        self.inexact = rng.random() < 0.25
        self.arguments, self.helpers, self.names = [], [], 0
        self.locals = {}  # variables that statements may assign to: name -> Expr
        self.depth = 3

    def new_name(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    # ---- arguments ---------------------------------------------------------------------------------------------------

    def random_number(self, char):
        rng = self.rng
        if char == "?":
            return rng.random() < 0.5
        if char in INTEGERS:
            limits = np.iinfo(char)
            small = rng.randint(max(limits.min, -9), 9)
            return rng.choice([small, small, small, rng.randint(limits.min, limits.max), limits.min, limits.max])
        if char in COMPLEX:
            return complex(self.random_number("f"), self.random_number("f"))
        value = rng.choice([rng.uniform(-4, 4), rng.uniform(-4, 4), float(rng.randint(-9, 9)), rng.uniform(-1e6, 1e6), 0.0, -0.0])
        if rng.random() < 0.04:
            value = rng.choice([np.nan, np.inf, -np.inf])
        return float(np.float32(value)) if char in "fF" else value

    def nested_list(self, shape, char):
        if not shape:
            return number_text(self.random_number(char))
        return "[" + ", ".join(self.nested_list(shape[1:], char) for _ in range(shape[0])) + "]"

    def array_text(self, shape, char):
        """An array in one of several layouts."""
        rng, dtype = self.rng, f"np.{np.dtype(char).name}"
        if char == "?":
            dtype = "np.bool_"
        layout = rng.random() if 0 not in shape else 0
        if layout < 0.6:
            return f"np.array({self.nested_list(shape, char)}, {dtype}).reshape({shape})"
        if layout < 0.8:
            longer = (shape[0] * 2, *shape[1:])
            return f"np.array({self.nested_list(longer, char)}, {dtype})[::2]"
        if layout < 0.9 or len(shape) < 2:
            return f"np.array({self.nested_list(shape, char)}, {dtype})[::-1]"
        return f"np.array({self.nested_list(shape[::-1], char)}, {dtype}).T"

    def add_argument(self, name, text):
        self.arguments.append((name, text))
        value = eval(text, self.namespace)
        variable = Expr(name, [], value)
        if type(value) is int:
            variable.low = variable.high = value
        self.scope[name] = variable
        return variable

    def add_scalar(self):
        char = self.rng.choice(["int", "float", "bool", *"?bBhHiIlLfdfdFD"])
        if char in ("int", "float", "bool"):
            value = {"int": self.rng.randint(-20, 20), "float": self.random_number("d"), "bool": self.random_number("?")}[char]
            return self.add_argument(self.new_name("s"), repr(value))
        kind = "np.bool_" if char == "?" else f"np.{np.dtype(char).name}"
        return self.add_argument(self.new_name("s"), f"{kind}({number_text(self.random_number(char))})")

    def add_helper(self):
        """A function of one or two numbers, for whatever types it is called with."""
        rng, outer, exact_only = self.rng, self.scope, self.inexact
        parameters = ["a", "b"][: rng.randint(1, 2)]
        self.scope = {name: Expr(name, [], rng.choice([np.float64(1.5), np.float32(2), np.int32(3)])) for name in parameters}
        self.inexact = self.chooses = False  # for other types the two sides would be two types
        expr = self.scalar(2)
        if expr is not None and not expr.error and expr.parts:
            name = f"helper{len(self.helpers)}"
            exec(f"def {name}({', '.join(parameters)}): return {expr.text}", self.namespace)
            self.namespace[name].error = EXACT
            self.helpers.append((name, parameters, expr))
        self.scope, self.inexact, self.chooses = outer, exact_only, True

    # ---- statements --------------------------------------------------------------------------------------------------

    def block(self, count, depth):
        """Statements; what they introduce is forgotten at their end, for they may not run."""
        outer, outer_locals = dict(self.scope), dict(self.locals)
        statements = [s for s in (self.statement(depth) for _ in range(count)) if s]
        self.scope, self.locals = outer, outer_locals
        return statements

    def statement(self, depth):
        return self.rng.choice(self.STATEMENTS[: None if depth > 0 else self.SIMPLE])(self, depth)

    def new_variable(self, _):
        expr = self.any_of(lambda e: not is_array(e.type), self.depth)
        return expr and self.assign_new(expr)

    def assign_new(self, expr):
        name = self.new_name("v")
        variable = Expr(name, [], expr.value, error=ANY if expr.error else EXACT)
        if expr.type == "int":
            expr = self.limited(expr)
            variable.low, variable.high = -MODULUS, MODULUS
        self.scope[name] = self.locals[name] = variable
        return Statement(name + " = {0}", [expr])

    def limited(self, expr):
        if -MODULUS <= expr.low and expr.high <= MODULUS:
            return expr
        return Expr(f"({{}} % {MODULUS})", [expr], expr.value % MODULUS, 0, MODULUS - 1)

    def assign_again(self, _):
        names = [name for name, variable in self.locals.items() if not is_array(variable.type)]
        if not names:
            return None
        name = self.rng.choice(names)
        was, self.inexact = self.inexact, self.inexact and self.locals[name].error == ANY
        expr = self.of_type(self.locals[name].type, self.depth)
        self.inexact = was
        if expr is None or expr.type != self.locals[name].type or expr.error and not self.locals[name].error:
            return None
        return Statement(name + " = {0}", [self.limited(expr) if expr.type == "int" else expr])

    def exact_condition(self):
        was, self.inexact = self.inexact, False
        condition = self.condition(2)
        self.inexact = was
        return condition

    def branch(self, depth):
        condition = self.exact_condition()
        if condition is None:
            return None
        otherwise = self.block(2, depth - 1) if self.rng.random() < 0.5 else None
        return Statement("if {0}", [condition], self.block(self.rng.randint(1, 3), depth - 1), otherwise)

    def loop(self, depth):
        rng, name = self.rng, self.new_name("j")
        start, stop, step = rng.choice([(0, 3, 1), (0, 4, 1), (1, 6, 2), (5, 0, -1), (0, 0, 1)])
        outer = self.scope.get(name)
        self.scope[name] = Expr(name, [], start, min(start, stop), max(start, stop))
        body = self.block(rng.randint(1, 3), depth - 1)
        if rng.random() < 0.25 and (condition := self.exact_condition()) is not None:
            body.insert(rng.randint(0, len(body)), Statement("if {0}", [condition], [Statement(rng.choice(["break", "continue"]))]))
        self.scope.pop(name) if outer is None else None
        return Statement(f"for {name} in range({start}, {stop}, {step})", [], body)

    def swap(self, _):
        """a, b = b, a"""
        names = [name for name, v in self.locals.items() if not is_array(v.type) and v.error == EXACT]
        pairs = [(a, b) for a in names for b in names if a < b and self.locals[a].type == self.locals[b].type]
        if not pairs:
            return None
        one, other = self.rng.choice(pairs)
        return Statement(f"{one}, {other} = {{0}}, {{1}}", [self.locals[other], self.locals[one]])

    def fail(self, _):
        """raise, seldom reached."""
        one, other = self.exact_condition(), self.exact_condition()
        if one is None or other is None:
            return None
        error = self.rng.choice(["ValueError('no')", "ZeroDivisionError", "ArithmeticError('a')"])
        return Statement("if {0} and {1} and {0}", [one, other], [Statement(f"raise {error}")])

    def counted_while(self, depth):
        """`while` with a counter, so that it ends."""
        condition = self.exact_condition()
        if condition is None:
            return None
        name = self.new_name("w")
        body = [Statement(f"{name} += 1")] + self.block(2, depth - 1)
        # One statement of the tree: its first line makes the counter.
        head = Statement(f"while {name} < {self.rng.randint(1, 5)} and {{0}}", [condition], body)
        return Statement("if True", [], [Statement(f"{name} = 0"), head])


def check_of(error):
    return "exact" if error == EXACT else "any" if error == ANY else int(error)
