// check.h – what has to hold for a row to be computed; else an exception.
#pragma once

#include <string_view>

#include "compiler/ops/scalar_op.h"

namespace metate::ops {

/// Raise `exception(message)` unless predicate(operands). Each letter of `operands` is one of them: x, y, z, w, or r
/// for the (first) result.
struct Check {
  ScalarOp predicate{};
  std::string_view operands;
  std::string_view exception;
  std::string_view message;

  bool is_after() const { return operands.find('r') != std::string_view::npos; }
};

}  // namespace metate::ops
