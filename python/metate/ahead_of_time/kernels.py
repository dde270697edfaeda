"""kernels – a kernel as SPIR-V, with a description of its interface for programs that launch it without Metate."""

import json
import os

from .. import _metate, types
from ..errors import AheadOfTimeError
from ..kernels import Kernel, split_item


def write(files, out, exports, version):
    """The SPIR-V, and beside it the JSON."""
    if len(exports) != 1:
        raise AheadOfTimeError(f"a SPIR-V file holds one kernel, and {len(exports)} are exported: "
                               f"{', '.join(each.name for each in exports)}")
    export = exports[0]
    if export.kernel is None:
        raise AheadOfTimeError(f"{export.name} is no kernel: --emit spirv is for functions made by metate.kernel")
    kernel = Kernel(export.python, {**export.kernel._options, "check": False})
    kernel._check_signature(export.signature)
    given, item, rank = split_item(export.signature)
    names = export.parameters[1:] if item else export.parameters
    if len(given) != len(names):
        raise AheadOfTimeError(f"{export.signature} has no type for the item that kernel {export.name} takes first: "
                               "ItemType(1), or NdItemType(1)")
    made = kernel._dispatcher.emit(rank, item, [each.ir for each in given], version)
    files.write(out, made["words"])
    files.write(os.path.splitext(out)[0] + ".json",
                (json.dumps(_describe(export, made, names, given, rank, item), indent=2) + "\n").encode())


def _describe(export, made, names, given, rank, item):
    words = made["words"]
    return {
        "metate": _metate.build_info()["version"],
        "spirv": f"1.{words[5] if words[0] == 0x03 else words[6]}",
        "kernel": made["entry"],
        "exported_as": export.name,
        "launch": {"dimensions": rank, "of": {"item": "Range", "nd_item": "NdRange"}.get(item, "Range or NdRange")},
        "arguments": [*_arguments(made["arguments"], names, given), {"kind": "errors", "bytes": 8}],
        "errors": made["errors"],
    }


def _arguments(passed, names, given):
    """One entry for each argument that is set on the kernel, in their order."""
    first = {}  # slot of each parameter
    for parameter, slot, size, is_data in passed:
        base = first.setdefault(parameter, slot)
        entry = {"parameter": names[parameter], "type": str(given[parameter]), "bytes": size}
        array = given[parameter]
        if not isinstance(array, (types.Array, types.LocalAccessorType)):
            yield {**entry, "kind": "value"}
        elif is_data:
            yield {**entry, "kind": "local memory" if isinstance(array, types.LocalAccessorType) else "address"}
        else:
            place = slot - base - 2  # behind data and owner
            kind, axis = ("extent", place) if place < array.ndim else ("stride", place - array.ndim)
            yield {**entry, "kind": kind, "axis": axis}
