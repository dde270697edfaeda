// uses.h – who uses a value.
#pragma once

#include <span>
#include <vector>

#include "compiler/ir/function.h"

namespace metate::ir {

/// One operand, or one argument that a terminator hands to a target's parameter.
struct Use {
  static constexpr uint32_t kOperand = ~0u;
  Inst inst;
  uint32_t target;  // which target's argument, or kOperand
  uint32_t index;   // which operand or argument
};

/// A picture of the moment: of all instructions that stand in a block.
class Uses {
 public:
  explicit Uses(const Function& function);

  std::span<const Use> of(Value value) const {
    uint32_t begin = begin_[value.index()];
    return {uses_.data() + begin, begin_[value.index() + 1] - begin};
  }
  bool unused(Value value) const { return of(value).empty(); }

 private:
  std::vector<uint32_t> begin_;  // by value, and one more
  std::vector<Use> uses_;        // in the order of the text for each value
};

/// `visit(Value, Use)` for all that an instruction uses.
template <class F>
void for_each_use(const Function& function, Inst inst, F&& visit) {
  std::span<const Value> operands = function.operands(inst);
  for (uint32_t i = 0; i < operands.size(); ++i) visit(operands[i], Use{inst, Use::kOperand, i});
  std::span<const BlockCall> targets = function.targets(inst);
  for (uint32_t t = 0; t < targets.size(); ++t) {
    std::span<const Value> arguments = function.arguments(targets[t]);
    for (uint32_t i = 0; i < arguments.size(); ++i) visit(arguments[i], Use{inst, t, i});
  }
}

}  // namespace metate::ir
