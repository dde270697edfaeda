// methods – which function x.name() runs.
#pragma once

#include <string>

#include "compiler/infer/writer.h"

namespace metate::infer {

/// The qualified name of the function that gets the object as its first argument; nothing if there is no such method.
std::optional<std::string> find_method(Writer& writer, Value object, std::string_view name);

}  // namespace metate::infer
