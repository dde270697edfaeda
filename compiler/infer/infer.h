// infer – untyped SSA and argument types become typed SSA of the array stage.
#pragma once

#include <optional>
#include <span>

#include "compiler/infer/callee_provider.h"
#include "compiler/ir/function.h"
#include "compiler/support/diagnostics.h"

namespace metate::infer {

/// Solves the types of all values (`solve`), then writes the typed function (`emit`). What an operation of Python or
/// NumPy means is written once, as the instructions it becomes (`operation` and the units it names); the solver runs
/// the same code into a scratch function and keeps the types.
///
/// Requires: `untyped` at the untyped stage; one type for each of its parameters. Ensures: a function at the array
/// stage with every value typed, branches that the types decide gone. Nothing where the function has an error, which is
/// then among the diagnostics.
///
/// In a recursive group a callee's return type may be unknown yet. Then the result has the return type that the other
/// paths give (unknown if there is none) and no body; the driver runs `infer` again when more is known.
std::optional<ir::Function> infer(const ir::Function& untyped, std::span<const types::TypeId> arguments,
                                  CalleeProvider& callees, const ir::FunctionOptions& options,
                                  support::Diagnostics& diagnostics);

}  // namespace metate::infer
