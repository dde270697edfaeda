"""decoded_interpreter – runs the text that metate-decode prints, instruction by instruction, with Python's objects.

It gives the neutral instructions their meaning without the compiler, so that a recorded function of any CPython
version can be compared with the function itself.
"""

import ast
import operator
import re
import sys
import types

HEADER = re.compile(r"^(?:code (\d+) of (.+) is )?function (.+?)\((.*)\)$")
VARIABLE = re.compile(r"^  (local|cell|free) (\S+)$")
INSTRUCTION = re.compile(r"^ +(\d+)  (\w+)(?: (.*?))? +; \S+(?: handler @(\d+) depth (\d+))?$")

BINARY = {
    "+": "add", "&": "and_", "//": "floordiv", "<<": "lshift", "@": "matmul", "*": "mul", "%": "mod", "|": "or_",
    "**": "pow", ">>": "rshift", "-": "sub", "/": "truediv", "^": "xor",
}  # fmt: skip
INPLACE = {symbol: "i" + name.rstrip("_") for symbol, name in BINARY.items()}
COMPARE = {"<": "lt", "<=": "le", "==": "eq", "!=": "ne", ">": "gt", ">=": "ge"}
UNARY = {"+": "pos", "-": "neg", "~": "invert", "not": "not_"}


class Broken(BaseException):
    """The decoded function does what no function may. No handler of the program sees it."""


class Unsupported(Broken):
    """The function came to an instruction that has no neutral form."""


class Function:
    """One decoded function: its text, parsed."""

    def __init__(self, qualname, parameters):
        self.qualname = qualname
        # The iterable of a comprehension is called .0
        self.parameters = parameters.replace(".0", "_0")
        self.variables = []  # (kind, name)
        self.instructions = []  # (name, operand text, handler target or None, depth)
        self.inner = {}  # index of a constant → Function


def parse(text):
    """The outermost functions by name."""
    functions, enclosing = {}, []
    for line in text.splitlines():
        if match := HEADER.match(line):
            index, outer, qualname, parameters = match.groups()
            function = Function(qualname, parameters)
            if index is None:
                functions[qualname] = function
                enclosing = []
            else:
                while enclosing[-1].qualname != outer:
                    enclosing.pop()
                enclosing[-1].inner[int(index)] = function
            enclosing.append(function)
        elif match := VARIABLE.match(line):
            enclosing[-1].variables.append(match.groups())
        elif match := INSTRUCTION.match(line):
            number, name, operand, target, depth = match.groups()
            assert int(number) == len(enclosing[-1].instructions), line
            place = (int(target), int(depth)) if target else None
            enclosing[-1].instructions.append((name, operand or "", place))
        elif line:
            raise ValueError(f"not understood: {line!r}")
    return functions


def literal(text, function=None):
    if function and (match := re.fullmatch(r"code (\d+)", text)):
        return function.inner[int(match[1])]
    names = {"inf": float("inf"), "nan": float("nan"), "complex": complex, "frozenset": frozenset}
    return eval(compile(ast.parse(text, mode="eval"), "constant", "eval"), {"__builtins__": {}}, names)


def make_function(function, namespace, defaults=None, keyword_defaults=None, annotations=(), closure=()):
    """A Python function that runs the decoded one. The binding of arguments is Python's own."""
    scope = {}
    exec(f"def bind({function.parameters}): return locals()", scope)
    bind = scope["bind"]
    is_generator = any(name == "generator_start" for name, _, _ in function.instructions)

    def run(*args, **kwargs):
        bound = {name.replace("_0", ".0"): value for name, value in bind(*args, **kwargs).items()}
        frame = Frame(function, namespace, bound, closure)
        return frame.execute() if is_generator else frame.run()

    bind.__defaults__, bind.__kwdefaults__ = defaults, keyword_defaults
    run.__name__ = function.qualname.rpartition(".")[2]
    run.__annotations__ = dict(zip(annotations[::2], annotations[1::2]))
    return run


