"""Parallel loops of a function that Python runs, as compiled functions of their own.

`lifted` works on the function's syntax: each outermost `prange` loop becomes a function of the variables that it reads, which
gives back those that are read behind it. Where that cannot be said for certain, nothing is lifted.
"""

import __future__

import ast
import collections
import dis
import functools
import inspect
import textwrap
import types

_FUTURES = functools.reduce(lambda flags, name: flags | getattr(__future__, name).compiler_flag, __future__.all_feature_names, 0)
_STATEMENTS = (ast.Assign, ast.AugAssign, ast.For, ast.While, ast.If, ast.Expr, ast.Pass, ast.Break, ast.Continue)
_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr, ast.Yield, ast.YieldFrom,
           ast.Await)
_OF_CALLS = ("EXTENDED_ARG", "LOAD_METHOD", "LOAD_ATTR", "PUSH_NULL", "PRECALL")
#: Statements around a loop whose ways of control are plain.
_AROUND = (ast.For, ast.While, ast.If)


class Unlifted(Exception):
    """Why the loops of a function cannot be lifted."""


def lifted(function, is_prange, compiled):
    """The function, with ``compiled(loop)`` called in the place of each outermost loop over what `is_prange`.

    `is_prange` is asked with the expression that a loop goes over, `compiled` makes a function of a Python one.
    """
    tree = _syntax_of(function)
    if function.__code__.co_cellvars or any(isinstance(each, (ast.Global, ast.Nonlocal)) for each in ast.walk(tree)):
        raise Unlifted("it shares variables with other functions")
    loops = []
    _replace_loops(tree.body, [], is_prange, loops, _Variables(function, tree))
    codes = _codes(function, [*loops, tree])
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))

    def made(code):
        return types.FunctionType(code, function.__globals__, code.co_name, None, tuple(cells[name] for name in code.co_freevars))

    for loop in loops:
        cells[loop.name] = types.CellType(compiled(made(codes[loop.name])))
    result = made(codes[tree.name])
    result.__defaults__, result.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return result


def _syntax_of(function):
    """The definition, if its source is there and is what the function was made of."""
    try:
        lines, first = inspect.getsourcelines(function)
        module = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, SyntaxError, TypeError):
        raise Unlifted("its source cannot be read") from None
    tree = next(iter(module.body), None)
    if not isinstance(tree, ast.FunctionDef):
        raise Unlifted("it is no plain function")
    tree.decorator_list = []
    ast.increment_lineno(tree, first - 1)
    again = _codes(function, [tree])[tree.name]
    if again.co_names != function.__code__.co_names or _instructions(again) != _instructions(function.__code__):
        raise Unlifted("its source has changed")
    return tree


def _instructions(code):
    """What the code does, without what depends on the code around it: CPython calls functions of imported modules in other ways."""
    jumps = {*dis.hasjrel, *dis.hasjabs}
    return [(each.opname, None if _is_of_inner_function(each.argval) else each.argval)
            for each in dis.get_instructions(code) if each.opcode not in jumps and each.opname not in _OF_CALLS]


def _is_of_inner_function(constant):
    """Code, or (up to CPython 3.10) the qualified name that a function is made with: both say what is around it."""
    return isinstance(constant, types.CodeType) or (isinstance(constant, str) and ".<locals>." in constant)


def _codes(function, definitions):
    """The code of definitions, by name, that see the variables around `function`, and each other, as variables around them."""
    parameters = [ast.arg(name) for name in function.__code__.co_freevars]
    around = ast.FunctionDef("_", ast.arguments([], parameters, None, [], [], None, []), list(definitions), [], None, None)
    around.type_params = []
    module = ast.fix_missing_locations(ast.Module([ast.copy_location(around, definitions[-1])], []))
    flags = function.__code__.co_flags & _FUTURES
    code = compile(module, function.__code__.co_filename, "exec", flags, dont_inherit=True)
    outer = next(each for each in code.co_consts if isinstance(each, types.CodeType))
    return {each.co_name: each for each in outer.co_consts if isinstance(each, types.CodeType)}


