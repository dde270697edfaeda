// build.h – a decoded function becomes untyped SSA (docs/ir.md, "Untyped stage").
#pragma once

#include <optional>

#include "compiler/bytecode/decode.h"
#include "compiler/frontend/environment.h"
#include "compiler/ir/function.h"
#include "compiler/support/diagnostics.h"

namespace metate::frontend {

/// Nothing where an error was reported. The result does not depend on the CPython version that compiled the source,
/// but for source places (3.10 has no columns). Damaged bytecode is reported, too; no input makes it crash.
///
/// Parameters are the function's arguments in the order of its varnames, then, for inner functions
/// (Environment::free_variables_are_parameters), its free variables.
std::optional<ir::Function> build(const bytecode::CodeObject& code, const bytecode::DecodedFunction& decoded,
                                  Environment& environment, ir::Universe& universe, const ir::FunctionOptions& options,
                                  support::Diagnostics& diagnostics);

}  // namespace metate::frontend
