// parse.h – IR text (docs/ir.md) as functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/function.h"
#include "runtime/base/api.h"

namespace metate::ir {

struct ParseError {
  int line;  // both from 1
  int column;
  std::string message;
};

struct ParsedText {
  std::vector<Function> functions;  // those before the error
  std::optional<ParseError> error;
};

/// Reads any number of functions. What it accepts is well formed as text; `verify` says whether it means anything.
/// Ids follow the order of the text, so `print` gives the text back (without its comments and spacing).
ParsedText parse(std::string_view text, Universe& universe);

/// One type, or nothing if the text is none.
METATE_API std::optional<TypeId> parse_type(std::string_view text, Universe& universe);
/// One constant, or nothing if the text is none.
std::optional<ConstantId> parse_constant(std::string_view text, Universe& universe);

}  // namespace metate::ir
