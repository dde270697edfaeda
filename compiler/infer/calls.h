// calls – what calling a value means: builtins, NumPy, math, dtypes, methods, compiled functions.
#pragma once

#include "compiler/infer/arguments.h"

namespace metate::infer {

Value call(Writer& writer, Value callee, const Arguments& arguments);

/// Calls what the compiler knows by a qualified name, "numpy.any".
Value call_named(Writer& writer, std::string_view name, const Arguments& arguments);
inline Value call_named(Writer& writer, std::string_view name, std::initializer_list<Value> positional) {
  return call_named(writer, name, Arguments{.positional = positional, .keywords = {}});
}

/// Whether there is a function of that name.
bool is_known_function(std::string_view name);

/// A function known by name: how it binds its arguments, and what it then means.
struct NamedFunction {
  std::string_view name;        // "builtins.range"
  std::string_view parameters;  // see `bind_arguments`
  Value (*write)(Writer& writer, std::span<const Value> arguments);
};

}  // namespace metate::infer
