"""check_meaning – untyped IR must do what the functions themselves do, and be the same for every CPython.

Builds the recordings of programs/ of every version (and those of tests/bytecode, which have their own cases there),
compares the IR texts, and runs the newest version's by untyped_interpreter.py on the cases: results, exceptions,
prints and what happened to the arguments must be those of the same function run by this Python.
"""

import contextlib
import copy
import io
import pathlib
import re
import runpy
import subprocess
import sys

import cases
import untyped_interpreter

HERE = pathlib.Path(__file__).resolve().parent
BYTECODE = HERE.parent / "bytecode"


def versions(folder):
    return sorted(
        (path.name for path in folder.glob("3.*")), key=lambda name: int(name.split(".")[1]), reverse=True
    )


def build(recording):
    """The IR text, and the messages without what 3.10 cannot tell: columns, a last `break` from a `return`."""
    run = subprocess.run(["metate-frontend", recording, "--parallel"], capture_output=True, encoding="utf-8")
    if run.returncode not in (0, 1):
        sys.exit(f"{recording}: metate-frontend ended with {run.returncode}\n{run.stderr}")
    messages = re.sub(r"(--> [^:]+:\d+):\d+", r"\1", run.stderr)
    return run.stdout, re.sub(r"'(break or return|break|return)' cannot leave", "this cannot leave", messages)


def compare_versions(folder):
    """The newest version's text by program."""
    newest = versions(folder)[0]
    texts = {}
    for program in sorted((folder / newest).glob("*.code")):
        texts[program.stem], messages = build(program)
        for version in versions(folder)[1:]:
            text, other_messages = build(folder / version / program.name)
            if text != texts[program.stem]:
                sys.exit(f"{program.stem}: CPython {version} gives\n{text}\nand {newest}\n{texts[program.stem]}")
            if folder == HERE and other_messages != messages:
                sys.exit(f"{program.stem}: CPython {version} gives\n{other_messages}\nand {newest}\n{messages}")
    return texts


def show_call(function, arguments):
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            result = repr(function(*arguments))
    except untyped_interpreter.Broken:
        raise
    except Exception as error:
        text = str(error)
        # Messages of errors that Python itself raises are not the IR's to give.
        own = isinstance(error, (ValueError, KeyError, AssertionError, RuntimeError)) and "unpack" not in text
        result = f"raises {type(error).__name__} {text if own else ''}".replace("'", "")
    return tuple(re.sub(r"0x\w+", "address", text) for text in (result, repr(arguments), output.getvalue()))


def check(program, text, path, argument_lists):
    real = runpy.run_path(str(path), init_globals={"prange": range})
    functions = untyped_interpreter.parse(text)
    machine = untyped_interpreter.Machine(functions, real)
    # Functions of the module have the lower numbers, inner ones may have the same name.
    by_name = {}
    for number in sorted(functions):
        by_name.setdefault(functions[number].name, functions[number])
    checks = failures = 0
    for name, lists in argument_lists.items():
        if name not in by_name:
            sys.exit(f"{program}: {name} was not built")
        star = real[name].__code__.co_flags & 4
        for arguments in lists:
            expected = show_call(real[name], copy.deepcopy(arguments))
            try:
                found = show_call(
                    lambda *args: machine.call(by_name[name], [args] if star else args), copy.deepcopy(arguments)
                )
            except untyped_interpreter.Broken as broken:
                found = repr(broken)
            checks += 1
            if found != expected:
                failures += 1
                print(f"{program}.{name}{arguments}: expected {expected}, found {found}")
    return checks, failures


def main():
    results = []
    for program, text in compare_versions(HERE).items():
        if program in cases.CASES:
            results.append(check(program, text, HERE / "programs" / f"{program}.py", cases.CASES[program]))
    sys.path.insert(0, str(BYTECODE))
    del sys.modules["cases"]
    import cases as bytecode_cases

    for program, text in compare_versions(BYTECODE).items():
        # A good part of these, and of the functions inside of them, are about what the frontend refuses.
        functions = untyped_interpreter.parse(text)
        built = {function.name for function in functions.values() if function.callees <= functions.keys()}
        lists = {name: lists for name, lists in bytecode_cases.CASES.get(program, {}).items() if name in built}
        results.append(check(program, text, BYTECODE / "programs" / f"{program}.py", lists))
    checks, failures = map(sum, zip(*results, strict=True))
    print(f"{checks} calls compared, {failures} differ")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
