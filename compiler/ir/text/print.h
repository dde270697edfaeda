// print.h – functions as IR text (docs/ir.md); `parse` reads it back.
#pragma once

#include <string>

#include "compiler/ir/function.h"

namespace metate::ir {

struct PrintOptions {
  bool sources = false;  // the places in the Python source, as "@line:column-line:column" behind each instruction
};

/// Malformed functions print too, with "!" in front of what refers to nothing, so that a failing pass can be looked at.
std::string print(const Function& function, PrintOptions options = {});

/// One line of the text: the instruction without a nest's body.
std::string print(const Function& function, Inst inst);

}  // namespace metate::ir
