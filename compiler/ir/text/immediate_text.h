// immediate_text.h – what stands between an instruction's name and its operands.
#pragma once

#include <string>

#include "compiler/ir/function.h"

namespace metate::ir {

/// The immediate of any instruction but nest and py.call, whose immediates are woven into their operands;
/// empty where there is none.
std::string immediate_text(const Function& function, const InstData& inst);

/// The name of a row of ops; like everything here it takes any number and marks what means nothing with "!".
std::string scalar_op_text(uint32_t op);

std::string_view to_text(ErrorModel model);
std::string_view to_text(IndexKind kind);

}  // namespace metate::ir
