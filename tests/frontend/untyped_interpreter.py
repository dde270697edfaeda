"""untyped_interpreter – runs the IR text that metate-frontend prints, with Python's objects.

It gives untyped IR (docs/ir.md) its meaning without the compiler, so that what the frontend makes of a recorded
function can be compared with the function itself. Iterations of a nest run in order.
"""

import ast
import importlib
import operator
import re

TOKEN = re.compile(
    r"\s*('(?:[^'\\]|\\.)*'|%'[^']*'(?:\.\d+)?|%[\w.]+|\^\d+|@'[^']*'|@\w+|\d[\d.]*(?:e[+-]?\d+)?j?|[A-Za-z_][\w.]*"
    r"|//|\*\*|<<|>>|[<>=!]=|->|.)"
)
BINARY = {
    "+": "add", "&": "and_", "//": "floordiv", "<<": "lshift", "@": "matmul", "*": "mul", "%": "mod", "|": "or_",
    "**": "pow", ">>": "rshift", "-": "sub", "/": "truediv", "^": "xor",
}  # fmt: skip
COMPARE = {"<": "lt", "<=": "le", "==": "eq", "!=": "ne", ">": "gt", ">=": "ge", "is": "is_", "is not": "is_not"}
UNARY = {"pos": "pos", "neg": "neg", "~": "invert", "not": "not_"}


class Broken(BaseException):
    """The IR does what none may."""


class Undefined:
    """What `undef` gives; nothing may look at it."""


class Tokens:
    def __init__(self, line):
        self.items = [token for token in TOKEN.findall(line) if token.strip()]
        self.at = 0

    def peek(self):
        return self.items[self.at] if self.at < len(self.items) else None

    def take(self):
        self.at += 1
        return self.items[self.at - 1]

    def accept(self, *tokens):
        if self.items[self.at : self.at + len(tokens)] == list(tokens):
            self.at += len(tokens)
            return True
        return False

    def values(self):
        """%a, name=%b, *%c up to the end or a colon, as pairs of prefix and value."""
        found = []
        while self.peek() not in (None, ":", "{", ")"):
            name = "" if self.peek().startswith("%") else self.take()
            self.accept("=")
            found.append((name, self.take()))
            self.accept(",")
        return found

    def plain_values(self):
        return [value for _, value in self.values()]

    def parts(self):
        """[0, 'text'] of a message."""
        found = []
        while not self.accept("]"):
            if not self.accept(",") and not self.accept("["):
                found.append(ast.literal_eval(self.take()))
        return found


class Block:
    def __init__(self, params):
        self.params = params
        self.instructions = []  # (results, operation, tokens behind it, body of a nest)

    def __repr__(self):
        return " ".join(f"{operation} {''.join(tokens)} {body}" for _, operation, tokens, body in self.instructions)


class Function:
    def __init__(self, name, params):
        self.name = name
        self.params = params


def parse(text):
    """The functions by callee number."""
    functions = {}
    lines = iter(text.splitlines())
    for line in lines:
        if match := re.match(r"; callee (\d+)$", line):
            header = next(lines)
            name, params = re.match(r"func @'?([\w<>]+)'?\((.*?)\) stage untyped", header).groups()
            functions[int(match[1])] = function = Function(name, re.findall(r"%([\w]+)", params))
            function.blocks = parse_region(lines)
            function.callees = {int(number) for number in re.findall(r"callee\([^,]*,(\d+)\)", str(function.blocks))}
    return functions


def parse_region(lines):
    blocks = {}
    for line in lines:
        if line.strip() == "}":
            return blocks
        tokens = Tokens(line)
        if tokens.peek().startswith("^"):
            name = tokens.take()
            params = re.findall(r"%[\w.]+", line)
            blocks[name] = block = Block(params)
            continue
        results = []
        if " = " in line and tokens.peek().startswith("%"):
            while not tokens.accept("="):
                if not tokens.accept(","):
                    results.append(tokens.take())
        operation = tokens.take()
        body = parse_region(lines) if operation == "nest" else None
        block.instructions.append((results, operation, tokens.items[tokens.at :], body))
    raise Broken("a region without an end")


