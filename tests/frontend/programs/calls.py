"""calls – of functions of all kinds, and functions inside of functions."""


def keywords(f, a, b):
    return f(a, b) + f(a, y=b) + f(x=a, y=b) + f(x=1, y=2)


def spread(f, args, a):
    return f(*args), f(a, *args), f(a, 1, *args), f(*(a, a)), f(*(1, 2))


def methods(items, text):
    items.append(3)
    return items.count(3), text.upper().lower()


def functions_of_the_module(n):
    if n <= 1:
        return 1
    return n * functions_of_the_module(n - 1)


def many_arguments(*args):
    return len(args) + args[0]


def only_keywords(a, *, b):
    return a * 10 + b


def inner(x, y):
    def scaled(a):
        return a * x + y

    return scaled(1) + scaled(2)


def inner_of_inner(x):
    def outer(a):
        def add(b):
            return a + b + x

        return add(10) + add(20)

    return outer(1)


def lambdas(n):
    add = lambda x: x + n
    five = lambda: 5
    return add(1) + five()


def captured_argument(n):
    n += 1

    def get():
        return n

    return get() + n


def closures_in_a_loop(n):
    total = 0
    for i in range(n):
        add = lambda a: a + i
        total += add(1)
        i = 100
    return total


def closure_out_of_use(n):
    x = 1

    def first():
        return x

    total = first()
    x = 2

    def second():
        return x * 10

    return total + second()


def closure_on_one_way(flag, f):
    x = 3
    g = f
    if flag:
        g = lambda: x
    return g()


def builtins_of_python(x):
    return min(x, 3), max(x, 3, 5), abs(x), int(x), float(x), divmod(x, 2), round(x / 4), bool(x)
