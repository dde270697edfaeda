"""functions – closures, comprehensions, generators."""


def closure(a, b):
    scale = a * 2

    def inner(x, y=b, *, z: int = 3):
        return x * scale + y + z + a

    scale += 1
    return inner(1) + inner(2, 3, z=4)


def counter(n):
    count = 0

    def step():
        nonlocal count
        count += n
        return count

    step()
    return step() + count


def lambdas(n):
    add = lambda x: x + n
    return add(1) + (lambda: 5)()


def recursive_inner(n):
    def factorial(k):
        return k * factorial(k - 1) if k else 1

    return factorial(n)


def list_comprehension(n):
    return [i * i for i in range(n) if i % 2]


def nested_comprehension(n):
    i = 7
    table = [[i * j for j in range(i)] for i in range(n)]
    return table, i


def comprehension_in_call(items, scale):
    return sum([x * scale for x in items]) + max(x for x in items)


def set_and_dict_comprehension(items):
    return {x % 3 for x in items}, {x: x + 1 for x in items for _ in range(2)}


def comprehension_that_raises(items):
    x = 5
    try:
        return [1 // x for x in items]
    except ZeroDivisionError:
        return x


def two_comprehensions(n):
    a = [x for x in range(n)]
    b = [x + y for x, y in zip(a, a)]
    return a, b


def decorated(f):
    @f
    @f
    def g(x):
        return x

    return g


def squares(n):
    """A generator."""
    for i in range(n):
        sent = yield i * i
        if sent:
            yield sent
    return n


def try_in_generator(items):
    try:
        for item in items:
            yield item
    finally:
        items.append("closed")
