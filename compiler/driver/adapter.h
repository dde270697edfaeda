// adapter – the function behind a callee that is another one, called in its own way (infer/adapted_call.h).
#pragma once

#include <optional>

#include "compiler/bytecode/code_object.h"
#include "compiler/infer/callee_provider.h"
#include "compiler/ir/function.h"
#include "runtime/base/result.h"

namespace metate::driver {

/// f(parameters…) = callee(parameters…), not typed yet: the call of the adapted callee is what inference expands. It
/// has no frame of its own in tracebacks; messages name the first line of `code`.
ir::Function make_adapter(types::ConstantId callee, const infer::CalleeSignature& signature,
                          const bytecode::CodeObject& code, ir::Universe& universe);

/// Makes the types of a declaration those of the parameters: what *args takes becomes a tuple. An error where there are
/// too few or too many.
std::optional<base::Error> fit_declaration(const infer::CalleeSignature& signature, ir::Universe& universe,
                                           infer::Declaration& declaration);

}  // namespace metate::driver
