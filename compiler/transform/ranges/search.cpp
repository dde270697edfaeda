// search – the proofs of Ranges: values are replaced by their bounds until nothing is left but a constant.
#include <algorithm>
#include <limits>

#include "compiler/transform/ranges/ranges.h"

namespace metate::transform {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

struct Ranges::Search {
  Ranges& ranges;
  const ir::Function& function;
  Block block;
  const Allowed& allowed;
  int steps = 400;  // what one question may cost

  static constexpr int kDepth = 12;
  /// Sizes and offsets of launches have 32 bits each, and what work-items may ask is at most the sum of two.
  static constexpr Linear::Number kGreatestWorkItem = Linear::Number{2} << 32;

  /// A form of allowed values that is not greater than `form`, constants being allowed if they are not negative.
  std::optional<Linear> below(const Linear& form, int depth = 0) {
    if (form.is_constant()) return form.constant() >= 0 ? std::optional(form) : std::nullopt;
    if (depth == kDepth || --steps < 0 || !form.bounded()) return {};
    bool done = true;
    // The latest values first: they are the ones that are made from others.
    for (size_t i = form.terms().size(); i-- > 0;) {
      const Linear::Term term = form.terms()[i];
      if (allowed(term.first)) continue;
      done = false;
      if (std::optional<Linear> found = replace(form, term, depth + 1)) return found;
    }
    return done ? std::optional(form) : std::nullopt;
  }

  std::optional<Linear> replace(const Linear& form, Linear::Term term, int depth) {
    auto at = ranges.facts_of_.find(term.first);
    if (at != ranges.facts_of_.end()) {
      const std::vector<uint32_t>& known = at->second;
      for (size_t i = known.size(); i-- > 0;) {  // the innermost conditions first
        const Fact& fact = ranges.facts_[known[i]];
        if (!ranges.holds(fact.block, block)) continue;
        if (std::optional<Linear> found = subtract(form, term, fact.form, depth)) return found;
      }
    }
    if (std::optional<Linear> found = replace_by_definition(form, term, depth)) return found;
    constexpr Linear::Number kLeast = std::numeric_limits<int64_t>::min();
    constexpr Linear::Number kGreatest = std::numeric_limits<int64_t>::max();
    return below(form.with(term.first, term.second > 0 ? kLeast : kGreatest), depth);
  }

  /// `fact` >= 0, so `form` without a multiple of it is smaller, and lacks the term where its factor divides.
  std::optional<Linear> subtract(const Linear& form, Linear::Term term, const Linear& fact, int depth) {
    int64_t factor = fact.factor(term.first);
    if (factor == 0 || term.second % factor != 0 || term.second / factor < 0) return {};
    return below(Linear(form).add(fact, -(term.second / factor)), depth);
  }

  std::optional<Linear> replace_by_definition(const Linear& form, Linear::Term term, int depth) {
    Value value = term.first;
    const Linear self = Linear::of(value);
    Inst inst = function.defining_inst(value);
    if (!inst) {
      const std::optional<Counter>& counter = ranges.counter(value);
      if (!counter) return {};
      return subtract(form, term, counter->rises ? self - counter->initial : counter->initial - self, depth);
    }
    switch (function.inst(inst).opcode) {
      case Opcode::kDim:
        if (term.second > 0) return subtract(form, term, self, depth);
        return below(form.with(value, greatest_extent(function.operands(inst)[0])), depth);
      case Opcode::kIndex: {
        if (!ir::IndexCheck::decode(function.inst(inst).imm).check) return {};
        if (std::optional<Linear> found = subtract(form, term, self, depth)) return found;
        return subtract(form, term, ranges.form(function.operands(inst)[1]) - self - 1, depth);
      }
      case Opcode::kCast: {
        const types::Type& from = function.type_data(function.operands(inst)[0]);
        if (is_float(from.dtype) || is_complex(from.dtype) || size(from.dtype) >= 8) return {};
        int bits = 8 * static_cast<int>(size(from.dtype));
        Linear::Number half = Linear::Number{1} << (bits - 1);
        Linear::Number least = is_signed(from.dtype) ? -half : 0,
                       greatest = is_signed(from.dtype) ? half - 1 : 2 * half - 1;
        return below(form.with(value, term.second > 0 ? least : greatest), depth);
      }
      case Opcode::kWorkItem:
        if (std::optional<Value> offset = term.second > 0 ? offset_of(form, inst) : std::nullopt)
          return below(form.with(value, Linear::of(*offset)), depth);
        return below(form.with(value, term.second > 0 ? Linear::Number{0} : kGreatestWorkItem), depth);
      case Opcode::kOp:
        return replace_op(form, term, inst, depth);
      default:
        return {};
    }
  }

