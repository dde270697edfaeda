"""messages – what is printed, raised and asserted."""


def prints(x, y):
    print(x)
    print("x is", x, "and y is", y)
    print(x, y, sep=", ", end=";\n")
    print(f"{x} and {y!s}", "done", sep="")
    print()


def raise_class(x):
    if x < 0:
        raise ValueError
    return x


def raise_text(x):
    if x < 0:
        raise ValueError("negative")
    return x


def raise_parts(x, y):
    if x < y:
        raise IndexError(f"{x} is less than {y}: " + "no " + str(x))
    return x


def raise_value(x):
    if x < 0:
        raise KeyError(x)
    return x


def raise_from_none(x):
    if x < 0:
        raise RuntimeError("negative") from None
    return x


def raise_percent(x):
    if x < 0:
        raise ValueError("%s is not 100%% of %s" % (x, 1))
    return x


def assertions(x):
    assert x > 0
    assert x < 100, "too large"
    assert x != 50, f"not {x}"
    return x


def formats(x):
    text = f"x={x}"
    print(text + "!")
