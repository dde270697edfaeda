"""cases – arguments for the functions of programs/: each function is called with a fresh copy of each tuple."""

import operator


def echo(*args, **options):
    """A callee whose result tells how it was called."""
    return sum(args) * 10 + sum(options.values())


def collect(*args, **options):
    return args, sorted(options.items())


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({vars(self)})"


class Matrix:
    """Something with @ and @=."""

    def __init__(self, value):
        self.value = value

    def __matmul__(self, other):
        return Matrix(self.value * other.value)

    def __imatmul__(self, other):
        self.value += other.value
        return self

    def __repr__(self):
        return f"Matrix({self.value})"


class Manager:
    """A context manager that keeps a log and may swallow exceptions."""

    def __init__(self, value, swallows=False):
        self.value, self.swallows, self.log = value, swallows, []

    def __enter__(self):
        self.log.append("enter")
        return self.value

    def __exit__(self, kind, error, traceback):
        self.log.append(kind.__name__ if kind else "exit")
        return self.swallows

    def __repr__(self):
        return f"Manager({self.log})"


CASES = {
    "loops": {
        "sum_range": [(0,), (10,)],
        "nested_loops": [(5, 4), (3, 9), (0, 1)],
        "while_loop": [(27,), (1,), (2**60 + 1,)],
        "while_true": [([1, 2, None, 4],), ([],)],
        "while_else": [(5,), (12,), (0,)],
        "branches": [(None, 1), (3, 1), (30, 1), (3, 0), (2, 3), (1, 9)],
        "unbound": [(True,), (False,)],
        "delete": [(4,)],
    },
    "expressions": {
        "operators": [(17, 5), (-17, 5), (3, 0)],
        "inplace_operators": [(100, 7)],
        "matrix_multiply": [(Matrix(3), Matrix(4)), (1, 2)],
        "comparisons": [(1, 2), (2, 2), (2.5, 1), (1, None)],
        "chained": [(1, 2, 3), (2, 1, 3), (1, 5, 3)],
        "chained_branch": [(1, 2, 3), (2, 1, 3), (1, 2, 7)],
        "boolean_values": [(0, 2, 3), (1, 0, 0), (1, 2, 0)],
        "subscripts": [([1, 2, 3, 4], 1, 2), ([1], 3, 0)],
        "two_dimensional": [({(1, 2): 5}, 1, 2)],
        "slices": [([1, 2, 3, 4, 5, 6, 7], 1, 3)],
        "attributes": [(Point(1, 2),)],
        "tuples": [(((1, 2), 3), [4, 5, 6, 7]), (((1, 2), 3), [4]), ((1, 3), [4])],
        "containers": [((1, 2), 2)],
        "constants": [()],
        "long_constants": [(2.5,), (7,)],
        "strings": [("x", 1.25, 9), ("é", 3.0, 0)],
        "conditional": [(1, 2), (0, -1)],
        "walrus": [([1, 2],)],
    },
    "calls": {
        "positional": [(echo, 1, 2)],
        "keywords": [(echo, 1, 2)],
        "spread": [(collect, (1, 2), {"k": 3}), (collect, [4], {"z": 1})],
        "methods": [([3, -1], "ab")],
        "methods_in_arguments": [(echo, [1, 2, 3, 2], True), (echo, [1, 2, 3], False), (echo, [1], True)],
        "builtins_in_arguments": [(-1, 2, -3), (1, 0, -5)],
        "from_modules": [(9,)],
        "globals_of_module": [(5,)],
        "defaults": [(1,), (1, 3, 4, 5)],
        "positional_only": [],
        "recursive": [(6,)],
    },
    "functions": {
        "closure": [(1, 2)],
        "counter": [(3,)],
        "lambdas": [(3,)],
        "recursive_inner": [(5,)],
        "list_comprehension": [(6,)],
        "nested_comprehension": [(4,)],
        "comprehension_in_call": [([1, 5, 3], 2), ([], 1), (["a"], 2)],
        "set_and_dict_comprehension": [([1, 4, 5],)],
        "comprehension_that_raises": [([1, 2],), ([1, 0],), ([None],)],
        "two_comprehensions": [(3,)],
        "decorated": [(operator.attrgetter("__name__"),), (lambda f: lambda x: f(x) + 1,)],
        "squares": [(3,)],
        "try_in_generator": [([1, 2],)],
    },
    "exceptions": {
        "raise_class": [(1,), (-1,)],
        "raise_with_message": [(1,), (-1,)],
        "raise_from": [(2,), (0,)],
        "assertion": [(1,), (0,), (200,)],
        "try_except": [([1, 2], 1), ([], 0), ([], "x")],
        "try_several": [([1, 2], 1), ([1], 5), ([0], 0), (["a"], 0), ({}, 7)],
        "try_finally": [([1, 2], 1), ([1], 5)],
        "try_except_finally": [([1, 2], 1), ([1], 5), ([1], "x")],
        "nested_try": [([], 1), ([], 0), ([], "x")],
        "reraise": [(1,), (0,), ("x",)],
        "error_in_handler": [(1,), (0,), ("x",)],
        "return_in_finally": [(1,), (0,)],
        "loop_with_try": [([1, None, 2, "a", 3, "stop", 4],), ([[]],)],
        "with_statement": [(Manager(1), 2), (Manager(1), "x")],
        "with_that_returns": [(Manager(1), 2), (Manager(1), "x"), (Manager(1, True), "x")],
        "with_that_raises": [(Manager(1), 2), (Manager(1), 0), (Manager(1, True), 0)],
        "two_managers": [
            (Manager(1), Manager(2), 1),
            (Manager(1), Manager(2), 0),
            (Manager(1, True), Manager(2), 0),
            (Manager(1), Manager(2, True), 0),
            (Manager(1), Manager("x"), 1),
        ],
        "with_in_loop": [(Manager(1), [1, 2, 5]), (Manager(1), [1, -2, 5]), (Manager(1), [1, 0]), (Manager(1, True), [0, 5])],
    },
}
