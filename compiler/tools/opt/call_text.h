// call_text.h – "f(3, [1.5, 2.0])" as a call of a function under interpretation, and its outcome as text.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/interpret/interpret.h"

namespace metate::tools {

/// The call that a text describes. Arguments are read by the types of the parameters: numbers as constants of IR text,
/// tuples in parentheses, arrays as nested lists. Arrays of layout A get gaps between their elements.
struct Call {
  const ir::Function* function = nullptr;
  std::vector<ir::Datum> arguments;
  std::deque<std::vector<std::byte>> storage;  // of array arguments
  std::string error;                           // or what is wrong with the text
};
Call read_call(std::string_view text, std::span<const ir::Function> functions, ir::Universe& universe);

/// Numbers as in IR text, arrays as nested lists.
std::string to_text(const ir::Datum& value, ir::TypeId type, const ir::Universe& universe);
/// "returns 3", "raises builtins.ValueError: …", "refuses: …"
std::string to_text(const ir::Outcome& outcome, const ir::Function& function);

}  // namespace metate::tools
