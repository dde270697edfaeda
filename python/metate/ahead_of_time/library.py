"""library – functions as a library, a module, an object file, or the text of either."""

import os

from .. import _metate
from . import c_header, extension, link


def write(files, out, emit, wanted, target_cpu, header):
    """Write all files; what `compile_ahead` gives."""
    name, is_module = os.path.basename(out).partition(".")[0], emit == "extension"
    if is_module:
        wanted = extension.arrange(wanted, out, name)
    else:
        c_header.check_names(wanted)
    compiled = _metate.compile_library([each.as_compiled() for each in wanted], name, is_module,
                                       "" if target_cpu == "native" else target_cpu)
    link_with = []
    if is_module:
        link.write_shared(files, out, compiled["object"], [extension.archive()])
    elif emit in ("llvm", "asm"):
        files.write(out, compiled["llvm" if emit == "llvm" else "assembly"].encode())
    else:
        text = c_header.text(wanted, compiled["results"], name)
        if emit == "object":
            files.write(out, compiled["object"])
            link_with = [link.runtime_archive(), *link.flags(link.libraries(compiled["object"]))]
        elif emit == "static":
            link.write_static(files, out, compiled["object"])
            link_with = link.flags(link.libraries(compiled["object"]))
        else:
            link.write_shared(files, out, compiled["object"])
        files.write(header, text.encode())
    described = [each.describe(c_header.type_of(result)) for each, result in zip(wanted, compiled["results"])]
    return {"files": files.commit(), "exports": described, "link_with": link_with}
