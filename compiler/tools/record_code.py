"""record_code – writes the code objects of a Python file as text (compiler/bytecode/recording.h says the form).

    python3.12 compiler/tools/record_code.py tests/bytecode/programs/loops.py > tests/bytecode/3.12/loops.code

The running interpreter compiles the file; nothing of it is run. Functions and methods are written.
"""

import argparse
import itertools
import os
import sys
import types

COMMENT_COLUMN = 36
CO_OPTIMIZED = 0x1  # functions have it, class bodies and modules do not


def escape(code_points):
    """Everything but printable ASCII becomes an escape; `quote` of compiler/bytecode/literals.h does the same."""
    plain = {ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n"}
    for code in code_points:
        if code in plain:
            yield plain[code]
        elif 0x20 <= code < 0x7F:
            yield chr(code)
        elif code < 0x100:
            yield f"\\x{code:02x}"
        elif code < 0x10000:
            yield f"\\u{code:04x}"
        else:
            yield f"\\U{code:08x}"


def quote(text):
    return '"' + "".join(escape(map(ord, text))) + '"'


def hex_float(value):
    """Without the trailing zeros and the '+' that float.hex writes."""
    text = value.hex()
    if "p" not in text:
        return text
    mantissa, exponent = text.split("p")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}p{exponent}"


def constant(value, indent):
    """The lines of one constant. The type is compared, not the class: True is no int here, nor a subclass."""
    pad = " " * indent
    kind = type(value)
    if kind is types.CodeType:
        yield from code_object(value, indent)
    elif kind in (tuple, frozenset):
        items = value if kind is tuple else sorted(value, key=repr)
        yield pad + kind.__name__
        for item in items:
            yield from constant(item, indent + 2)
        yield pad + "end"
    elif value is None or value is Ellipsis or kind is bool:
        yield pad + {None: "none", Ellipsis: "ellipsis", True: "true", False: "false"}[value]
    elif kind is int:
        yield f"{pad}int {value}"
    elif kind is float:
        yield f"{pad}float {hex_float(value)}"
    elif kind is complex:
        yield f"{pad}complex {hex_float(value.real)} {hex_float(value.imag)}"
    elif kind is str:
        yield pad + "str " + quote(value)
    elif kind is bytes:
        yield pad + 'bytes b"' + "".join(escape(value)) + '"'
    else:
        yield pad + "other " + quote(repr(value))


def positions(code):
    """One text for each code unit: line:column-line:column, line alone where there are no columns, or ?."""
    units = len(code.co_code) // 2
    texts = ["?"] * units
    if hasattr(code, "co_positions"):
        for unit, (line, end_line, column, end_column) in enumerate(code.co_positions()):
            if line is not None:
                texts[unit] = str(line) if column is None else f"{line}:{column}-{end_line}:{end_column}"
    else:
        for start, end, line in code.co_lines():
            if line is not None:
                texts[start // 2 : end // 2] = [str(line)] * (end // 2 - start // 2)
    return texts


def instructions(code):
    """Each instruction with its inline caches as (bytes, position, comment)."""
    import opcode

    has_caches = "CACHE" in opcode.opmap
    pairs = [code.co_code[i : i + 2] for i in range(0, len(code.co_code), 2)]
    places = positions(code)
    unit = 0
    while unit < len(pairs):
        end = unit + 1
        while has_caches and end < len(pairs) and opcode.opname[pairs[end][0]] == "CACHE":
            end += 1
        number, argument = pairs[unit]
        yield b"".join(pairs[unit:end]).hex(" "), places[unit], f"{opcode.opname[number]} {argument}"
        unit = end


def code_object(code, indent=0):
    pad = " " * indent
    numbers = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount
    yield f"{pad}code {quote(code.co_name)}"
    yield f"{pad}  python {sys.version_info.major} {sys.version_info.minor}"
    yield f"{pad}  qualname {quote(getattr(code, 'co_qualname', code.co_name))}"
    yield f"{pad}  filename {quote(os.path.basename(code.co_filename))}"
    yield f"{pad}  line {code.co_firstlineno}"
    yield f"{pad}  arguments {' '.join(map(str, numbers))}"
    yield f"{pad}  flags {code.co_flags}"
    yield f"{pad}  stack {code.co_stacksize}"
    for field in "names", "varnames", "cellvars", "freevars":
        yield f"{pad}  {' '.join([field, *map(quote, getattr(code, 'co_' + field))])}"
    yield f"{pad}  consts"
    for value in code.co_consts:
        yield from constant(value, indent + 4)
    yield f"{pad}  end"
    yield f"{pad}  bytecode"
    for data, position, comment in instructions(code):
        yield f"{pad}    {data + ' @' + position:{COMMENT_COLUMN - 1}} # {comment}"
    yield f"{pad}  end"
    table = getattr(code, "co_exceptiontable", b"")
    yield f"{pad}  {' '.join(['exceptions', *(f'{byte:02x}' for byte in table)])}"
    yield f"{pad}end"


def functions(code):
    """The functions of a module and of its classes, in the order of the file."""
    for value in code.co_consts:
        if isinstance(value, types.CodeType):
            if value.co_flags & CO_OPTIMIZED:
                yield value
            else:
                yield from functions(value)


def record(path):
    with open(path, encoding="utf-8") as file:
        module = compile(file.read(), path, "exec", dont_inherit=True)
    header = f"# {os.path.basename(path)}, recorded by record_code.py with CPython {sys.version.split()[0]}"
    lines = itertools.chain([header], *map(code_object, functions(module)))
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="Python source")
    sys.stdout.write(record(parser.parse_args().file))


if __name__ == "__main__":
    main()
