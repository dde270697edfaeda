"""What `dpjit` makes: functions that are compiled for devices, and functions that command devices themselves.

Most are parallel loops and array expressions, and compiled. Those that launch kernels, or name a device or queue to make
arrays there, are the program around such functions: Python runs them, and compiled are the kernels and functions that they
call, and their own parallel loops. So queues, events and launches mean in them what they mean everywhere else.
"""

import ast
import contextlib
import dis
import types
from typing import NamedTuple

import numpy as np

from ._metate import Dispatcher, Event
from .dispatcher import make_dispatcher
from .errors import TypingError
from .launch_ranges import NdRange, Range

_LOADS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF")
_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD")
#: The module of the functions that make device arrays, and what they are told of a place.
_CREATION = "metate.device_array.creation"
_PLACES = {"device", "queue", "sycl_queue", "usm_type"}


class Uses(NamedTuple):
    """What a function does with devices, itself or through functions that it calls."""

    makes_arrays: bool = False
    commands: bool = False
    loop: tuple = None  # file and line of the first prange loop of its own

    def joined(self, callee):
        """With what a function does that it calls. Loops of that one are compiled with it."""
        return self._replace(makes_arrays=self.makes_arrays or callee.makes_arrays, commands=self.commands or callee.commands)


def uses_of(function, seen=None):
    """The `Uses` of a Python function; what is in `seen` is somebody else's to join."""
    seen = {function} if seen is None else seen
    uses = Uses()
    for value, line in _values_used(function):
        if value in _launchers():
            uses = uses._replace(commands=True)
        elif _is_prange(value) and not uses.loop:
            uses = uses._replace(loop=(function.__code__.co_filename, line))
        elif getattr(value, "__module__", None) == _CREATION:
            uses = uses._replace(makes_arrays=True, commands=uses.commands or _names_places(function.__code__))
        elif isinstance(callee := getattr(value, "py_func", value), types.FunctionType):
            if callee not in seen and not _is_metates(callee) and not _is_kernel(value):
                seen.add(callee)  # once, however many ways lead there
                uses = uses.joined(uses_of(callee, seen))
    return uses


class _Names:
    """What names mean in a function: globals and variables of enclosing functions."""

    def __init__(self, function):
        self._cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
        self._globals = function.__globals__

    def __getitem__(self, name):
        if name not in self._cells:
            return self._globals.get(name)
        try:
            return self._cells[name].cell_contents
        except ValueError:  # it has no value yet
            return None

    def value_of(self, expression):
        """What an expression of a name, or of attributes of a module, is; None for others."""
        if isinstance(expression, ast.Name):
            return self[expression.id]
        if isinstance(expression, ast.Attribute):
            return _attribute_of(self.value_of(expression.value), expression.attr)
        return None


def _attribute_of(value, name):
    """That of a module; None of anything else."""
    return getattr(value, name, None) if isinstance(value, types.ModuleType) else None


def _values_used(function):
    """The globals and variables of enclosing functions that it reads, and attributes of those that are modules, with lines."""
    names = _Names(function)
    line, value = function.__code__.co_firstlineno, None
    for instruction in dis.get_instructions(function.__code__):
        line = _line_of(instruction) or line
        if instruction.opname in _LOADS:
            value = names[instruction.argval]
        else:
            value = _attribute_of(value, instruction.argval) if instruction.opname in _ATTRIBUTES else None
        if isinstance(value, (type, types.FunctionType, Dispatcher)) or hasattr(value, "py_func"):
            yield value, line


def _line_of(instruction):
    """The line where one begins, or None; what `dis` calls it changed with 3.13."""
    return instruction.starts_line and getattr(instruction, "line_number", instruction.starts_line)


def _launchers():
    from .kernels import call_kernel, call_kernel_async

    return call_kernel, call_kernel_async


def _is_prange(value):
    return isinstance(value, type) and value.__name__ == "prange"


def _is_metates(function):
    return (function.__module__ or "").split(".")[0] == "metate"


def _is_kernel(value):
    from .device_functions import DeviceFunction
    from .kernels import Kernel

    return isinstance(value, (Kernel, DeviceFunction))


def _names_places(code):
    """Whether a call in it has the name of a place as a keyword."""
    return any(isinstance(each, tuple) and not _PLACES.isdisjoint(part for part in each if isinstance(part, str))
               for each in code.co_consts)


class DeviceProgram(Dispatcher):
    """A function of `dpjit`."""

    _found = _lifted = None

    def __call__(self, *arguments, **named):
        uses = self._uses()
        given = (*arguments, *named.values())
        if uses.commands or any(_commands(each) for each in given):
            return self._run_by_python(uses, arguments, named)
        if not uses.makes_arrays or any(isinstance(each, np.ndarray) or _is_on_device(each) for each in given):
            return super().__call__(*arguments, **named)
        return self._call_on_device(arguments, named)

    def _uses(self):
        if self._found is None:
            self._found = uses_of(self.py_func)
        return self._found

    def _run_by_python(self, uses, arguments, named):
        if uses.loop and self._lifted is None:
            self._lifted = self._lift(*uses.loop)
        return (self._lifted or self.py_func)(*arguments, **named)

    def _lift(self, file, line):
        from .loop_lifting import Unlifted, lifted

        names = _Names(self.py_func)
        try:
            return lifted(self.py_func, lambda over: isinstance(over, ast.Call) and _is_prange(names.value_of(over.func)),
                          lambda loop: make_dispatcher(Dispatcher, loop, self.targetoptions, ()))
        except Unlifted as reason:
            raise TypingError(f"{file}:{line}: {self.__name__}() launches kernels or works with queues, so that Python runs it, and "
                              f"its prange loop is not compiled, since {reason}: put the loop into a dpjit function that this "
                              "one calls") from None

    def _call_on_device(self, arguments, named):
        """A call that makes device arrays and is given none: it belongs to the current queue, and so does what it gives."""
        from .device_array.results import on_queue
        from .queues import context_queue, device_context, get_current_queue

        queue = get_current_queue()
        with contextlib.nullcontext() if context_queue() else device_context(queue):
            return on_queue(super().__call__(*arguments, **named), (), queue)


def _is_on_device(argument):
    """Whether it has device memory; the class is asked first, since the interface itself takes some time to make."""
    return hasattr(type(argument), "__sycl_usm_array_interface__") or hasattr(argument, "__sycl_usm_array_interface__")


def _commands(argument):
    """Whether it is what only Python can work with."""
    from .queues import Queue

    return isinstance(argument, (Queue, Event, Range, NdRange))
