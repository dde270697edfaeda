// adapted_call – calls of functions that are another one called in its own way; here those with declared signatures,
// where arguments and results are converted as declared.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// Calls the adaptation's target. `name` is what messages call it, "f()".
///
/// Of the declarations, the first that takes the arguments as they are; else the first to whose types each of them can
/// go without loss; else the first that is reached by rounding to a shorter float of the same kind, or by a Python
/// number (NEP 50: it has a kind but no size). There is no way from floats to integers.
Value call_adapted(Writer& writer, std::string_view name, const Adaptation& adaptation,
                   std::span<const Value> operands);

/// The same for an adaptation of any kind, for one call of its target.
Value call_declared(Writer& writer, std::string_view name, const Adaptation& adaptation,
                    std::span<const Value> operands);

/// Reports that no declaration takes such arguments.
Value no_declaration(Writer& writer, std::string_view name, const Adaptation& adaptation,
                     std::span<const TypeId> arguments);

}  // namespace metate::infer
