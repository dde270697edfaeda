"""library – functions as a library, a module, an object file, or the text of either."""

import os

from .. import _metate
from ..errors import AheadOfTimeError
from . import c_header, extension, link


def write(files, out, emit, wanted, target_cpu, header, reproducible):
    """Write all files; what `compile_ahead` gives."""
    name, is_module = os.path.basename(out).partition(".")[0], emit == "extension"
    if is_module:
        wanted = extension.arrange(wanted, out, name)
    else:
        c_header.check_names(wanted)
    cpus = _cpus(target_cpu, emit, reproducible)
    compiled = _metate.compile_library([each.as_compiled() for each in wanted], name, is_module, cpus, reproducible)
    link_with = []
    if is_module:
        link.write_shared(files, out, compiled, [extension.archive()])
    elif emit in ("llvm", "asm"):
        files.write(out, compiled["llvm" if emit == "llvm" else "assembly"].encode())
    else:
        text = c_header.text(wanted, compiled["results"], name)
        if emit == "object":
            files.write(out, compiled["objects"][0])
            link_with = [link.runtime_archive(), *link.flags(link.libraries(compiled))]
        elif emit == "static":
            link.write_static(files, out, compiled)
            link_with = link.flags(link.libraries(compiled))
        else:
            link.write_shared(files, out, compiled)
        files.write(header, text.encode())
    described = [each.describe(c_header.type_of(result)) for each, result in zip(wanted, compiled["results"])]
    return {"files": files.commit(), "exports": described, "link_with": link_with}


def _cpus(target_cpu, emit, reproducible):
    cpus = [each.strip() for each in target_cpu.split(",")]
    if len(cpus) > 1 and emit not in ("extension", "shared", "static"):
        raise AheadOfTimeError(f"code for one CPU of {target_cpu} is chosen inside of a library or module; --emit {emit} writes code "
                               "for one alone")
    if reproducible and "native" in cpus:
        raise AheadOfTimeError("what is to be reproducible must not depend on this machine's CPU: name one, as in "
                               "--target-cpu x86-64-v3")
    return cpus
