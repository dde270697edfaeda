"""values – expressions, assignments, branches."""

import math


def and_or(a, b, c):
    x = a and b or c
    y = (a or b) and c
    z = not (a and b)
    return x, y, z


def chained(a, b, c):
    if a < b <= c != 7:
        return a == b == c
    return a < b < c


def conditional(a, b):
    return (a if a > b else b) + (1 if a else 2)


def conditional_argument(a, b):
    return max(a if a > 0 else -a, b)


def branches(x):
    if x > 10:
        y = 1
    elif x > 5:
        y = 2
    elif x is None:
        return None
    else:
        y = 3
    return y


def none_tests(x, y):
    if x is None:
        return y is None
    if y is not None:
        return 2
    return x is not None


def swap(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    a, b, c, d = b, c, a, a + b
    return a, b, c, d


def unpack(point):
    (x, y), z = point
    return x * 100 + y * 10 + z


def constants():
    a, b = 1, 2.5
    c, d = (True, None)
    return a, b, c, d, (1, (2, 3)), "text", 2j, ...


def subscripts(a, i, j):
    a[i] = a[j] + a[-1]
    a[i] += 1
    b = a[i:j]
    b[0:1] = a[i : i + 1]
    a[i:j] = b
    return a[::-1], b[:-1], a[i, j] if i == j else a[i:][0]


def augmented_slice(a, i, j, b):
    a[i:j] += b
    return a


def operators(a, b):
    a += b
    a -= 1
    a *= 3
    a //= 2
    a %= 1000
    a <<= 2
    a |= 5
    a ^= b
    a &= 0xFFF
    a >>= 1
    return a, a**2, a / b, ~a, -a, +a, a << 1, a | b, a & b, a ^ b


def contained(a, b):
    return a in (1, 2, 3), b not in (1, 2), a in {7, 8}, a is b


def modules(x):
    return math.sqrt(x) * math.pi, math.inf


def walrus(items):
    return (n := len(items)) + n


def maybe_bound(flag):
    if flag:
        x = 1
    y = 2
    return x + y


def bound_after_read(flag):
    if flag:
        x = 5
    x += 1
    return x + x


def never_bound(flag):
    if flag:
        return x
    x = 1
    return x


def bound_on_one_way(flag):
    return ((x := 1) if flag else 0) + x


def deleted(n):
    a = n
    del a
    b = 3
    if n > 3:
        del b
    return b


def attributes(point):
    point.x += 2
    point.y = point.x * 2
    return point.x, point.y


def displays(a):
    b = [1, 2, a]
    c = [1, 2, 3]
    return b, c, (a, b), ()


def long_constant_tuple():
    return (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


def unpack_starred(items):
    first, *middle, last = items
    return first, middle, last
