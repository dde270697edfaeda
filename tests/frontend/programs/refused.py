"""refused – Python that compiled functions cannot have, each with a message that names it."""


def list_comprehension(n):
    return [i for i in range(n)]


def generator_expression(n):
    return sum(i for i in range(n))


def set_comprehension(n):
    return {i for i in range(n)}


def dictionary(n):
    return {"n": n}


def tries(x):
    try:
        return 1 / x
    except ZeroDivisionError:
        return 0


def tries_finally(x):
    try:
        x += 1
    finally:
        x -= 1
    return x


def uses_with(m):
    with m:
        return 1


def generator(n):
    yield n


async def coroutine(n):
    return n


def imports(x):
    import math

    return math.sqrt(x)


def assigns_global(x):
    global y
    y = x


def assigns_nonlocal(x):
    def inner():
        nonlocal x
        x += 1

    inner()
    return x


def assigns_after_capture(x):
    def inner():
        return x

    x += 1
    return inner()


def assigns_in_a_loop(n):
    x = 0

    def inner():
        return x

    total = 0
    for i in range(n):
        total += inner()
        x = i
    return total


def assigns_while_passed_on(flag, f):
    x = 0
    g = f
    if flag:
        g = lambda: x
    x = 5
    return g()


def captures_what_comes(n):
    def even(k):
        return k == 0 or odd(k - 1)

    def odd(k):
        return k != 0 and even(k - 1)

    return even(n)


def recursive_defaults(x):
    def inner(a, b=x):
        return b if a < 1 else inner(a - 1)

    return inner(x)


def defines_class(x):
    class A:
        pass

    return x


def big_int():
    return 123456789012345678901234567890


def bytes_literal():
    return b"abc"


def deletes_item(x):
    del x[0]


def keyword_mapping(f, k):
    return f(**k)


def any_keywords(**k):
    return 1


def starred_display(x):
    return (1, *x)


def format_specification(x):
    print(f"{x:.3f}")


def raises_variable(e):
    raise e


def raises_two_arguments(x):
    raise ValueError("bad", x)


def raises_from(x):
    raise ValueError from x


def keeps_exception(x):
    e = ValueError("x")
    return e


def unknown_name(x):
    return unknown + x


def prints_to_file(x, f):
    print(x, file=f)


def matches(x):
    match x:
        case [a, b]:
            return a