class Machine:
    """Functions of one recording in the namespace of their module."""

    def __init__(self, functions, namespace):
        self.functions = functions
        self.namespace = namespace

    def call(self, function, arguments):
        values = dict(zip(("%" + name for name in function.params), arguments, strict=True))
        return self.run_region(function.blocks, [], values)

    def run_region(self, blocks, arguments, values):
        name = next(iter(blocks))
        if arguments:
            values.update(zip(blocks[name].params, arguments, strict=True))
        while True:
            for instruction in blocks[name].instructions:
                outcome = self.step(instruction, values)
                if outcome is not None:
                    break
            kind, payload = outcome
            if kind != "jump":
                return payload
            name, passed = payload
            values.update(zip(blocks[name].params, [values[v] for v in passed], strict=True))

    def step(self, instruction, values):
        """None, or how the block ends."""
        results, operation, rest, body = instruction
        tokens = Tokens("")
        tokens.items = list(rest)
        method = getattr(self, "do_" + operation.replace(".", "_"), None)
        if method is None:
            raise Broken(f"no instruction {operation}")
        if operation == "nest":
            outcome = method(tokens, values, body)
        else:
            outcome = method(tokens, values)
        if operation in ("jump", "branch", "return", "yield"):
            return outcome
        outcome = outcome if operation == "nest" else [outcome]
        values.update(zip(results, outcome))
        return None

    # Ends of blocks.

    @staticmethod
    def target(tokens):
        name, passed = tokens.take(), []
        if tokens.accept("("):
            passed = tokens.plain_values()
            tokens.accept(")")
        tokens.accept(",")
        return "jump", (name, passed)

    def do_jump(self, tokens, values):
        return self.target(tokens)

    def do_branch(self, tokens, values):
        condition = values[tokens.take()]
        if condition is not True and condition is not False:
            raise Broken("a branch on what is no truth")
        tokens.accept(",")
        targets = self.target(tokens), self.target(tokens)
        return targets[0] if condition else targets[1]

    def do_return(self, tokens, values):
        return "return", values[tokens.take()]

    def do_yield(self, tokens, values):
        return "yield", [values[v] for v in tokens.plain_values()]

    def do_unreachable(self, tokens, values):
        raise Broken("the unreachable was reached")

    def do_raise(self, tokens, values):
        kind = self.constant(tokens)
        parts = tokens.parts()
        text = self.message(parts, tokens, values)
        raise kind(text) if parts else kind

    # Values.

    def constant(self, tokens):
        token = tokens.take()
        if token in ("entity", "exception", "module", "callee"):
            tokens.accept("(")
            name = tokens.take()
            number = int(tokens.take()) if tokens.accept(",") else None
            tokens.accept(")")
            if token == "callee":
                return self.callee(number, [])
            if token == "exception":
                return getattr(importlib.import_module("builtins"), name)
            if token == "module":
                return importlib.import_module(name)
            module, _, attribute = name.rpartition(".")
            if module == "metate":
                return self.namespace[attribute]
            return getattr(importlib.import_module(module), attribute)
        if token == "(":
            items = []
            while not tokens.accept(")"):
                if tokens.accept("+"):  # a complex number: (0.0+2.0j)
                    items[-1] += self.constant(tokens)
                elif not tokens.accept(","):
                    items.append(self.constant(tokens))
            return items[0] if len(items) == 1 and isinstance(items[0], complex) else tuple(items)
        if token == "-":
            return -self.constant(tokens)
        if token in ("inf", "nan"):
            return float(token)
        return Ellipsis if token == "Ellipsis" else ast.literal_eval(token)

    def callee(self, number, captured):
        function = self.functions[number]

        def run(*arguments):
            return self.call(function, [*arguments, *captured])

        return run

    def do_const(self, tokens, values):
        return self.constant(tokens)

    def do_undef(self, tokens, values):
        return Undefined

    def do_tuple(self, tokens, values):
        return tuple(values[v] for v in tokens.plain_values())

    def do_tuple_get(self, tokens, values):
        index = int(tokens.take())
        return values[tokens.take()][index]

    def do_py_unpack(self, tokens, values):
        count = int(tokens.take())
        items, *place = (values[v] for v in tokens.plain_values())
        items = list(items)
        if place and len(items) >= count - 1:  # a starred target takes what the others leave
            first, last = place[0], place[0] + len(items) - (count - 1)
            items[first:last] = [items[first:last]]
        if len(items) != count:
            raise ValueError(f"{len(items)} items to unpack into {count}")
        return tuple(items)

    def do_check_bound(self, tokens, values):
        name = tokens.take()
        if not values[tokens.take()]:
            raise UnboundLocalError(name)

    def message(self, parts, tokens, values):
        operands = [values[v] for v in tokens.plain_values()]
        return "".join(str(operands[part]) if isinstance(part, int) else part for part in parts)

    def do_print(self, tokens, values):
        print(self.message(tokens.parts(), tokens, values), end="")

    def do_py_format(self, tokens, values):
        return self.message(tokens.parts(), tokens, values)

    # Python's operations.

    def operands(self, tokens, values):
        found = [values[v] for v in tokens.plain_values()]
        if any(value is Undefined for value in found):
            raise Broken("an undefined value is used")
        return found

    def do_py_binary(self, tokens, values):
        return getattr(operator, BINARY[tokens.take()])(*self.operands(tokens, values))

    def do_py_inplace(self, tokens, values):
        return getattr(operator, "i" + BINARY[tokens.take()].rstrip("_"))(*self.operands(tokens, values))

    def do_py_unary(self, tokens, values):
        return getattr(operator, UNARY[tokens.take()])(*self.operands(tokens, values))

    def do_py_compare(self, tokens, values):
        name = tokens.take()
        if not tokens.peek().startswith("%"):
            name += " " + tokens.take()
        a, b = self.operands(tokens, values)
        if name in ("in", "not in"):
            return (a in b) == (name == "in")
        return getattr(operator, COMPARE[name])(a, b)

    def do_py_truth(self, tokens, values):
        return bool(*self.operands(tokens, values))

    def do_py_getattr(self, tokens, values):
        name = ast.literal_eval(tokens.take())
        return getattr(*self.operands(tokens, values), name)

    def do_py_setattr(self, tokens, values):
        name = ast.literal_eval(tokens.take())
        target, value = self.operands(tokens, values)
        setattr(target, name, value)

    def do_py_getitem(self, tokens, values):
        return operator.getitem(*self.operands(tokens, values))

    def do_py_setitem(self, tokens, values):
        operator.setitem(*self.operands(tokens, values))

    def do_py_slice(self, tokens, values):
        return slice(*self.operands(tokens, values))

    def do_py_list(self, tokens, values):
        return self.operands(tokens, values)

    def do_py_call(self, tokens, values):
        function = values[tokens.take()]
        tokens.accept(",")
        positional, keywords = [], {}
        for name, value in tokens.values():
            if name == "*":
                positional += values[value]
            elif name:
                keywords[name] = values[value]
            else:
                positional.append(values[value])
        return function(*positional, **keywords)

    def do_py_closure(self, tokens, values):
        while tokens.take() != ",":
            pass
        number = int(tokens.take())
        tokens.accept(")")
        return self.callee(number, self.operands(tokens, values))

    # Loops.

    def do_iter_count(self, tokens, values):
        name = tokens.take()
        values[name + " items"] = list(values[name])
        return len(values[name + " items"])

    def do_iter_at(self, tokens, values):
        name = tokens.take()
        tokens.accept(",")
        return values[name + " items"][values[tokens.take()]]

    def do_nest(self, tokens, values, body):
        while not tokens.accept("("):
            tokens.take()
        extent = values[tokens.take()]
        tokens.accept(")")
        accumulators = []
        if tokens.accept("reduce"):
            while not tokens.accept(")"):
                tokens.take()
            tokens.accept("(")
            accumulators = [values[v] for v in tokens.plain_values()]
        for index in range(extent):
            accumulators = self.run_region(body, [index, *accumulators], values)
        return accumulators
