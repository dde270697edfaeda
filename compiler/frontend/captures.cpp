#include "compiler/frontend/captures.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace metate::frontend {
namespace {

struct Place {
  ir::Block block;
  uint32_t position;
  auto operator<=>(const Place&) const = default;
};

/// A value that is, or may hold, the closure, and its uses.
struct Holder {
  std::unordered_set<ir::Inst> uses;
  std::unordered_set<ir::Block> passes_on;  // at the end of these blocks it becomes the argument of a parameter
};

struct Search {
  const ir::Function& function;
  const Ssa& ssa;
  std::unordered_map<ir::Value, Holder> holders = {};

  // Few functions have closures that are in doubt, so whole rounds are good enough.
  void find_holders(ir::Value closure) {
    holders[closure];
    for (bool changed = true; changed;) {
      changed = false;
      for (const Ssa::Phi& phi : ssa.phis())
        if (!phi.removed) changed |= pass_on(phi);
      for (uint32_t i = 0; i < function.block_count(); ++i)
        for (ir::Inst inst : function.block(ir::Block(i)).insts) changed |= use(inst);
    }
  }

  bool holds(ir::Value value) const { return holders.contains(ssa.resolve(value)); }

  bool pass_on(const Ssa::Phi& phi) {
    bool changed = false;
    for (size_t i = 0; i < phi.arguments.size(); ++i) {
      auto holder = holders.find(ssa.resolve(phi.arguments[i]));
      if (holder == holders.end()) continue;
      changed |= holder->second.passes_on.insert(ssa.edges(phi.block)[i].from).second;
      changed |= holders.try_emplace(phi.value).second;
    }
    return changed;
  }

  bool use(ir::Inst inst) {
    std::span<const ir::Value> operands = function.operands(inst);
    bool changed = false, held = false;
    for (size_t i = 0; i < operands.size(); ++i) {
      auto holder = holders.find(ssa.resolve(operands[i]));
      if (holder == holders.end()) continue;
      changed |= holder->second.uses.insert(inst).second;
      held |= i > 0 || function.inst(inst).opcode != ir::Opcode::kPyCall;
    }
    // What is made of it may hold it, but for the result of calling it.
    if (held)
      for (ir::Value result : function.results(inst)) changed |= holders.try_emplace(result).second;
    return changed;
  }

  bool used_after(Place start) const {
    return std::ranges::any_of(holders,
                               [&](const auto& holder) { return is_live(holder.first, holder.second, start); });
  }

  /// Whether a use is reached from `start` before the value is made anew.
  bool is_live(ir::Value value, const Holder& holder, Place start) const {
    ir::Inst maker = function.defining_inst(value);
    std::set<Place> seen;
    std::vector<Place> work{start};
    auto go = [&](Place place) {
      bool made = !maker && place.position == 0 && function.value(value).definer == place.block.index();
      if (!made && seen.insert(place).second) work.push_back(place);
    };
    while (!work.empty()) {
      Place at = work.back();
      work.pop_back();
      const std::vector<ir::Inst>& insts = function.block(at.block).insts;
      bool made = false;
      for (uint32_t i = at.position; i < insts.size() && !made; ++i) {
        if (holder.uses.contains(insts[i])) return true;
        made = insts[i] == maker;
        const ir::InstData& data = function.inst(insts[i]);
        if (data.opcode == ir::Opcode::kNest) go({function.region(function.nests[data.imm].body).blocks.front(), 0});
        if (data.opcode == ir::Opcode::kYield) next_iteration(at.block, go);
      }
      if (made) continue;
      if (holder.passes_on.contains(at.block)) return true;
      for (const ir::BlockCall& target : function.targets(insts.back())) go({target.block, 0});
    }
    return false;
  }

  template <class F>
  void next_iteration(ir::Block block, F&& go) const {
    const ir::RegionData& region = function.region(function.block(block).region);
    go({region.blocks.front(), 0});
    ir::Block outer = function.inst(region.owner).block;
    const std::vector<ir::Inst>& insts = function.block(outer).insts;
    auto position = std::ranges::find(insts, region.owner) - insts.begin();
    go({outer, static_cast<uint32_t>(position) + 1});
  }
};

}  // namespace

std::optional<Rebinding> find_rebinding(const ir::Function& function, const Ssa& ssa,
                                        const std::vector<Capture>& captures, const std::vector<CellStore>& stores) {
  for (const Capture& capture : captures) {
    std::optional<Search> search;
    for (const CellStore& store : stores) {
      if (std::ranges::find(capture.variables, store.variable) == capture.variables.end()) continue;
      if (!search) search.emplace(Search{function, ssa}).find_holders(function.result(capture.closure));
      if (search->used_after({store.block, store.position})) return Rebinding{&capture, &store};
    }
  }
  return std::nullopt;
}

}  // namespace metate::frontend
