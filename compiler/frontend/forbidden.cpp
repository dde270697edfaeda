#include "compiler/frontend/forbidden.h"

namespace metate::frontend {

std::optional<ForbiddenUse> find_forbidden_use(const ir::Function& function, const Ssa& ssa, const Liveness& live,
                                               const ForbiddenValues& values) {
  if (values.empty()) return std::nullopt;

  // Block parameters that may be one of them, forwards from those they are passed to.
  std::map<ir::Value, const Forbidden*> tainted;
  for (const auto& [value, forbidden] : values) tainted.emplace(value, &forbidden);
  std::vector<std::vector<uint32_t>> users(function.value_count());
  std::vector<ir::Value> work;
  for (uint32_t i = 0; i < ssa.phis().size(); ++i) {
    if (!live.phis[i]) continue;
    for (ir::Value argument : ssa.phis()[i].arguments) users[ssa.resolve(argument).index()].push_back(i);
  }
  for (const auto& [value, forbidden] : values) work.push_back(value);
  while (!work.empty()) {
    ir::Value value = work.back();
    work.pop_back();
    for (uint32_t user : users[value.index()])
      if (tainted.emplace(ssa.phis()[user].value, tainted.at(value)).second) work.push_back(ssa.phis()[user].value);
  }

  for (uint32_t i = 0; i < function.block_count(); ++i) {
    for (ir::Inst inst : function.block(ir::Block(i)).insts) {
      if (!live.insts[inst.index()]) continue;
      for (ir::Value operand : function.operands(inst)) {
        auto found = tainted.find(ssa.resolve(operand));
        if (found != tainted.end()) return ForbiddenUse{found->second, inst};
      }
    }
  }
  return std::nullopt;
}

}  // namespace metate::frontend
