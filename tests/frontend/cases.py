"""cases – arguments for the functions of programs/: each function is called with a fresh copy of each tuple."""

def echo(*args, **options):
    """A callee whose result tells how it was called."""
    return f"{args} {sorted(options.items())}"


class Number:
    """A callee that can be added up."""

    def __call__(self, x, y):
        return x * 10 + y


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({vars(self)})"


class Matrix:
    """As much of an array as the functions need."""

    def __init__(self, rows, columns):
        self.shape = rows, columns
        self.items = floats(rows * columns)

    def __getitem__(self, index):
        return self.items[index[0] * self.shape[1] + index[1]]

    def __repr__(self):
        return f"Matrix({self.items})"


def floats(count):
    return [i - 2.0 for i in range(count)]


CASES = {
    "loops": {
        "add": [([1, 2], [3, 4], [0, 0]), ([], [], [])],
        "collatz": [(27,), (1,), (6,)],
        "while_not": [(1,), (20,)],
        "while_none": [([1, 2, None],), ([None],)],
        "endless": [(3,), (200,)],
        "search": [([3, 4, 5], 4), ([3], 4), ([], 1)],
        "while_else": [(9,), (4,), (0,)],
        "skip": [([1, -2, 3],), ([],)],
        "nested": [(3, 6), (4, 12), (0, 3)],
        "tuple_of": [(0,), (2,), (9,)],
        "return_inside": [([[1, 2], [3, 7]],), ([[1]],)],
        "last_of": [([1, 2],), ([],)],
        "nothing": [(3,)],
        "loop_at_the_start": [(3,)],
    },
    "values": {
        "and_or": [(a, b, c) for a in (0, 2) for b in (0, 3) for c in (0, 5)],
        "chained": [(1, 2, 3), (1, 2, 7), (2, 1, 3), (1, 2, 2), (1, 1, 1)],
        "conditional": [(1, 2), (0, -1)],
        "conditional_argument": [(1, 2), (-5, 2)],
        "branches": [(11,), (6,), (0,)],
        "none_tests": [(None, None), (None, 1), (1, 1), (1, None)],
        "swap": [(1, 2, 3)],
        "unpack": [(((1, 2), 3),), ([[1, 2], 3],), (((1, 2),),)],
        "unpack_starred": [((1, 2),), ([1, 2, 3, 4],), ((1,),)],
        "constants": [()],
        "subscripts": [([1, 2, 3, 4], 1, 2), ([1], 3, 0), ([1, 2, 3], 0, 1)],
        "augmented_slice": [([1, 2, 3], 1, 2, [7, 8])],
        "operators": [(12, 5), (-3, 2)],
        "contained": [(1, 2), (7, 3)],
        "modules": [(4.0,)],
        "walrus": [([1, 2],)],
        "maybe_bound": [(True,), (False,)],
        "bound_after_read": [(True,), (False,)],
        "never_bound": [(True,), (False,)],
        "bound_on_one_way": [(True,), (False,)],
        "deleted": [(1,), (4,)],
        "attributes": [(Point(1, 2),)],
        "displays": [(3,)],
        "long_constant_tuple": [()],
    },
    "calls": {
        "keywords": [(Number(), 3, 4)],
        "spread": [(echo, (1, 2), 3), (echo, (), None)],
        "methods": [([3, 1], "Ab")],
        "functions_of_the_module": [(5,)],
        "many_arguments": [(5, 6)],
        "only_keywords": [],
        "inner": [(3, 4)],
        "inner_of_inner": [(3,)],
        "lambdas": [(3,)],
        "captured_argument": [(3,)],
        "closures_in_a_loop": [(3,)],
        "closure_out_of_use": [(3,)],
        "closure_on_one_way": [(True, int), (False, int)],
        "builtins_of_python": [(3,), (-7,)],
    },
    "messages": {
        "prints": [(1, 2.5)],
        "raise_class": [(1,), (-1,)],
        "raise_text": [(1,), (-1,)],
        "raise_parts": [(1, 2), (2, 1)],
        "raise_value": [(1,), (-1,)],
        "raise_from_none": [(1,), (-1,)],
        "raise_percent": [(1,), (-1,)],
        "assertions": [(1,), (0,), (50,), (100,)],
        "formats": [(3,)],
    },
    "prange": {
        "add": [(floats(5), floats(5), floats(5))],
        "many": [(floats(5), 5), (floats(3), 0)],
        "bits": [([7, 5, 3, 12, 9],), ([],)],
        "conditional": [(floats(6),)],
        "nested": [(Matrix(3, 4),)],
        "inner_loop": [(Matrix(3, 4), floats(3))],
        "inner_loop_that_may_not_run": [(Matrix(3, 4), floats(3)), (Matrix(3, 0), floats(3))],
        "inner_break": [(floats(6),)],
        "raises": [([1.0, 4.0],), (floats(6),)],
        "private_again": [(floats(3),)],
        "array_accumulator": [([], [[1], [2, 3]])],
        "in_while": [(floats(4), 3)],
        "no_start": [(floats(3),), (floats(0),)],
        "unchanged": [(floats(3),)],
        "only_raises": [(0,), (3,)],
        "else_clause": [(floats(3),)],
        "in_variable": [(5,)],
        "either_range": [(5, True), (5, False)],
        "one_of_two": [(5, True), (5, False)],
        "inner_function": [(floats(5), 3)],
        "inner_function_in_the_body": [(floats(5),)],
    },
}
