// constants.h – the constants of a code object become those of the IR.
#pragma once

#include <string>
#include <variant>

#include "compiler/bytecode/code_object.h"
#include "compiler/ir/universe.h"

namespace metate::frontend {

/// Why a constant has no place in compiled code: an int of more than 64 bits, or something of another kind.
struct BadConstant {
  bool too_large = false;
  std::string what;  // its digits, or "a bytes literal"
};

/// A frozenset becomes a tuple of its items, which is all the same to `in`; `allow_set` says that this is meant.
std::variant<types::ConstantId, BadConstant> convert_constant(const bytecode::Const& value, bool allow_set,
                                                              ir::Universe& universe);

}  // namespace metate::frontend
