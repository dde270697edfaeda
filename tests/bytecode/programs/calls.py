"""calls – positional, keyword, spread and method calls, imports, globals."""

COUNT = 0


def positional(f, a, b):
    return f(a, b) + f(a, f(b, a))


def keywords(f, a, b):
    return f(a, y=b) - f(x=a, y=b, z=1)


def spread(f, args, options):
    return f(*args), f(1, *args), f(*args, **options), f(1, z=5, **options), f(*args, y=4)


def methods(items, text):
    items.append(len(text))
    items.sort(key=abs, reverse=True)
    return text.upper().join(["a", "b"]), items.index(3)


def methods_in_arguments(f, items, flag):
    return f(items.index(1), f(items.count(2) if flag else items.pop(), y=items.index(3)))


def builtins_in_arguments(a, b, c):
    return max(abs(a), min(b, c) if b else abs(c), len([a, b]))


def from_modules(x):
    import math
    from operator import add as plus
    import os.path

    return math.sqrt(x) + plus(x, 1) + math.floor(2.5), os.path.sep


def globals_of_module(n):
    global COUNT
    COUNT = n
    COUNT += 1
    return COUNT


def defaults(a, b=2, *args, c=3, **options):
    return a, b, args, c, options


def positional_only(a, b, /, c, *, d):
    return a - b + c * d


def recursive(n):
    return 1 if n < 2 else n * recursive(n - 1)
