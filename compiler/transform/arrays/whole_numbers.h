// whole_numbers – arithmetic on extents and indices, with what is known when compiling left out.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/ir/builder.h"

/// Operands and results are `weak_int`. Nothing here wraps for sizes that fit memory. A condition is a `weak_bool`, or
/// an invalid value where it is known to hold.
namespace metate::transform::whole {

using ir::Builder;
using ir::Value;

std::optional<int64_t> constant(const ir::Function& function, Value value);
inline bool is(const ir::Function& function, Value value, int64_t number) {
  return constant(function, value) == number;
}
/// The same number for sure: one value, equal constants, or the same extent of the same array.
bool same(const ir::Function& function, Value a, Value b);

Value add(Builder& builder, Value a, Value b);
Value subtract(Builder& builder, Value a, Value b);
Value multiply(Builder& builder, Value a, Value b);
Value product(Builder& builder, std::span<const Value> factors);
/// Rounds down; `b` is above zero.
Value floor_divide(Builder& builder, Value a, Value b);
Value minimum(Builder& builder, Value a, Value b);
Value maximum(Builder& builder, Value a, Value b);
Value select(Builder& builder, Value condition, Value if_true, Value if_false);

Value equal(Builder& builder, Value a, Value b);
Value less(Builder& builder, Value a, Value b);
Value both(Builder& builder, Value a, Value b);
Value either(Builder& builder, Value a, Value b);

}  // namespace metate::transform::whole
