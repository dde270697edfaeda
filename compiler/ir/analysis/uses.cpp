#include "compiler/ir/analysis/uses.h"

#include "compiler/ir/analysis/walk.h"

namespace metate::ir {

Uses::Uses(const Function& function) : begin_(function.value_count() + 1) {
  auto for_each = [&](auto&& visit) { walk_insts(function, [&](Inst inst) { for_each_use(function, inst, visit); }); };
  for_each([&](Value value, Use) { ++begin_[value.index() + 1]; });
  for (size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  uses_.resize(begin_.back());
  std::vector<uint32_t> next(begin_.begin(), begin_.end());
  for_each([&](Value value, Use use) { uses_[next[value.index()]++] = use; });
}

}  // namespace metate::ir
