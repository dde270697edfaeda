"""prange_errors – what a parallel loop may not do."""


def carried(x, y):
    prev = 0.0
    for i in prange(len(x)):
        y[i] = x[i] - prev
        prev = x[i]


def carried_on_a_branch(x, y):
    t = 0.0
    for i in prange(len(x)):
        if x[i] > 0:
            t = x[i]
        y[i] = t


def read_between(x, y):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        y[i] = s
    return s


def reset(x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        if x[i] < 0:
            s = 0.0
    return s


def two_operations(x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        s *= 2
    return s


def reversed_minus(x):
    s = 0.0
    for i in prange(len(x)):
        s = x[i] - s
    return s


def with_itself(x):
    s = 1.0
    for i in prange(len(x)):
        s += s
    return s


def swapped(x):
    a = 1.0
    b = 2.0
    for i in prange(len(x)):
        a, b = b, a
    return a + b


def breaks(x):
    for i in prange(len(x)):
        if x[i] > 0:
            break
        x[i] = 1


def breaks_with_else(x):
    for i in prange(len(x)):
        if x[i] > 0:
            x[i] = 2
            break
    else:
        x[0] = 7
    return x


def returns(x):
    for i in prange(len(x)):
        if x[i] > 0:
            return
        x[i] = 1


def returns_a_value(x):
    for i in prange(len(x)):
        for j in range(3):
            if x[i] > j:
                print(i)
                return i
        x[i] = 1
    return -1


def private_afterwards(x):
    for i in prange(len(x)):
        t = x[i]
        x[i] = t + 1
    return t


def index_afterwards(x):
    for i in prange(len(x)):
        x[i] = 1
    if x[0] > 0:
        x[1] = 2
    return i
