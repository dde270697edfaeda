"""elementwise – random programs that compute out[i] from other elements: a prange loop, and the same as a kernel."""

import numpy as np

from expressions import Expr, element, is_array
from generator import Generator, check_of
from programs import Program, Statement


class Elementwise(Generator):
    def program(self):
        rng = self.rng
        self.items = rng.choice([1, 4, 5, 8, 13])
        self.arrays = {}
        for _ in range(rng.randint(0, 2)):
            self.add_helper()
        for _ in range(rng.randint(1, 3)):
            name, char = self.new_name("x"), rng.choice("?bBhHiIlLfdfdfdFD")
            self.arrays[name] = eval(self.array_argument(name, (self.items,), char), self.namespace)
            self.namespace[name] = self.arrays[name]
        for _ in range(rng.randint(0, 2)):
            self.add_scalar()
        self.scope["i"] = Expr("i", [], 0, 0, self.items - 1)
        outputs, body = [], [s for s in (self.statement(2) for _ in range(rng.randint(1, 5))) if s]
        for _ in range(rng.randint(1, 2)):
            expr = self.any_of(lambda e: not is_array(e.type), self.depth + 1)
            if expr is None:
                continue
            name = self.new_name("out")
            zeros = f"np.zeros({self.items}, {np.dtype(element(expr.type)).str!r})"
            self.arguments.append((name, zeros))
            outputs.append((name, check_of(expr.error)))
            body.append(Statement(name + "[i] = {0}", [expr]))
        return Program(self.helpers, self.arguments, body, outputs, self.items, [name for name, _ in outputs])

    def array_argument(self, name, shape, char):
        text = self.array_text(shape, char)
        self.arguments.append((name, text))
        return text

    def leaf(self):
        if self.arrays and self.rng.random() < 0.45:
            return self.load()
        return super().leaf()

    def load(self):
        rng = self.rng
        name, array = rng.choice(list(self.arrays.items()))
        index = rng.choice(["i", "i", "i", "i", f"(i + {rng.randint(1, 9)}) % {self.items}", f"-1 - i", "0", "-1"])
        return Expr(f"{name}[{index}]", [], array[0])

    SIMPLE = 6
    STATEMENTS = [Generator.new_variable, Generator.assign_again, Generator.new_variable, Generator.assign_again,
                  Generator.swap, Generator.fail, Generator.branch, Generator.branch, Generator.loop, Generator.loop,
                  Generator.counted_while]  # fmt: skip