class _Variables:
    """The variables of a function, and where they get values."""

    def __init__(self, function, tree):
        self.all = set(function.__code__.co_varnames)
        parameters = [each.arg for each in ast.walk(tree.args) if isinstance(each, ast.arg)]
        self._stores = collections.Counter(parameters) + _stores(tree)

    def may_have_value_before(self, loop):
        """Those that get a value outside of it."""
        return {name for name in self.all if self._stores[name] > _stores(loop)[name]}


def _stores(node):
    return collections.Counter(each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def _replace_loops(statements, around, is_prange, loops, variables):
    """Puts calls in the place of loops. `around`: of each statement around these, what follows it, and it if it is a loop."""
    for place, statement in enumerate(statements):
        behind = [*around, (statements[place + 1:], statement if isinstance(statement, (ast.For, ast.While)) else None)]
        if isinstance(statement, ast.For) and is_prange(statement.iter):
            behind[-1] = (behind[-1][0], None)
            loops.append(_loop_function(statement, behind, variables))
            statements[place] = _call_of(loops[-1], statement)
        elif isinstance(statement, _AROUND):
            for part in (statement.body, statement.orelse):
                _replace_loops(part, behind, is_prange, loops, variables)
        elif any(isinstance(each, ast.For) and is_prange(each.iter) for each in ast.walk(statement)):
            raise Unlifted(f"the loop stands in the statement of line {statement.lineno}")


def _loop_function(loop, behind, variables):
    for each in ast.walk(loop):
        if isinstance(each, _SCOPES) or (isinstance(each, ast.stmt) and not isinstance(each, _STATEMENTS)):
            raise Unlifted(f"the loop has in line {each.lineno} what cannot be moved")
    stored = _names(loop, ast.Store)
    read = _Reads().of([loop])
    given_back = sorted(_read_behind(behind) & stored)
    parameters = sorted(variables.may_have_value_before(loop) & (read | set(given_back)))
    values = ast.Tuple([ast.Name(name, ast.Load()) for name in given_back], ast.Load())
    arguments = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
    made = ast.FunctionDef(f"loop_of_line_{loop.lineno}", arguments, [loop, ast.Return(values)], [], None, None)
    made.type_params, made.given_back = [], given_back
    return ast.copy_location(made, loop)


def _call_of(loop, place):
    call = ast.Call(ast.Name(loop.name, ast.Load()), [ast.Name(each.arg, ast.Load()) for each in loop.args.args], [])
    targets = ast.Tuple([ast.Name(name, ast.Store()) for name in loop.given_back], ast.Store())
    statement = ast.Assign([targets], call) if loop.given_back else ast.Expr(call)
    return ast.fix_missing_locations(ast.copy_location(statement, place))


def _read_behind(behind):
    """What may be read behind a loop before it is written."""
    reads = _Reads()
    for following, loop in reversed(behind):
        if loop is not None:  # its next iteration comes before what follows it
            reads.branch([loop])
        reads.of(following)
    return reads.found


class _Reads:
    """The variables that statements may read before they have written them."""

    def __init__(self):
        self.found, self._written = set(), set()

    def of(self, statements):
        """Those of statements that run one after the other."""
        for each in statements:
            self._statement(each)
        return self.found

    def branch(self, *ways):
        """Statements of which one list is run: written is what all of them write."""
        before, written = self._written, []
        for way in ways:
            self._written = set(before)
            self.of(way)
            written.append(self._written)
        self._written = before | set.intersection(*written) if len(ways) > 1 else before

    def _statement(self, statement):
        if isinstance(statement, ast.If):
            self._read(statement.test)
            self.branch(statement.body, statement.orelse)
        elif isinstance(statement, (ast.For, ast.While)):
            self._read(statement.iter if isinstance(statement, ast.For) else statement.test)
            targets = _names(statement.target, ast.Store) if isinstance(statement, ast.For) else set()
            before, self._written = self._written, self._written | targets
            self.branch(statement.body)
            self._written = before
            self.branch(statement.orelse)
        else:
            self._read(statement)
            if isinstance(statement, ast.AugAssign):
                self._note(_names(statement.target, ast.Store))
            if isinstance(statement, (ast.Assign, ast.AugAssign)):
                self._written = self._written | _names(statement, ast.Store)

    def _read(self, node):
        self._note(_names(node, ast.Load))

    def _note(self, names):
        self.found |= names - self._written


def _names(node, context):
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, context)}