class Frame:
    def __init__(self, function, namespace, arguments, closure):
        self.function = function
        self.globals = namespace
        self.variables = dict(arguments)
        free = [name for kind, name in function.variables if kind == "free"]
        self.variables.update(zip(free, closure, strict=True))
        self.stack = []
        self.handled = None  # what a bare `raise` raises again
        self.next = 0

    def run(self):
        steps = self.execute()
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value
        raise Broken("a plain function yields")

    def execute(self):
        """A generator, so that yield_value can be one; `return` is what its StopIteration carries."""
        while True:
            name, operand, handler = self.function.instructions[self.next]
            self.next += 1
            try:
                if name == "return":
                    value = self.stack.pop()
                    self.check_left_clean()
                    return value
                if name == "yield_value":
                    sent = yield self.stack.pop()
                    self.stack.append(sent)
                else:
                    getattr(self, "do_" + name)(operand)
            except Broken:
                raise
            except BaseException as error:
                self.unwind(error, handler)

    def unwind(self, error, handler):
        if self.handled is not None and error is not self.handled and error.__context__ is None:
            error.__context__ = self.handled
        if handler is None:
            self.stack.clear()
            self.check_left_clean()
            raise error
        self.next, depth = handler
        if depth > len(self.stack):
            raise Broken("a handler is deeper than the stack")
        del self.stack[depth:]
        self.stack.append(error)

    def check_left_clean(self):
        if self.stack:
            raise Broken(f"returns with {self.stack} on the stack")
        if self.handled is not None:
            raise Broken(f"left while {self.handled!r} is the current exception")

    def pop_many(self, count):
        if count > len(self.stack):
            raise Broken("too few values on the stack")
        values = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return values

    # Variables

    def do_load_fast(self, name):
        if name not in self.variables:
            raise UnboundLocalError(name)
        self.stack.append(self.variables[name])

    def do_load_fast_and_clear(self, name):
        self.stack.append(self.variables.pop(name, Frame))  # the class stands for "unbound"

    def do_store_fast(self, name):
        value = self.stack.pop()
        if value is Frame:
            self.variables.pop(name, None)
        else:
            self.variables[name] = value

    def do_delete_fast(self, name):
        if name not in self.variables:
            raise UnboundLocalError(name)
        del self.variables[name]

    def do_make_cell(self, name):
        cell = types.CellType()
        if name in self.variables:
            cell.cell_contents = self.variables[name]
        self.variables[name] = cell

    def do_load_closure(self, name):
        self.stack.append(self.variables[name])

    def do_load_deref(self, name):
        try:
            self.stack.append(self.variables[name].cell_contents)
        except ValueError:
            raise NameError(name) from None

    def do_store_deref(self, name):
        self.variables[name].cell_contents = self.stack.pop()

    def do_delete_deref(self, name):
        del self.variables[name].cell_contents

    def do_load_global(self, name):
        builtins = self.globals["__builtins__"]
        builtins = builtins if isinstance(builtins, dict) else vars(builtins)
        if name not in self.globals and name not in builtins:
            raise NameError(name)
        self.stack.append(self.globals.get(name, builtins.get(name)))

    def do_store_global(self, name):
        self.globals[name] = self.stack.pop()

    def do_delete_global(self, name):
        del self.globals[name]

    def do_load_const(self, text):
        self.stack.append(literal(text, self.function))

    # Attributes and subscripts

    def do_load_attribute(self, name):
        self.stack.append(getattr(self.stack.pop(), name))

    def do_store_attribute(self, name):
        value, target = self.pop_many(2)
        setattr(target, name, value)

    def do_delete_attribute(self, name):
        delattr(self.stack.pop(), name)

    def do_load_subscript(self, _):
        target, index = self.pop_many(2)
        self.stack.append(target[index])

    def do_store_subscript(self, _):
        value, target, index = self.pop_many(3)
        target[index] = value

    def do_delete_subscript(self, _):
        target, index = self.pop_many(2)
        del target[index]

    def do_build_slice(self, count):
        self.stack.append(slice(*self.pop_many(int(count))))

    # Operators

    def do_unary(self, symbol):
        self.stack.append(getattr(operator, UNARY[symbol])(self.stack.pop()))

    def do_binary(self, symbol):
        self.stack.append(getattr(operator, BINARY[symbol])(*self.pop_many(2)))

    def do_inplace(self, symbol):
        self.stack.append(getattr(operator, INPLACE[symbol])(*self.pop_many(2)))

    def do_compare(self, symbol):
        self.stack.append(getattr(operator, COMPARE[symbol])(*self.pop_many(2)))

    def do_is(self, inverted):
        left, right = self.pop_many(2)
        self.stack.append((left is right) != bool(inverted))

    def do_contains(self, inverted):
        item, container = self.pop_many(2)
        self.stack.append((item in container) != bool(inverted))

    def do_to_bool(self, _):
        self.stack.append(bool(self.stack.pop()))

    # Control flow

    def do_jump(self, target):
        self.next = int(target[1:])

    def jump_if(self, condition, target):
        if condition:
            self.do_jump(target)

    def do_jump_if_false(self, target):
        self.jump_if(not self.stack.pop(), target)

    def do_jump_if_true(self, target):
        self.jump_if(self.stack.pop(), target)

    def do_jump_if_none(self, target):
        self.jump_if(self.stack.pop() is None, target)

    def do_jump_if_not_none(self, target):
        self.jump_if(self.stack.pop() is not None, target)

    def do_get_iter(self, _):
        self.stack.append(iter(self.stack.pop()))

    def do_for_iter(self, target):
        try:
            self.stack.append(next(self.stack[-1]))
        except StopIteration:
            self.stack.pop()
            self.do_jump(target)

    # Calls

    def do_call(self, operand):
        count, _, names = operand.partition(" keywords ")
        keywords = literal(names) if names else ()
        callee, *args = self.pop_many(int(count) + 1)
        split = len(args) - len(keywords)
        self.stack.append(callee(*args[:split], **dict(zip(keywords, args[split:]))))

    def do_call_spread(self, with_dict):
        callee, args, *options = self.pop_many(2 + int(with_dict))
        self.stack.append(callee(*args, **(options[0] if options else {})))

    def do_make_function(self, parts):
        names = parts.split()
        *values, function = self.pop_many(len(names) + 1)
        self.stack.append(make_function(function, self.globals, **dict(zip(names, values, strict=True))))

    # Containers

    def do_build_tuple(self, count):
        self.stack.append(tuple(self.pop_many(int(count))))

    def do_build_list(self, count):
        self.stack.append(self.pop_many(int(count)))

    def do_build_set(self, count):
        self.stack.append(set(self.pop_many(int(count))))

    def do_build_map(self, count):
        items = self.pop_many(2 * int(count))
        self.stack.append(dict(zip(items[::2], items[1::2])))

    def do_build_const_key_map(self, count):
        *values, keys = self.pop_many(int(count) + 1)
        self.stack.append(dict(zip(keys, values, strict=True)))

    def do_list_append(self, depth):
        value = self.stack.pop()
        list.append(self.stack[-int(depth)], value)

    def do_list_extend(self, depth):
        value = self.stack.pop()
        list.extend(self.stack[-int(depth)], value)

    def do_list_to_tuple(self, _):
        self.stack.append(tuple(self.stack.pop()))

    def do_set_add(self, depth):
        value = self.stack.pop()
        set.add(self.stack[-int(depth)], value)

    def do_set_update(self, depth):
        value = self.stack.pop()
        set.update(self.stack[-int(depth)], value)

    def do_map_add(self, depth):
        key, value = self.pop_many(2)
        dict.__setitem__(self.stack[-int(depth)], key, value)

    def do_dict_update(self, depth):
        value = self.stack.pop()
        dict.update(self.stack[-int(depth)], value)

    def do_dict_merge(self, depth):
        value, target = self.stack.pop(), self.stack[-int(depth)]
        if target.keys() & value.keys():
            raise TypeError("multiple values for a keyword")
        dict.update(target, value)

    def do_unpack_sequence(self, count):
        values = list(self.stack.pop())
        if len(values) != int(count):
            raise ValueError("unpack")
        self.stack += values[::-1]

    def do_unpack_extended(self, counts):
        before, after = map(int, counts.split())
        values = list(self.stack.pop())
        if len(values) < before + after:
            raise ValueError("unpack")
        end = len(values) - after
        self.stack += [*values[:before], values[before:end], *values[end:]][::-1]

    # Strings

    def do_convert_value(self, conversion):
        self.stack.append({"str": str, "repr": repr, "ascii": ascii}[conversion](self.stack.pop()))

    def do_format_simple(self, _):
        self.stack.append(format(self.stack.pop()))

    def do_format_with_spec(self, _):
        self.stack.append(format(*self.pop_many(2)))

    def do_build_string(self, count):
        self.stack.append("".join(self.pop_many(int(count))))

    # Exceptions

    def do_raise(self, count):
        values = self.pop_many(int(count))
        if not values:
            raise self.handled or RuntimeError("No active exception to reraise")
        error = values[0]() if isinstance(values[0], type) else values[0]
        if len(values) == 2:
            error.__cause__ = values[1]
        raise error

    def do_reraise(self, _):
        raise self.stack.pop()

    def do_load_assertion_error(self, _):
        self.stack.append(AssertionError)

    def do_push_exception_info(self, _):
        self.stack.insert(-1, self.handled)
        self.handled = self.stack[-1]

    def do_check_exception_match(self, _):
        kind = self.stack.pop()
        self.stack.append(isinstance(self.stack[-1], kind))

    def do_pop_exception(self, _):
        self.handled = self.stack.pop()

    def do_before_with(self, _):
        manager = self.stack.pop()
        self.stack.append(manager.__exit__)
        self.stack.append(manager.__enter__())

    def do_with_except_start(self, _):
        leave, _, error = self.stack[-3:]
        self.stack.append(leave(type(error), error, error.__traceback__))

    # Modules

    def do_import_name(self, name):
        level, names = self.pop_many(2)
        self.stack.append(__import__(name, self.globals, None, names, level))

    def do_import_from(self, name):
        module = self.stack[-1]
        submodule = sys.modules.get(f"{module.__name__}.{name}")
        self.stack.append(getattr(module, name, submodule))

    # Generators

    def do_generator_start(self, _):
        self.stack.append(None)

    def do_stop_iteration_error(self, _):
        error = self.stack.pop()
        if isinstance(error, StopIteration):
            error = RuntimeError("generator raised StopIteration")
        self.stack.append(error)

    # Stack

    def do_copy(self, depth):
        self.stack.append(self.stack[-int(depth)])

    def do_swap(self, depth):
        depth = int(depth)
        self.stack[-1], self.stack[-depth] = self.stack[-depth], self.stack[-1]

    def do_pop(self, _):
        self.stack.pop()

    def do_unsupported(self, name):
        raise Unsupported(name)
