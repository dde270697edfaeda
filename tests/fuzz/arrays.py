"""arrays – random programs on whole arrays: views, broadcasting, reductions, assignment to parts, loops."""

import numpy as np

from expressions import ANY, ARG_REDUCTIONS, COMPLEX, EXACT, INTEGERS, REAL, REDUCTIONS, Expr, element, is_array
from generator import Generator, check_of
from programs import Program, Statement


class Arrays(Generator):
    """Whole arrays. Statements of the outermost block run while they are generated, so shapes are known."""

    def program(self):
        rng = self.rng
        for _ in range(rng.randint(0, 1)):
            self.add_helper()
        rows, columns = rng.choice([1, 3, 4, 7]), rng.choice([1, 2, 5, 33])
        for _ in range(rng.randint(2, 4)):
            shape = rng.choice([(columns,), (columns,), (rows, columns), (rows, columns), (rows, 1), (rows,)])
            self.add_argument(self.new_name("x"), self.array_text(shape, rng.choice("?bBhHiIlLfdfdfdFD")))
        for _ in range(rng.randint(0, 2)):
            self.add_scalar()
        self.checks = {}
        body = [s for s in (self.statement(2) for _ in range(rng.randint(2, 7))) if s]
        results = [(name, self.checks.get(name, check_of(v.error))) for name, v in self.locals.items()]
        return Program(self.helpers, self.arguments, body, results)

    def leaf(self):
        rng = self.rng
        arrays = [v for v in self.scope.values() if is_array(v.type)]
        if arrays and rng.random() < 0.7:
            variable = rng.choice(arrays)
            return self.view(variable) if rng.random() < 0.4 else variable
        return super().leaf()

    def view(self, variable):
        axes = variable.value.ndim
        forms = ["{}[::-1]", "{}[1:]", "{}[:-1]", "{}[::2]", "{}[-3:]"]
        if axes == 1:
            forms += ["{}[:, None]", "{}[None, :]", "{}[0]", "{}[-1]"]
        if axes == 2:
            forms += ["{}.T", "{}[0]", "{}[:, 0]", "{}[:, ::-1]", "{}[..., 1:]", "{}[-1, -1]", "{}[:, -1:]"]
        return self.build(self.rng.choice(forms), [variable])

    def new_array(self, _):
        expr = self.any_of(lambda e: is_array(e.type), self.depth)
        if expr is None:
            return None
        if not expr.parts:
            expr = self.build("{}.copy()", [expr])
        return expr and self.assign_new(expr)

    def reduce(self, _):
        """v = np.sum(x, axis=1)."""
        rng = self.rng
        template, chars, kind = rng.choice(REDUCTIONS + [(form, REAL, "exact") for form in ARG_REDUCTIONS])
        array = self.any_of(lambda e: is_array(e.type) and element(e.type) in chars and not e.error and e.value.size, self.depth - 1)
        if array is None:
            return None
        axes = ["", f", axis={rng.randrange(array.value.ndim)}", ", axis=-1"]
        if "arg" not in template:
            axes += [", axis=0, keepdims=True", ", keepdims=True"]
        holder = self.assign_new(array)  # the bound needs the same array
        array = self.scope[holder.template.split(" ")[0]]
        expr = self.build(template.replace("{1}", rng.choice(axes)), [array])
        if expr is None:
            return holder
        floats = kind == "sum" and element(array.type) in "fd"
        statement = self.assign_new(expr)
        name = statement.template.split(" ")[0]
        if floats:
            self.locals[name].error = self.scope[name].error = ANY
            self.scope.pop(name)
            self.checks[name] = f"bound_{name}"
            eps = np.finfo(element(array.type)).eps
            statement.bound = f"bound_{name} = {eps!r} * ({array.text}.size + 8) * np.sum(np.abs({array.text}), dtype=np.float64)"
            if self.nested:
                return holder
        return Statement("if True", [], [holder, statement])

    nested = False

    def block(self, count, depth):
        was, self.nested = self.nested, True
        statements = super().block(count, depth)
        self.nested = was
        return statements

    def store(self, _):
        """v[1:] = …, v += …"""
        names = [name for name, variable in self.locals.items() if is_array(variable.type) and name not in self.checks]
        if not names:
            return None
        name = self.rng.choice(names)
        variable = self.locals[name]
        targets = ["{}[:] = {}", "{}[1:] = {}", "{}[::-1] = {}", "{}[0] = {}", "{} += {}", "{}[1:] -= {}"]
        if element(variable.type) not in COMPLEX:  # their products are not exact, and the variable may be used as if it were
            targets.append("{} *= {}")
        target = self.rng.choice(targets)
        was, self.inexact = self.inexact, self.inexact and variable.error == ANY
        expr = self.any_of(lambda e: np.can_cast(element(e.type), element(variable.type), "same_kind") and e.type not in ("int", "float"), 2, 10)
        self.inexact = was
        if expr is None or variable.value.size == 0 or expr.error and not variable.error:
            return None
        sample = variable.value.copy()
        try:
            with np.errstate(all="ignore"):
                exec(target.format("sample", expr.text), self.namespace | {n: v.value for n, v in self.scope.items()} | {"sample": sample})
        except (TypeError, ValueError, IndexError, OverflowError):
            return None
        if any(np.shares_memory(part.value, variable.value) for part in self.scope.values() if is_array(part.type) and part is not variable and part.text in self.locals):
            return None
        if not self.nested:
            variable.value[...] = sample
        return Statement(target, [variable, expr])

    def create(self, _):
        """A new array out of nothing."""
        rng = self.rng
        arrays = [v for v in self.scope.values() if is_array(v.type)]
        forms = ["np.arange({n})", "np.arange({n}, dtype=np.float32)", "np.linspace(0.0, 1.0, {n})", "np.zeros({n})", "np.ones(({n}, 2), np.int16)",
                 "np.full({n}, 3)", "np.eye({n})", "np.zeros_like({a})", "np.ones_like({a})", "np.arange(1, {n}, 2) * 3"]  # fmt: skip
        form = rng.choice(forms)
        if "{a}" in form and not arrays:
            return None
        expr = self.build(form.replace("{n}", str(rng.randint(1, 6))).replace("{a}", "{}"), [rng.choice(arrays)] if "{a}" in form else [])
        return expr and self.assign_new(expr)

    def product(self, _):
        """Matrix products of integers, which are exact."""
        arrays = [v for v in self.scope.values() if is_array(v.type) and v.type[0] in INTEGERS and v.error == EXACT]
        if len(arrays) < 2:
            return None
        expr = self.build(self.rng.choice(["({} @ {})", "np.dot({}, {})"]), self.rng.sample(arrays, 2))
        # Of int64 and uint64 NumPy makes float64.
        return self.assign_new(expr) if expr and expr.value.dtype.kind in "iu" else None

    def zip_loop(self, _):
        """for k, (a, b) in enumerate(zip(x, y))"""
        arrays = [v for v in self.scope.values() if v.type in ("l1", "i1", "b1", "H1", "d1") and v.error == EXACT]
        if len(arrays) < 2:
            return None
        one, other = self.rng.sample(arrays, 2)
        index, a, b, name = (self.new_name(p) for p in "nabv")
        start = self.build("np.float64(0)", [])
        variable = Expr(name, [], start.value)
        self.scope[name] = self.locals[name] = variable
        head = self.rng.choice([f"for {index}, ({a}, {b}) in enumerate(zip({{0}}, {{1}}))", f"for {a}, {b} in zip({{0}}, {{1}})"])
        step = f"{{0}} = {{0}} * 0.5 + ({a} - {b})" if index not in head else f"{{0}} = {{0}} * 0.5 + ({a} - {b}) * {index}"
        kinds = {one.type, other.type}
        if "H1" in kinds and kinds != {"H1", "d1"}:
            step = step.replace(" - ", " ^ ") if "d1" not in kinds else step
        return Statement("if True", [], [Statement(name + " = {0}", [start]), Statement(head, [one, other], [Statement(step, [variable])])])

    def sum_loop(self, _):
        """A loop over an array that carries a number: plain, so that its order is Python's."""
        arrays = [v for v in self.scope.values() if v.type in ("f1", "d1", "l1", "i1", "b1", "H1") and not v.error]
        if not arrays:
            return None
        array, name, item = self.rng.choice(arrays), self.new_name("v"), self.new_name("e")
        start = self.build(f"np.{np.dtype(element(array.type)).name}(1)", [])
        if start is None:
            return None
        operation = self.rng.choice(["{0} = {0} + {1}", "{0} += {1}", "{0} = {0} * {1}", "{0} = np.maximum({0}, {1})", "{0} -= {1}"])
        variable = Expr(name, [], start.value)
        self.scope[name] = self.locals[name] = variable
        loop = Statement(f"for {item} in {{0}}", [array], [Statement(operation, [variable, Expr(item)])])
        return Statement("if True", [], [Statement(name + " = {0}", [start]), loop])

    def prange_loop(self, _):
        """A reduction over a prange loop."""
        arrays = [v for v in self.scope.values() if v.type in ("f1", "d1", "l1", "i1", "?1", "B1") and not v.error]
        if not arrays or self.nested:
            return None
        array, name, index = self.rng.choice(arrays), self.new_name("v"), self.new_name("p")
        char = element(array.type)
        operation, start = self.rng.choice([("{0} += {1}", "0"), ("{0} *= {1}", "1"), ("{0} = max({0}, {1})", "0"), ("{0} = min({0}, {1})", "0")])
        if char == "?":
            operation, start = self.rng.choice([("{0} |= {1}", "0"), ("{0} &= {1}", "1"), ("{0} ^= {1}", "0")])
        if char in "fd" and operation == "{0} *= {1}":
            operation = "{0} += {1}"
        kind = "np.bool_" if char == "?" else f"np.{np.dtype(char).name}"
        variable = Expr(name, [], eval(f"{kind}({start})"), error=ANY if char in "fd" and "+" in operation else EXACT)
        self.locals[name] = variable
        loop = Statement(f"for {index} in prange(len({{0}}))", [array], [Statement(operation, [variable, Expr(f"{array.text}[{index}]")])])
        if variable.error:
            self.checks[name] = f"bound_{name}"
            loop = Statement("if True", [], [loop], bound="")
            loop.body.append(Statement("pass", bound=f"bound_{name} = {np.finfo(char).eps!r} * ({array.text}.size + 8) * np.sum(np.abs({array.text}), dtype=np.float64)"))
        return Statement("if True", [], [Statement(f"{name} = {kind}({start})"), loop])

    SIMPLE = 13
    STATEMENTS = [new_array, new_array, store, store, reduce, create, product, zip_loop, Generator.new_variable, Generator.assign_again, sum_loop, prange_loop,
                  Generator.swap, Generator.branch, Generator.loop]  # fmt: skip
