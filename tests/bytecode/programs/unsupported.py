"""unsupported – functions whose decoded form names what has no neutral instruction."""


def match_sequence(x):
    match x:
        case [a, b]:
            return a + b
    return 0


def delegate(items):
    yield from items


async def coroutine(x):
    return await x


def class_inside():
    class Inner:
        pass

    return Inner


def late_cell(items):
    return [lambda: x for x in items]
