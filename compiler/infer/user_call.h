// user_call – calls of other compiled functions.
#pragma once

#include "compiler/infer/arguments.h"

namespace metate::infer {

/// Binds the arguments, asks the provider for the specialisation and calls it with the captured values behind them.
Value call_user_function(Writer& writer, ConstantId callee, const Arguments& arguments,
                         std::span<const Value> captured);

/// Calls the specialisation for exactly these values: one a parameter, then what a closure captured.
Value call_specialisation(Writer& writer, ConstantId callee, std::span<const Value> operands);

}  // namespace metate::infer
