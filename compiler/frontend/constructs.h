// constructs.h – the parts of Python that compiled functions cannot have, in the words of messages.
#pragma once

#include <optional>
#include <string>

#include "compiler/bytecode/decode.h"

namespace metate::frontend {

struct UnsupportedConstruct {
  std::string what;  // "'try'", "a list comprehension"
  support::SourceRange place;
};

/// The first one in the function, if there is any that can be told from its instructions alone.
std::optional<UnsupportedConstruct> find_unsupported(const bytecode::CodeObject& code,
                                                     const bytecode::DecodedFunction& decoded);

}  // namespace metate::frontend
