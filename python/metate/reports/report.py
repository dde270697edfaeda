"""report – a report of one compiled function: its data, and the page that is made of them."""

import html
import inspect
import os
import tempfile

from .. import _metate, types
from . import facts
from .stages import lines_of


class Report:
    """What the compiler made of one function. A notebook shows it as a page.

    `data` has all of it as dicts, lists, strings and numbers; `html` is the page, which needs no other file.
    """

    def __init__(self, data):
        self.data = data

    @property
    def html(self):
        """The page."""
        from .page import page

        return page(self.data)

    def save(self, path):
        """Write the page to a file, and give its name. What was there stays unless all can be written."""
        folder = os.path.dirname(os.path.abspath(path))
        made, name = tempfile.mkstemp(dir=folder, prefix=".metate-report-", suffix=".html")
        try:
            with os.fdopen(made, "w", encoding="utf-8") as file:
                file.write(self.html)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
        return os.fspath(path)

    def _repr_html_(self):
        return (f'<iframe srcdoc="{html.escape(self.html)}" sandbox="allow-scripts" '
                'style="width: 100%; height: 45em; border: 1px solid #8888"></iframe>')

    def __repr__(self):
        return f"<metate report of {self.data['name']}, {len(self.data['versions'])} version(s); save(path) writes it>"


def report_of(compiled, signature=None):
    """The report of a compiled function, ufunc or kernel; of one list of argument types where `signature` names it."""
    from ..kernels import Kernel

    is_kernel = isinstance(compiled, Kernel)
    dispatcher = compiled._dispatcher if is_kernel else getattr(compiled, "__metate_dispatcher__", compiled)
    texts = dispatcher.specialisations() if is_kernel else dispatcher._signatures()
    study = dispatcher.study if is_kernel else dispatcher._study
    wanted = None if signature is None else types.parse_signature(signature).args
    arguments = [tuple(map(types.from_ir, each)) for each in texts]
    chosen = [number for number, each in enumerate(arguments) if wanted is None or each == wanted]
    if wanted is not None and not chosen:
        raise KeyError(f"{compiled.__name__} was not compiled for {wanted}")
    file, first, source = _source(compiled.py_func)
    return Report({
        "name": compiled.__name__, "kind": _kind(compiled), "file": file, "first_line": first, "source": source,
        "metate": _metate.build_info()["version"], "cpu": _metate.host_cpu()["name"],
        "versions": [_version(study(number), arguments[number], file) for number in chosen],
        "devices": [] if is_kernel else _devices(dispatcher, file),
    })


def _kind(compiled):
    names = {"Kernel": "kernel", "Ufunc": "ufunc", "GUfunc": "generalised ufunc"}
    return names.get(type(compiled).__name__, "function")


def _source(function):
    file = function.__code__.co_filename
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError):  # typed into an interpreter that keeps no lines
        return file, function.__code__.co_firstlineno, []
    return file, max(first, 1), [line.rstrip("\n") for line in lines]


def _version(study, arguments, file):
    stages, passes = facts.times(study)
    return {
        "arguments": [str(each) for each in arguments],
        "checks_indices": study["checks_indices"], "fast_math": study["fast_math"],
        "loops": facts.loops(study, file), "checks": facts.checks(study, file), "arrays": facts.arrays(study, file), "first_call": study.get("first_call"),
        "remarks": facts.remarks_of(study, file),
        "times": stages, "llvm_passes": passes,
        "stages": [{"stage": each["stage"], "function": each["function"],
                    "lines": [list(pair) for pair in lines_of(each["stage"], each["text"], file)]}
                   for each in study["texts"]],
    }


def _devices(dispatcher, file):
    """What `parallel_diagnostics` says of code for calls that belong to a device."""
    from ..dispatcher import _nest_lines

    return [{"arguments": [str(types.from_ir(text)) for text in texts], "nests": list(_nest_lines(nests, True, file))}
            for texts, for_device, nests in dispatcher._nests() if for_device]