  /// The bytes of an array that comes from outside can be counted, those of an empty one as if no extent was 0.
  Linear::Number greatest_extent(Value array) const {
    constexpr Linear::Number kGreatest = std::numeric_limits<int64_t>::max();
    const bool from_outside = std::ranges::find(function.params(), array) != function.params().end();
    return from_outside ? kGreatest / size(function.type_data(array).dtype) : kGreatest;
  }

  /// Where `inst` asks for a global id, the offset of these in the form: no id is less.
  std::optional<Value> offset_of(const Linear& form, Inst inst) {
    if (static_cast<ir::WorkItemQuery>(function.inst(inst).imm) != ir::WorkItemQuery::kGlobalId) return {};
    for (const Linear::Term& term : form.terms()) {
      Inst other = function.defining_inst(term.first);
      if (other && function.inst(other).opcode == Opcode::kWorkItem &&
          static_cast<ir::WorkItemQuery>(function.inst(other).imm) == ir::WorkItemQuery::kGlobalOffset &&
          function.constant(function.operands(other)[0]) == function.constant(function.operands(inst)[0]))
        return term.first;
    }
    return {};
  }

  std::optional<Linear> replace_op(const Linear& form, Linear::Term term, Inst inst, int depth) {
    auto op = static_cast<ScalarOp>(function.inst(inst).imm);
    std::span<const Value> operands = function.operands(inst);
    if (op != ScalarOp::kMaximum && op != ScalarOp::kMinimum && op != ScalarOp::kFloorDivide &&
        op != ScalarOp::kRemainder)
      return {};
    Linear x = ranges.form(operands[0]), y = ranges.form(operands[1]);
    if (op == ScalarOp::kMaximum || op == ScalarOp::kMinimum) {
      std::optional<Linear> first = below(form.with(term.first, x), depth);
      // Below the greater of two by one of them; above it only by both.
      bool one_suffices = (op == ScalarOp::kMaximum) == (term.second > 0);
      if (one_suffices) return first ? first : below(form.with(term.first, y), depth);
      if (!first) return {};
      std::optional<Linear> second = below(form.with(term.first, y), depth);
      if (!second || first->is_constant()) return second;
      return second->is_constant() || *first == *second ? first : std::nullopt;
    }
    if (!y.is_constant() || y.constant() < 1 || y.constant() > 1 << 15) return {};
    auto divisor = static_cast<int64_t>(y.constant());
    const Linear self = Linear::of(term.first);
    if (op == ScalarOp::kRemainder) return below(form.with(term.first, term.second > 0 ? 0 : divisor - 1), depth);
    // divisor * quotient is at most x, and more than x - divisor.
    if (std::optional<Linear> found = subtract(form, term, x - self * divisor, depth)) return found;
    return subtract(form, term, self * divisor - x + divisor - 1, depth);
  }
};

bool Ranges::is_never_negative(const Linear& form, Block block) {
  static const Allowed kNothing = [](Value) { return false; };
  Search search{*this, function_, block, kNothing};
  return search.below(form).has_value();
}

std::optional<Linear> Ranges::condition_for(const Linear& form, Block block, const Allowed& allowed) {
  Search search{*this, function_, block, allowed};
  return search.below(form);
}

}  // namespace metate::transform
