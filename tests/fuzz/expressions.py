"""expressions – typed random expressions. To have more of them, add a row to a table.

An expression is built together with its value on sample data, which NumPy computes; so its type is what NumPy says and no
rule of NumPy's is written down here. Beside it stand the range of Python ints, which must stay within int64, and the error
that the result may have.
"""

import math
from dataclasses import dataclass, field

import numpy as np

# What an expression may differ by from NumPy's: nothing, some units in the last place, or anything because an inexact
# value went into it (there the executors are compared with each other alone).
EXACT, ROUNDED, ANY = 0, 8, math.inf
INT_LIMIT = 2**62


@dataclass
class Expr:
    template: str
    parts: list = field(default_factory=list)
    value: object = None
    low: int = 0  # of Python ints
    high: int = 0
    error: float = EXACT

    @property
    def text(self):
        return self.template.format(*(part.text for part in self.parts))

    @property
    def type(self):
        return type_of(self.value)


def type_of(value):
    """'int', 'float', 'bool', 'complex' for Python's numbers, NumPy's character, or that with the number of axes."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype.char}{value.ndim}"
    if isinstance(value, np.generic):
        return value.dtype.char
    return type(value).__name__


def is_array(kind):
    return len(kind) == 2


def element(kind):
    return kind[0] if is_array(kind) else {"int": "l", "float": "d", "bool": "?", "complex": "D"}.get(kind, kind)


REAL = "bBhHiIlLfd"
INTEGERS = "bBhHiIlL"
COMPLEX = "FD"

# template, characters that the operands may have, error of the result
BINARY = [
    ("({} + {})", "?" + REAL + COMPLEX, EXACT),
    ("({} - {})", REAL + COMPLEX, EXACT),
    ("({} * {})", "?" + REAL, EXACT),
    ("({} / {})", REAL, EXACT),
    ("({} // {})", REAL, EXACT),
    ("({} % {})", REAL, EXACT),
    ("({} & {})", "?" + INTEGERS, EXACT),
    ("({} | {})", "?" + INTEGERS, EXACT),
    ("({} ^ {})", "?" + INTEGERS, EXACT),
    ("({} * {})", COMPLEX, ROUNDED),
    ("np.minimum({}, {})", REAL, EXACT),
    ("np.maximum({}, {})", REAL, EXACT),
    ("np.fmin({}, {})", REAL, EXACT),
    ("np.fmax({}, {})", REAL, EXACT),
    ("np.fmod({}, {})", REAL, EXACT),
    ("np.copysign({}, {})", "fd", EXACT),
    ("np.nextafter({}, {})", "fd", EXACT),
    ("np.left_shift({}, {})", INTEGERS, EXACT),
    ("np.right_shift({}, {})", INTEGERS, EXACT),
    ("({} < {})", REAL, EXACT),
    ("({} <= {})", REAL, EXACT),
    ("({} == {})", "?" + REAL + COMPLEX, EXACT),
    ("({} != {})", "?" + REAL + COMPLEX, EXACT),
    ("np.logical_and({}, {})", "?" + REAL, EXACT),
    ("np.logical_or({}, {})", "?" + REAL, EXACT),
    ("np.logical_xor({}, {})", "?" + REAL, EXACT),
    ("np.gcd({}, {})", "bBhHiIl", EXACT),
    ("np.heaviside({}, {})", "fd", EXACT),
    ("divmod({}, {})[0]", REAL, EXACT),
    ("divmod({}, {})[1]", REAL, EXACT),
    ("np.float_power({}, {})", "fd", ROUNDED),
    ("np.logaddexp({}, {})", "fd", ROUNDED),
    ("np.arctan2({}, {})", "fd", ROUNDED),
    ("np.hypot({}, {})", "fd", ROUNDED),
]
UNARY = [
    ("(-{})", REAL + COMPLEX, EXACT),
    ("abs({})", REAL, EXACT),
    ("(~{})", "?" + INTEGERS, EXACT),
    ("np.abs({})", REAL, EXACT),
    ("np.sqrt({})", "fd", EXACT),
    ("np.floor({})", "fd", EXACT),
    ("np.ceil({})", "fd", EXACT),
    ("np.trunc({})", "fd", EXACT),
    ("np.rint({})", "fd", EXACT),
    ("np.sign({})", REAL, EXACT),
    ("np.square({})", "?" + REAL, EXACT),
    ("np.reciprocal({})", "fd", EXACT),
    ("np.isnan({})", "fd" + COMPLEX, EXACT),
    ("np.isinf({})", "fd" + COMPLEX, EXACT),
    ("np.signbit({})", "fd", EXACT),
    ("np.logical_not({})", "?" + REAL, EXACT),
    ("np.bitwise_count({})", INTEGERS, EXACT),
    ("np.spacing({})", "fd", EXACT),
    ("np.modf({})[0]", "fd", EXACT),
    ("np.frexp({})[1]", "fd", EXACT),
    ("np.degrees({})", "fd", EXACT),
    ("round({})", "d", EXACT),
    ("int({})", "?" + INTEGERS, EXACT),
    ("float({})", "?" + REAL, EXACT),
    ("np.conjugate({})", COMPLEX, EXACT),
    ("np.real({})", COMPLEX, EXACT),
    ("np.imag({})", COMPLEX, EXACT),
    ("np.sin({})", "fd", ROUNDED),
    ("np.cos({})", "fd", ROUNDED),
    ("np.tanh({})", "fd", ROUNDED),
    ("np.arctan({})", "fd", ROUNDED),
    ("np.exp({})", "fd", ROUNDED),
    ("np.log1p({})", "fd", ROUNDED),
    ("np.cbrt({})", "fd", ROUNDED),
    ("({} ** 2)", "fd", ROUNDED),
    ("({} ** 3)", INTEGERS, EXACT),
]
# Of arrays and numbers alike.
TERNARY = [
    ("np.where({}, {}, {})", "?", "?" + REAL + COMPLEX, EXACT),
    ("np.clip({}, {}, {})", REAL, REAL, EXACT),
    ("({} < {} <= {})", REAL, REAL, EXACT),
]
COMPARISONS = ["({} < {})", "({} <= {})", "({} > {})", "({} >= {})", "({} == {})", "({} != {})"]
CONDITIONS = [("np.isnan({})", "fd"), ("np.isfinite({})", "fd"), ("np.signbit({})", "fd"), ("bool({})", REAL)]
CASTS = {"f": "np.float32({})", "d": "np.float64({})", "b": "np.int8({})", "B": "np.uint8({})", "h": "np.int16({})",
         "H": "np.uint16({})", "i": "np.int32({})", "I": "np.uint32({})", "l": "np.int64({})", "L": "np.uint64({})",
         "F": "np.complex64({})", "D": "np.complex128({})"}  # fmt: skip
# Of arrays: template with {0} the array and {1} the rest of the arguments; characters; how far the result may be off.
REDUCTIONS = [
    ("np.sum({0}{1})", REAL, "sum"),
    ("np.sum({0}{1})", "?", "exact"),
    ("np.min({0}{1})", "?" + REAL, "exact"),
    ("np.max({0}{1})", "?" + REAL, "exact"),
    ("np.any({0}{1})", "?" + REAL, "exact"),
    ("np.all({0}{1})", "?" + REAL, "exact"),
    ("np.prod({0}{1})", INTEGERS, "exact"),
    ("np.mean({0}{1})", "fd", "sum"),
]
ARG_REDUCTIONS = ["np.argmin({0}{1})", "np.argmax({0}{1})"]


class Expressions:
    """Draws expressions over the variables of a scope: name -> Expr."""

    def __init__(self, rng, namespace):
        self.rng = rng
        self.namespace = namespace  # what the text of an expression may name: np, helper functions
        self.scope = {}
        self.chooses = True  # whether `a if c else b` may stand here
        self.inexact = False  # whether values that are off may go into others here

    # ---- building ----------------------------------------------------------------------------------------------------

    def build(self, template, parts, error=EXACT):
        """The expression with its value, or nothing where it has none."""
        if any(part.error != EXACT for part in parts):
            if not self.inexact:
                return None
            error = ANY
        expr = Expr(template, list(parts), error=error)
        names = {name: variable.value for name, variable in self.scope.items()}
        try:
            with np.errstate(all="ignore"):
                expr.value = eval(expr.text, self.namespace | names)
        except (TypeError, ValueError, ZeroDivisionError, OverflowError, IndexError):
            return None
        if isinstance(expr.value, complex) and not isinstance(expr.value, np.generic):
            return None
        if isinstance(expr.value, np.ndarray) and expr.value.size > 500 or expr.type not in KINDS:
            return None
        return expr if self.fits(expr) else None

    def fits(self, expr):
        """Finds the range of a Python int; no Python int may leave int64, nor the dtype of what it meets."""
        if expr.type == "int":
            bounds = int_bounds(expr)
            if bounds is None or min(bounds) < -INT_LIMIT or max(bounds) > INT_LIMIT:
                return False
            expr.low, expr.high = bounds
            return True
        chars = [element(part.type) for part in expr.parts]
        strong = [c for c, part in zip(chars, expr.parts) if part.type not in ("int", "float", "bool") and c in INTEGERS]
        for part in expr.parts:
            if part.type == "int" and strong:
                limits = np.iinfo(strong[0])
                if not limits.min <= part.low <= part.high <= limits.max:
                    return False
        return True

    # ---- drawing -----------------------------------------------------------------------------------------------------

    def any_of(self, accept, depth, attempts=40):
        """An expression whose type is accepted."""
        for _ in range(attempts):
            expr = self.draw(depth)
            if expr is not None and accept(expr):
                return expr
        leaves = [leaf for leaf in self.scope.values() if accept(leaf)]
        return self.rng.choice(leaves) if leaves else None

    def of_type(self, kind, depth):
        if kind == "bool":
            return self.condition(depth)
        expr = self.any_of(lambda e: e.type == kind, depth)
        if expr is None and kind in CASTS:
            floats = kind in "fdFD"
            other = self.any_of(lambda e: not is_array(e.type) and (e.type in "?" + INTEGERS or floats and e.type in REAL), depth)
            expr = other and self.build(CASTS[kind], [other])
        return expr

    def scalar(self, depth):
        return self.any_of(lambda e: not is_array(e.type), depth)

    def draw(self, depth):
        rng = self.rng
        if depth <= 0 or rng.random() < 0.15:
            return self.leaf()
        shape = rng.random()
        if shape < 0.5:
            template, chars, error = rng.choice(BINARY)
            parts = [self.draw(depth - 1), self.draw(depth - 1)]
        elif shape < 0.58:
            template, first, chars, error = rng.choice(TERNARY)
            parts = [self.any_of(lambda e: element(e.type) in first, depth - 1, 6)] + [self.draw(depth - 1), self.draw(depth - 1)]
            if parts[0] is None or element(parts[0].type) not in first:
                return None
            if any(part is None or element(part.type) not in chars for part in parts[1:]):
                return None
            return self.build(template, parts, error)
        elif shape < 0.78:
            template, chars, error = rng.choice(UNARY)
            parts = [self.draw(depth - 1)]
        else:
            return self.special(depth)
        if any(part is None or element(part.type) not in chars for part in parts):
            return None
        return self.build(template, parts, error)

    def special(self, depth):
        """Expressions of other shapes; subclasses have more of them."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.3:
            return self.condition(depth - 1)
        if kind < 0.55 and self.chooses:
            one, condition = self.draw(depth - 1), self.condition(depth - 1)
            if one is None or condition is None or is_array(one.type):
                return None
            other = self.any_of(lambda e: e.type == one.type, depth - 1, 4)
            return other and self.build("({0} if {1} else {2})", [one, condition, other])
        if kind < 0.62 and self.chooses:
            one, other = self.scalar(depth - 1), self.scalar(depth - 1)
            if one is None or other is None or one.type != other.type or one.type not in (*REAL, "int", "float"):
                return None
            return self.build(rng.choice(["min({}, {})", "max({}, {})"]), [one, other])
        if kind < 0.8:
            helpers = [name for name in self.namespace if name.startswith("helper")]
            if not helpers:
                return None
            name = rng.choice(helpers)
            parts = [self.scalar(depth - 1) for _ in range(self.namespace[name].__code__.co_argcount)]
            if any(part is None or part.type in ("bool", "?", *COMPLEX) for part in parts):
                return None
            return self.build(name + "(" + ", ".join("{}" for _ in parts) + ")", parts, self.namespace[name].error)
        part = self.scalar(depth - 1)
        return part and self.build(CASTS[rng.choice("fdfdlihBL")], [part]) if part and element(part.type) in INTEGERS else None

    def condition(self, depth):
        """A scalar condition: a Python or NumPy bool."""
        rng = self.rng
        if depth > 0 and rng.random() < 0.25:
            one, other = self.condition(depth - 1), self.condition(depth - 1)
            if one is None or other is None or one.type != other.type:
                return one
            return self.build(rng.choice(["({} and {})", "({} or {})"]), [one, other])
        if rng.random() < 0.2:
            template, chars = rng.choice(CONDITIONS)
            part = self.scalar(depth - 1)
            return self.build(template, [part]) if part and element(part.type) in chars else None
        parts = [self.scalar(depth - 1), self.scalar(depth - 1)]
        if any(part is None or element(part.type) not in REAL for part in parts):
            return None
        return self.build(rng.choice(COMPARISONS), parts)

    def leaf(self):
        rng = self.rng
        if self.scope and rng.random() < 0.8:
            return self.variable(rng.choice(list(self.scope)))
        return self.constant()

    def variable(self, name):
        return self.scope[name]

    def constant(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.55:
            value = rng.choice([0, 1, 2, 3, 5, 7, 10, 100, 127, -1, -3])
            return Expr(f"({value})" if value < 0 else str(value), [], value, value, value)
        if kind < 0.9:
            value = rng.choice([0.0, 0.5, 1.0, 1.5, 2.0, 3.25, 0.1, 1e-3, 1e10, -1.0, -0.25])
            return Expr(f"({value})" if value < 0 else str(value), [], value)
        char = rng.choice("fdbBhHiIlL")
        return self.build(CASTS[char], [Expr(str(value := rng.choice([1, 2, 3, 50])), [], value, value, value)])


KINDS = {"int", "float", "bool"} | set("?" + REAL + COMPLEX) | {c + n for c in "?" + REAL + COMPLEX for n in "123"}


def int_bounds(expr):
    """Least and greatest value of a Python int, or nothing where that is not known."""
    parts = [(int(part.value), int(part.value)) if part.type == "bool" else (part.low, part.high) for part in expr.parts]
    if any(part.type == "bool" for part in expr.parts):
        parts = [(0, 1) if part.type == "bool" else bounds for part, bounds in zip(expr.parts, parts)]
    if any(part.type not in ("int", "bool") for part in expr.parts):
        return None
    operation = expr.template
    if not parts:
        return expr.low, expr.high
    if len(parts) == 1:
        (low, high) = parts[0]
        corners = {"(-{})": [-low, -high], "abs({})": [0, abs(low), abs(high)], "(~{})": [~low, ~high],
                   "int({})": [low, high], "({} ** 3)": [low**3, high**3]}.get(operation)  # fmt: skip
    elif len(parts) == 2:
        (a, b), (c, d) = parts
        most = max(abs(x) for x in (a, b, c, d)) * 2 + 1
        corners = {
            "({} + {})": [a + c, b + d],
            "({} - {})": [a - d, b - c],
            "({} * {})": [a * c, a * d, b * c, b * d],
            "divmod({}, {})[0]": [-max(abs(a), abs(b)), max(abs(a), abs(b))],
            "divmod({}, {})[1]": [-max(abs(c), abs(d)), max(abs(c), abs(d))],
            "min({}, {})": [a, b, c, d],
            "max({}, {})": [a, b, c, d],
            "({} // {})": [-max(abs(a), abs(b)), max(abs(a), abs(b))],
            "({} % {})": [-max(abs(c), abs(d)), max(abs(c), abs(d))],
            "({} & {})": [-most, most],
            "({} | {})": [-most, most],
            "({} ^ {})": [-most, most],
        }.get(operation)
    else:
        corners = [*parts[0], *parts[2]] if operation == "({0} if {1} else {2})" else None
    return (min(corners), max(corners)) if corners else None
