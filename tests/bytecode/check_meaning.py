"""check_meaning – decoded functions must do what the functions themselves do.

    check_meaning.py RECORDING [METATE_DECODE]

Runs every function of the recording by decoded_interpreter.py on its cases and compares results, exceptions and
what happened to the arguments with the same function run by this Python.
"""

import copy
import pathlib
import runpy
import subprocess
import sys
import types

import cases
import decoded_interpreter

HERE = pathlib.Path(__file__).resolve().parent


def show(value):
    """Text that can be compared: functions are called, generators exhausted, exceptions taken apart."""
    if isinstance(value, types.GeneratorType):
        return show_generator(value)
    if isinstance(value, types.FunctionType):
        return f"function giving {show_call(value, (1,))[0]}"
    if isinstance(value, BaseException):
        # The texts of errors that Python itself raises differ between versions and from the interpreter's.
        text = repr(value) if isinstance(value, (ValueError, AssertionError)) and value.args else type(value).__name__
        return f"{'ValueError' if 'unpack' in text else text} from {show(value.__cause__)}"
    return repr(value)


def show_generator(generator):
    items = []
    try:
        items.append(next(generator))
        items.append(generator.send("sent"))
        while True:
            items.append(next(generator))
    except StopIteration as stop:
        return f"{items} then {stop.value!r}"


def show_call(function, arguments):
    try:
        result = show(function(*arguments))
    except decoded_interpreter.Broken:
        raise
    except BaseException as error:
        result = "raises " + show(error)
    return result, repr(arguments)


def check(recording, tool):
    program = recording.stem
    output = subprocess.run([tool, recording], check=True, capture_output=True, encoding="utf-8").stdout
    decoded = decoded_interpreter.parse(output)
    real = runpy.run_path(str(HERE / "programs" / f"{program}.py"))
    namespace = dict(real)
    for name, function in decoded.items():
        source = real[name]
        namespace[name] = decoded_interpreter.make_function(
            function, namespace, source.__defaults__, source.__kwdefaults__
        )
    missing = decoded.keys() ^ cases.CASES[program].keys()
    if missing:
        sys.exit(f"{recording}: functions without cases or cases without functions: {missing}")
    checks = failures = 0
    for name, argument_lists in cases.CASES[program].items():
        for arguments in argument_lists:
            expected = show_call(real[name], copy.deepcopy(arguments))
            try:
                found = show_call(namespace[name], copy.deepcopy(arguments))
            except decoded_interpreter.Broken as broken:
                found = repr(broken)
            checks += 1
            if found != expected:
                failures += 1
                print(f"{recording}: {name}{arguments}: {found} instead of {expected}")
    print(f"{recording.parent.name}/{program}: {checks} calls, {failures} differ")
    return failures


def main():
    recording, tool = pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "metate-decode"
    sys.exit(1 if check(recording, tool) else 0)


if __name__ == "__main__":
    main()
