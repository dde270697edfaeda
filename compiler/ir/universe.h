// universe.h – the interned tables that all functions of a session share.
#pragma once

#include "compiler/support/symbol_table.h"
#include "compiler/types/constant.h"
#include "compiler/types/type.h"

namespace metate::ir {

struct Universe {
  support::SymbolTable symbols;
  types::ConstantTable constants;
  types::TypeTable types;

  std::string text(types::TypeId type) const { return types::to_text(type, types, constants, symbols); }
  std::string text(types::ConstantId constant) const { return types::to_text(constants[constant], constants, symbols); }
  /// The type in words, for messages.
  std::string describe(types::TypeId type) const { return types::describe(type, types, constants, symbols); }
  types::TypeId type_of(types::ConstantId constant) { return types::type_of(constant, constants, types); }
};

}  // namespace metate::ir
