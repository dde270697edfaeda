"""expressions – operators, subscripts, slices, tuples, strings."""


def operators(a, b):
    return a + b, a - b, a * b, a / b, a // b, a % b, a**b, a & b, a | b, a ^ b, a << b, a >> b, -a, ~a, not a


def inplace_operators(a, b):
    a += b
    a -= 1
    a *= b
    a //= 2
    a %= 1000
    a **= 2
    a <<= 3
    a >>= 1
    a &= 0xFFFF
    a |= 1
    a ^= b
    a /= 4
    return a


def matrix_multiply(a, b):
    c = a @ b
    c @= b
    return c


def comparisons(a, b):
    return a < b, a <= b, a == b, a != b, a > b, a >= b, a is b, a is not b, a in (1, 2), a not in (1, 2)


def chained(a, b, c):
    return a < b <= c


def chained_branch(a, b, c):
    if a < b < c != 7:
        return 1
    return 2


def boolean_values(a, b, c):
    return a and b or c, not (a or b), bool(a and c)


def subscripts(a, i, j):
    a[i] = a[j] + 1
    a[i] += a[j] * 2
    a[i], a[j] = a[j], a[i]
    del a[0]
    return a[-1]


def two_dimensional(d, i, j):
    d[i, j] += 2
    d[i + 1, 0] = d[i, j]
    return d[i, j]


def slices(a, i, j):
    a[i:j] = a[j:]
    a[i : i + 1] += a[:1]
    b = a[::2]
    b[1:2] = [7, 8]
    return b[:-1], a[i:j:1], a[:]


def attributes(point):
    point.x = point.y + 1
    point.x += 2
    del point.y
    return point.x


def tuples(pair, rest):
    (a, b), c = pair
    first, *middle, last = rest
    a, b = b, a
    a, b, c = c, a, b
    return a, b, c, first, middle, last


def containers(a, b):
    empty = ()
    return [a, b], (a, b), {a, b}, {a: b, "k": 1}, [*b, a], (*b, *b), {**{a: 1}}, {1, *b}, {"x": a, "y": b}, empty


def constants():
    return None, True, 3, -4, 2**80, 1.5, float("1e300"), 2j, "naïve\n", b"\x00\xff", ..., (1, (2, "x"))


def long_constants(x):
    return x in [1, 2.5, "a", None], x in {1, 2, 3}, [1, 2, 3, 4], {"a": 1, "b": 2}


def strings(name, value, width):
    plain = f"{name}: {value!r}"
    aligned = f"<{value:>{width}}> {value:.2f} {name!s:>4} {name!a}"
    return plain + aligned


def conditional(a, b):
    return (a if a > b else b) + (1 if a else 2)


def walrus(items):
    return (n := len(items)) + n
