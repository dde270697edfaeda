// conditions – what has to hold before a loop for its indices to be in range, as instructions.
#pragma once

#include <optional>
#include <vector>

#include "compiler/ir/builder.h"
#include "compiler/transform/ranges/linear.h"

namespace metate::transform {

/// Forms that have to be non-negative, each set of values once, with the least constant.
class Conditions {
 public:
  /// False if the form cannot be computed by a comparison that is exact in int64 arithmetic. `is_never_negative` is
  /// asked about single values.
  template <class IsNeverNegative>
  bool add(const Linear& form, IsNeverNegative&& is_never_negative) {
    std::optional<Condition> made = split(form);
    if (!made) return false;
    // a + constant, or b - constant, must not wrap: extents do not.
    if (made->a && made->b) {
      made->b_is_never_negative = is_never_negative(made->b);
      if (!is_never_negative(made->a)) return false;
    }
    add(*made);
    return true;
  }

  bool empty() const { return conditions_.empty(); }
  size_t size() const { return conditions_.size(); }

  /// Their conjunction, at the builder's place; extents are read there anew.
  ir::Value emit(ir::Builder& builder) const;

 private:
  struct Condition {  // a - b + constant >= 0; a or b may be missing
    ir::Value a, b;
    int64_t constant = 0;
    bool b_is_never_negative = false;
  };
  static std::optional<Condition> split(const Linear& form);
  void add(const Condition& condition);

  std::vector<Condition> conditions_;
};

}  // namespace metate::transform
