"""loops – control flow that numeric functions are made of."""


def sum_range(n):
    s = 0
    for i in range(n):
        s += i
    return s


def nested_loops(n, m):
    total = 0
    for i in range(n):
        for j in range(m):
            if j > i:
                break
            if j == 1:
                continue
            total += i * j + 1
        else:
            total -= 100
    return total


def while_loop(n):
    steps = 0
    while n != 1 and steps < 50:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def while_true(items):
    i = 0
    while True:
        if items[i] is None:
            return i
        i += 1


def while_else(n):
    while n > 3:
        n -= 1
        if n == 7:
            break
    else:
        return -1
    return n


def branches(x, y):
    if x is None:
        return "none"
    elif x > y or not y:
        z = x if x < 10 else -x
    elif x is not None and y in (1, 2, 3):
        z = +y
    else:
        z = ~y
    return z


def unbound(flag):
    if flag:
        value = 1
    return value


def delete(n):
    a = n
    b = a + 1
    del a
    return b
