"""c_header – the C header of a library: what its functions are called, take and give."""

import ctypes
import keyword
import re

from .. import types
from ..errors import AheadOfTimeError

_WORDS = frozenset("""
alignas alignof auto bool break case catch char class const constexpr continue default delete do double else enum explicit
extern false float for friend goto if inline int long mutable namespace new nullptr operator private protected public
register restrict return short signed sizeof static struct switch template this throw true try typedef typeid typename
union unsigned using virtual void volatile while
""".split())

_NUMBERS = {
    "bool": "bool", "i8": "int8_t", "i16": "int16_t", "i32": "int32_t", "i64": "int64_t", "u8": "uint8_t", "u16": "uint16_t",
    "u32": "uint32_t", "u64": "uint64_t", "f16": "metate_float16", "f32": "float", "f64": "double",
    "c64": "metate_complex64", "c128": "metate_complex128",
}

_PRELUDE = """\
#ifndef METATE_LIBRARY_H
#define METATE_LIBRARY_H
/* The same in the header of every library that Metate has compiled. */

typedef uint16_t metate_float16; /* its bits */
typedef struct { float real, imag; } metate_complex64;
typedef struct { double real, imag; } metate_complex128;

/* What an exception was. All but `message` points into the library, or is "" where it is not known. */
typedef struct metate_error {
  const char *type;     /* "ValueError" */
  const char *file;     /* of the Python source, which raised it in ... */
  const char *function;
  int64_t line;
  char message[480];    /* cut where it is longer */
} metate_error;

/* Counts who uses the memory of an array that a library has made. */
typedef struct metate_owner {
  int64_t count;
  int64_t bytes;
  void (*destroy)(struct metate_owner *);
} metate_owner;

/* Gives back an array that a function has returned, by its `owner`, which may be null. */
static inline void metate_release(metate_owner *owner) {
  if (owner && --owner->count == 0) owner->destroy(owner);
}

/* Says that calls shall end, or no longer: while it is on, those that are in long loops, or come to one, give 1 and a
   KeyboardInterrupt, on all threads. It may be called by a signal handler, and is one function for all libraries that a
   program is linked with. */
void metate_interrupt(bool on);
#endif
"""


def type_of(text):
    """The type that a result has."""
    return types.from_ir(text)


def check_names(exports):
    """Raises AheadOfTimeError for names that C cannot have."""
    process, seen = ctypes.CDLL(None), set()
    for each in exports:
        if each.name in _WORDS or each.name.startswith(("metate_", "_")):
            raise AheadOfTimeError(f"a C function cannot be called {each.name!r}; --export \"OTHER={each.name}: …\" gives it "
                                   "another name")
        if each.name in seen:
            raise AheadOfTimeError(f"{each.name!r} is exported twice, and C has one function of a name; "
                                   f"--export \"OTHER={each.name}: …\" gives it another")
        if hasattr(process, each.name):
            raise AheadOfTimeError(f"C's own library has a function {each.name}, which the exported one would stand in for; "
                                   f"--export \"OTHER={each.name}: …\" gives it another name")
        seen.add(each.name)


def _code(given):
    """The IR's name of a number's type."""
    return given.element


def _array_name(given):
    return f"metate_array_{_code(given.dtype)}_{given.ndim}d"


def _array_struct(given):
    name, axes = _array_name(given), max(given.ndim, 1)
    # In C an array has at least one element; of those without axes nobody reads it.
    body = (f"  {_NUMBERS[_code(given.dtype)]} *data;\n  metate_owner *owner;  /* null: the memory is the caller's */\n")
    if given.ndim:
        body += f"  int64_t shape[{axes}];\n  int64_t strides[{axes}]; /* in bytes */\n"
    guard = name.upper()
    return f"#ifndef {guard}\n#define {guard}\ntypedef struct {{\n{body}}} {name};\n#endif\n"


def _values(given, name):
    """The numbers and arrays in a value, with names, as codegen/standalone has them: C has no tuples."""
    if isinstance(given, types.Tuple):
        return [value for i, element in enumerate(given.types) for value in _values(element, f"{name}_{i}")]
    return [] if given == types.void else [(given, name)]


def _parameter(given, name):
    if isinstance(given, types.Array):
        return f"const {_array_name(given)} *{name}"
    spelled = _NUMBERS[_code(given)]
    return f"const {spelled} *{name}" if _code(given).startswith("c") else f"{spelled} {name}"


def _result(given, name):
    return f"{_array_name(given) if isinstance(given, types.Array) else _NUMBERS[_code(given)]} *{name}"


def _safe(name, taken):
    """A parameter's name that C takes."""
    name = re.sub(r"\W", "_", name, flags=re.ASCII)
    while name in _WORDS or name in taken or keyword.iskeyword(name):
        name += "_"
    taken.add(name)
    return name


def _declaration(export, result):
    results = _values(result, "result")
    taken = {"error", *(name for _, name in results)}
    parameters = [_parameter(value, _safe(called, taken)) for given, name in zip(export.signature.args, export.parameters)
                  for value, called in _values(given, name)]
    parameters += [*(_result(*each) for each in results), "metate_error *error"]
    words = " ".join((export.python.__doc__ or "").replace("*/", "* /").split("\n\n")[0].split())
    comment = f"{export.name}({', '.join(map(str, export.signature.args))}) -> {result}"
    return (f"/* {comment}{'. ' + words if words else ''} */\n"
            f"int32_t {export.name}({', '.join(parameters)});\n")


def text(exports, results, name):
    """The header of a library."""
    results = [type_of(result) for result in results]
    arrays = {}
    for given in [argument for each in exports for argument in each.signature.args] + results:
        for value, _ in _values(given, ""):
            if isinstance(value, types.Array):
                arrays.setdefault(_array_name(value), value)
    guard = f"METATE_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}_H"
    parts = [f"""\
/* {name} - compiled by Metate from Python.

   Every function gives 0, or 1 if it has raised an exception; then `error`, unless it is null, says which, and `result`
   is not written to. Arrays are given by the address of their struct, numbers as numbers, complex ones by their address.
   Of a tuple each element is an argument or a result of its own: `result_0` is the first of those that are returned. Where
   the address for a result is null nobody wants it, and its memory is given back.
   Arrays whose type has ::1 are contiguous; all are aligned to their elements. Their `owner` is null, or that of an array
   which a library has returned. An array that is returned belongs to the caller, who gives it back by
   metate_release(result.owner); where `owner` is null it lies in the memory of an argument. */
#ifndef {guard}
#define {guard}
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif

{_PRELUDE}"""]
    parts += [_array_struct(given) for given in arrays.values()]
    parts += [_declaration(each, result) for each, result in zip(exports, results)]
    parts.append("#ifdef __cplusplus\n}\n#endif\n#endif\n")
    return "\n".join(parts)
