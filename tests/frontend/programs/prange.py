"""prange – parallel loops: reductions, private variables, what may be around and inside of them."""

import math


def add(a, b, c):
    for i in prange(len(c)):
        c[i] = a[i] + b[i]


def many(x, n):
    s = 0
    p = 1.0
    lo = math.inf
    hi = -math.inf
    for i in prange(n):
        s = s + x[i]
        s -= 1
        p = x[i] * p
        p /= 2.0
        lo = min(lo, x[i])
        hi = max(x[i], hi, 0)
    return s, p, lo, hi


def bits(x):
    a = -1
    o = 0
    e = 0
    for i in prange(1, len(x), 2):
        a &= x[i]
        if x[i] == 3:
            continue
        o |= x[i]
        e = x[i] ^ e
    return a, o, e


def conditional(x):
    s = 0.0
    for i in prange(len(x)):
        if x[i] > 0:
            s += x[i]
        elif x[i] < -1:
            s -= 1
    return s


def nested(x):
    s = 0.0
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            s += x[i, j]
        s += 1
    return s


def inner_loop(x, y):
    s = 0.0
    for i in prange(x.shape[0]):
        acc = 0.0
        for j in range(x.shape[1]):
            acc += x[i, j]
            s += acc
        y[i] = acc
    return s


def inner_loop_that_may_not_run(x, y):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            last = x[i, j]
        y[i] = last


def inner_break(x):
    for i in prange(len(x)):
        for j in range(3):
            if x[i] > j:
                break
            x[i] += 1


def raises(x):
    for i in prange(len(x)):
        if x[i] < 0:
            raise ValueError(f"negative value {x[i]} at {i}")
        x[i] = math.sqrt(x[i])


def private_again(x):
    for i in prange(len(x)):
        t = x[i]
        x[i] = t + 1
    t = 5
    for i in range(3):
        t += i
    return t


def array_accumulator(acc, x):
    for i in prange(len(x)):
        acc += x[i]
    return acc


def in_while(x, n):
    k = 0
    s = 0.0
    while k < n:
        for i in prange(len(x)):
            t = x[i] * k
            s += t
        k += 1
    return s


def no_start(x):
    for i in prange(len(x)):
        s += x[i]
    return s


def unchanged(x):
    s = 3
    for i in prange(len(x)):
        s = s
        x[i] = s
    return s


def only_raises(n):
    for i in prange(n):
        raise ValueError


def else_clause(x):
    for i in prange(len(x)):
        x[i] = 1
    else:
        x[0] = 2
    return x


def in_variable(n):
    r = prange(n)
    s = 0
    for i in r:
        s += i
    return s


def either_range(n, c):
    s = 0
    for i in prange(n) if c else range(n):
        s += i
    return s


def one_of_two(n, c):
    s = 0
    if c:
        for i in prange(n):
            s += i
    else:
        for i in prange(n + 1):
            s += 2
    return s


def inner_function(x, n):
    def scale(a):
        return a * n

    s = 0
    for i in prange(len(x)):
        s += scale(x[i])
    return s


def inner_function_in_the_body(x):
    s = 0
    for i in prange(len(x)):
        square = lambda a: a * a + i
        s += square(x[i])
    return s
