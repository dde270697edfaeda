// user_call – calls of other compiled functions.
#pragma once

#include "compiler/infer/arguments.h"

namespace metate::infer {

/// Binds the arguments, asks the provider for the specialisation and calls it with the captured values behind them.
Value call_user_function(Writer& writer, ConstantId callee, const Arguments& arguments,
                         std::span<const Value> captured);

/// Nothing where an error was reported, or where the result of a recursive function is not known yet.
std::optional<CalleeResult> specialise(Writer& writer, ConstantId callee, std::span<const TypeId> arguments,
                                       bool in_nest);

/// Calls the specialisation for exactly these values: one a parameter, then what a closure captured.
Value call_specialisation(Writer& writer, ConstantId callee, std::span<const Value> operands);

}  // namespace metate::infer
