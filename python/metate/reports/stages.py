"""stages – the texts of the stages, line by line, with the line of the Python source that each comes from."""

import re

#: What the compiler's stages are, for people. A stage that is a pass has its own name.
TITLES = {"frontend": "untyped IR", "infer": "typed IR", "codegen": "LLVM IR", "optimise": "LLVM IR, optimised",
          "emit": "assembly", "spirv": "SPIR-V"}

_IR_PLACE = re.compile(r" @(?:(\d+)!)?(\d+)(?::\d+)?(?:-\d+(?::\d+)?)?( \{)?$")
_IR_PLACES = re.compile(r" places\((.*)\) \{$")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|(?<![\w"])_(?![\w"])')
_LLVM_PLACE = re.compile(r" +; @(\d+) (.*)$")
_ASM_FILE = re.compile(r"\s*\.file\s+(\d+)\s+(.*)$")
_ASM_LOC = re.compile(r"\s*\.loc\s+(\d+)\s+(\d+)")
_ASM_NOISE = re.compile(r"\s*\.(?:loc|file|cfi_\w+|ident|addrsig\w*)\b|\.Ltmp\d+:|\.Lfunc_(?:begin|end)\d+:")


def lines_of(stage, text, file):
    """Pairs of a line of the text and its line in `file`, 0 where it comes from elsewhere."""
    if stage == "emit":
        return list(_assembly(text, file))
    if stage in ("codegen", "optimise"):
        return list(_llvm(text, file))
    if stage == "spirv":
        return [(line, 0) for line in text.splitlines()]
    return list(_ir(text, file))


def _ir(text, file):
    files = [file]
    for line in text.splitlines():
        if places := _IR_PLACES.search(line):
            names = [_unquoted(found) for found in _QUOTED.finditer(places.group(1))]
            files = names[::2] or [file]
            line = line[:places.start()] + " {"
        place = _IR_PLACE.search(line)
        if not place:
            yield line, 0
            continue
        number = int(place.group(1) or 0)
        here = number < len(files) and files[number] == file
        yield line[:place.start()] + (place.group(3) or ""), int(place.group(2)) if here else 0


def _unquoted(found):
    return re.sub(r"\\(.)", r"\1", found.group(1) or "")


def _llvm(text, file):
    for line in text.strip("\n").splitlines():
        place = _LLVM_PLACE.search(line)
        if place:
            yield line[:place.start()], int(place.group(1)) if place.group(2) == file else 0
        else:
            yield line, 0


def _assembly(text, file):
    numbers, current = set(), 0
    for line in text.splitlines():
        if re.match(r"\s*\.section\s+\.debug", line):
            break
        if named := _ASM_FILE.match(line):
            if "/".join(re.findall(r'"([^"]*)"', named.group(2))).endswith(file):
                numbers.add(named.group(1))
        elif place := _ASM_LOC.match(line):
            current = int(place.group(2)) if place.group(1) in numbers else 0
        if not _ASM_NOISE.match(line):
            is_code = line.startswith("\t") and not line.startswith("\t.")
            yield line.expandtabs(8), current if is_code else 0
