"""loops – counted loops, while loops, what is carried around them and what leaves them early."""


def add(a, b, c):
    for i in range(len(c)):
        c[i] = a[i] + b[i]


def collatz(n):
    steps = 0
    while n != 1 and steps < 100:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def while_not(n):
    while not n > 10:
        n += 3
    return n


def while_none(items):
    i = 0
    while items[i] is not None:
        i += 1
    return i


def endless(n):
    while True:
        if n > 100:
            return n
        n *= 2


def search(items, wanted):
    for i, item in enumerate(items):
        if item == wanted:
            found = i
            break
    else:
        found = -1
    return found


def while_else(n):
    while n > 0:
        n -= 2
        if n == 5:
            break
    else:
        n = 100
    return n


def skip(items):
    total = 0
    for item in items:
        if item < 0:
            continue
        total += item
    return total


def nested(n, m):
    total = 0
    for i in range(n):
        for j in range(i, m, 2):
            if j == 7:
                break
            total += i * j
        else:
            total += 1000
    return total


def tuple_of(n):
    total = 0
    for a, b in zip(range(n), (3, 5, 7)):
        total += a * b
    return total


def return_inside(items):
    for row in items:
        for item in row:
            if item > 3:
                return item
    return 0


def last_of(items):
    for item in items:
        last = item
    return last


def nothing(n):
    for _ in range(n):
        pass


def loop_at_the_start(n):
    while n:
        n -= 1
