// emit – writes the typed function that a solution describes.
#pragma once

#include <optional>

#include "compiler/infer/solve.h"
#include "compiler/support/diagnostics.h"

namespace metate::infer {

/// Requires a solution that waits for no callee. Nothing, with diagnostics, where an operation has no meaning.
std::optional<ir::Function> emit(const ir::Function& untyped, const Solution& solution,
                                 std::span<const TypeId> arguments, CalleeProvider& callees,
                                 const ir::FunctionOptions& options, support::Diagnostics& diagnostics);

}  // namespace metate::infer
