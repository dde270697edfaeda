// numpy_functions – functions of NumPy by name.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> numpy_functions();

bool is_elementwise(std::string_view name);

/// A function that ops/ufuncs.def computes element by element; nothing if the name is none.
std::optional<Value> call_elementwise(Writer& writer, std::string_view name, const Arguments& arguments);

}  // namespace metate::infer
