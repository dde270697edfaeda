// type_reader – types of the IR as Python hands them over: their text, "array<f64,2,C>" (metate/types.py writes it).
#pragma once

#include <optional>
#include <vector>

#include "compiler/infer/callee_provider.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

/// [(argument types, result type or None), …]. False with a Python exception set. No lock but the GIL is held.
bool read_declarations(PyObject* list, Interpreter& interpreter, std::vector<infer::Declaration>& declarations);

/// For each parameter the numbers of its core axes (infer::Adaptation).
bool read_axes(PyObject* list, std::vector<std::vector<uint8_t>>& axes);

/// The key (arguments.h) of arguments of these types; nothing with a Python exception set.
std::optional<std::vector<uint64_t>> read_key(PyObject* types, Interpreter& interpreter);

/// Adds type_text(object) -> the type of that argument of a compiled function, as text. False with an exception set.
bool add_type_reader(PyObject* module);

}  // namespace metate::ext
