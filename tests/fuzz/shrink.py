"""shrink – makes a failing program smaller for as long as it fails in the same way."""

import copy

from expressions import Expr, is_array


def candidates(program):
    """Smaller programs: without a statement or a result, a block instead of a branch, an expression instead of a larger one."""
    for i in reversed(range(len(program.results))):
        smaller = copy.deepcopy(program)
        name, _ = smaller.results.pop(i)
        if smaller.items:
            smaller.body = [s for s in smaller.body if not s.template.startswith(name + "[")]
            smaller.arguments = [a for a in smaller.arguments if a[0] != name]
            smaller.outputs.remove(name)
        if smaller.results:
            yield smaller
    for path in paths(program.body):
        smaller = copy.deepcopy(program)
        block, i = find(smaller.body, path)
        removed = block.pop(i)
        yield smaller
        if removed.body:
            smaller = copy.deepcopy(program)
            block, i = find(smaller.body, path)
            block[i : i + 1] = block[i].body
            yield smaller
    for path in paths(program.body):
        statement = get(program.body, path)
        for number, part in enumerate(statement.parts):
            for replacement in replacements(part):
                smaller = copy.deepcopy(program)
                get(smaller.body, path).parts[number] = replacement
                yield smaller
    for i in range(len(program.helpers)):
        smaller = copy.deepcopy(program)
        smaller.helpers.pop(i)
        yield smaller
    for i, (name, _) in enumerate(program.arguments):
        if name not in program.outputs and not any(name in line for line in program.functions().splitlines() if "def " not in line):
            smaller = copy.deepcopy(program)
            smaller.arguments.pop(i)
            yield smaller


def paths(block, prefix=()):
    """Every statement as the way to it: numbers, and "else" for the second block."""
    for i, statement in enumerate(block):
        yield (*prefix, i)
        yield from paths(statement.body or [], (*prefix, i))
        yield from paths(statement.otherwise or [], (*prefix, i, "else"))


def find(block, path):
    """The block that a statement stands in, and its number."""
    for position, step in enumerate(path[:-1]):
        if step == "else":
            continue
        block = block[step].otherwise if path[position + 1] == "else" else block[step].body
    return block, path[-1]


def get(block, path):
    holder, i = find(block, path)
    return holder[i]


def replacements(expr):
    """Parts of the same type, a plain value, and the same with one part made smaller."""
    for part in descendants(expr):
        if part.type == expr.type:
            yield part
    if expr.parts and not is_array(expr.type) and type(expr.value) in (int, float, bool):
        yield Expr(f"({expr.value!r})", [], expr.value)
    for i, part in enumerate(expr.parts):
        for replacement in replacements(part):
            yield Expr(expr.template, expr.parts[:i] + [replacement] + expr.parts[i + 1 :], expr.value)


def descendants(expr):
    for part in expr.parts:
        yield part
        yield from descendants(part)


def shrink(program, fails, limit=400):
    """`fails(program)` says whether it still fails; it is asked at most `limit` times."""
    tried = 0
    progress = True
    while progress and tried < limit:
        progress = False
        for smaller in candidates(program):
            tried += 1
            if fails(smaller):
                program, progress = smaller, True
                break
            if tried >= limit:
                break
    return program
