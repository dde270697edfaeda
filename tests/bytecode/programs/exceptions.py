"""exceptions – raise, assert, try, with."""


def raise_class(x):
    if x < 0:
        raise ValueError
    return x


def raise_with_message(x):
    if x < 0:
        raise ValueError("negative", x)
    return x


def raise_from(x):
    try:
        return 1 / x
    except ZeroDivisionError as error:
        raise ValueError("zero") from error


def assertion(x):
    assert x > 0
    assert x < 100, "too large"
    return x


def try_except(items, i):
    try:
        value = items[i]
    except IndexError:
        value = -1
    return value


def try_several(items, i):
    try:
        value = 10 // items[i]
    except IndexError:
        return "index"
    except (ZeroDivisionError, TypeError) as error:
        return type(error).__name__
    except:
        return "other"
    else:
        value += 1
    return value


def try_finally(items, i):
    try:
        return items[i]
    finally:
        items.append(i)


def try_except_finally(items, i):
    try:
        items.append(items[i])
    except IndexError as error:
        items.append(str(error))
        return "missing"
    finally:
        items.append("done")
    return "found"


def nested_try(log, x):
    try:
        try:
            log.append(1 // x)
        except ZeroDivisionError:
            log.append("inner")
            try:
                log.append(log[99])
            except IndexError:
                log.append("innermost")
            raise
        finally:
            log.append("finally")
    except ZeroDivisionError:
        log.append("outer")
    return log


def reraise(x):
    try:
        return 1 // x
    except ZeroDivisionError:
        raise


def error_in_handler(x):
    try:
        try:
            return 1 // x
        except ZeroDivisionError as error:
            return [][len(error.args)]
    except IndexError as error:
        return type(error.__context__).__name__


def return_in_finally(x):
    try:
        return 1 // x
    finally:
        return "swallowed"


def loop_with_try(items):
    total = 0
    for item in items:
        try:
            if item is None:
                continue
            if item == "stop":
                break
            total += item
        except TypeError:
            total -= 1
        finally:
            total += 100
    return total


def with_statement(manager, x):
    with manager as value:
        result = value + x
    return result


def with_that_returns(manager, x):
    with manager as value:
        return value + x


def with_that_raises(manager, x):
    with manager:
        return 1 // x
    return "suppressed"


def two_managers(first, second, x):
    with first as a, second as b:
        return a + b + 1 // x
    return "suppressed"


def with_in_loop(manager, items):
    total = 0
    for item in items:
        with manager:
            if item < 0:
                break
            total += 10 // item
    return total
