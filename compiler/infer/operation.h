// operation – one untyped instruction, written as the typed instructions that it means.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// The result is invalid for instructions without one, and where the writer has a failure or waits for a callee.
/// Control flow and nests are the business of the solver and the emitter.
Value write_operation(Writer& writer, const ir::Function& untyped, ir::Inst inst, std::span<const Value> operands);

}  // namespace metate::infer
