// linear.h – sums of integer values with whole factors: what is known of indices, in exact arithmetic.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "compiler/ir/function.h"

namespace metate::transform {

/// factor * value + … + constant over the whole numbers, where nothing wraps. Terms stand by rising value.
class Linear {
 public:
  // Wide enough for any sum of a few int64 values that is looked at; `bounded` says when a form has become too large.
  using Number = __int128;
  using Term = std::pair<ir::Value, int64_t>;

  Linear() = default;
  Linear(Number constant) : constant_(constant) {}  // NOLINT(google-explicit-constructor): numbers are linear forms
  static Linear of(ir::Value value) {
    Linear form;
    form.terms_.push_back({value, 1});
    return form;
  }

  const std::vector<Term>& terms() const { return terms_; }
  Number constant() const { return constant_; }
  bool is_constant() const { return terms_.empty(); }
  int64_t factor(ir::Value value) const {
    auto at = std::ranges::lower_bound(terms_, value, {}, &Term::first);
    return at != terms_.end() && at->first == value ? at->second : 0;
  }

  Linear& add(const Linear& other, int64_t factor = 1) {
    for (const Term& term : other.terms_) add_term(term.first, term.second * factor);
    constant_ += other.constant_ * factor;
    return *this;
  }
  friend Linear operator+(Linear a, const Linear& b) { return a.add(b); }
  friend Linear operator-(Linear a, const Linear& b) { return a.add(b, -1); }
  friend Linear operator-(const Linear& a) { return Linear(0).add(a, -1); }
  friend Linear operator*(const Linear& a, int64_t factor) { return Linear(0).add(a, factor); }

  /// With `replacement` in the place of a value.
  Linear with(ir::Value value, const Linear& replacement) const {
    Linear form = *this;
    int64_t factor = form.factor(value);
    return form.add(Linear::of(value), -factor).add(replacement, factor);
  }

  /// Few terms and small factors, so that no arithmetic here overflows.
  bool bounded() const {
    constexpr Number kLargest = Number{1} << 100;
    return terms_.size() <= 6 && constant_ < kLargest && constant_ > -kLargest &&
           std::ranges::all_of(terms_,
                               [](const Term& term) { return term.second < 1 << 16 && term.second > -(1 << 16); });
  }

  bool operator==(const Linear&) const = default;

 private:
  void add_term(ir::Value value, int64_t factor) {
    auto at = std::ranges::lower_bound(terms_, value, {}, &Term::first);
    if (at == terms_.end() || at->first != value) {
      if (factor != 0) terms_.insert(at, {value, factor});
    } else if ((at->second += factor) == 0) {
      terms_.erase(at);
    }
  }

  std::vector<Term> terms_;
  Number constant_ = 0;
};

}  // namespace metate::transform
