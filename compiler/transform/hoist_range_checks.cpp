#include "compiler/transform/hoist_range_checks.h"

#include <algorithm>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/edit/rewrite.h"
#include "compiler/transform/ranges/conditions.h"
#include "compiler/transform/ranges/loop_versions.h"
#include "compiler/transform/ranges/ranges.h"

namespace metate::transform {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Value;

/// An outermost loop or nest and what can be done about its checks.
struct Unit {
  const ir::LoopData* loop = nullptr;  // or
  Inst nest;
  std::vector<Inst> checks;
  std::vector<Inst> removable;
  Conditions conditions;
};

class Hoister {
 public:
  explicit Hoister(ir::Function& function) : function_(function), ranges_(function) {}

  void run() {
    find_units();
    for (Unit& unit : units_) plan(unit);
    // All is planned before anything changes; then each unit changes only what is its own.
    for (Unit& unit : units_)
      if (worthwhile(unit)) version(unit);
    std::ranges::sort(removed_);
    ir::replace_uses(function_, replaced_);
    ir::erase_if(function_, [&](Inst inst) { return std::ranges::binary_search(removed_, inst); });
  }

 private:
  /// Loops from the first to the last, since a copied loop may use what those before have made; then nests, which move
  /// instructions to other blocks.
  void find_units() {
    const ir::Loops& loops = ranges_.loops();
    for (size_t i = loops.all().size(); i-- > 0;) {
      const ir::LoopData& loop = loops.all()[i];
      if (loop.parent || function_.block(loop.header).region != function_.body()) continue;
      Unit& unit = units_.emplace_back();
      unit.loop = &loop;
      for (Block block : loop.blocks)
        for (Inst inst : function_.block(block).insts) collect(inst, unit.checks);
    }
    for (Block block : function_.region(function_.body()).blocks) {
      if (loops.innermost(block)) continue;
      for (Inst inst : function_.block(block).insts) {
        if (function_.inst(inst).opcode != Opcode::kNest) continue;
        Unit& unit = units_.emplace_back();
        unit.nest = inst;
        collect(inst, unit.checks);
      }
    }
  }

  void collect(Inst inst, std::vector<Inst>& checks) {
    if (function_.inst(inst).opcode == Opcode::kIndex) checks.push_back(inst);
    if (ir::Region body = ir::nest_body(function_, inst)) {
      ir::walk_insts(function_, body, [&](Inst inner) {
        if (function_.inst(inner).opcode == Opcode::kIndex) checks.push_back(inner);
      });
    }
  }

  void plan(Unit& unit) {
    if (unit.checks.empty() || unit.checks.size() > kMostChecks) return;
    if (unit.loop && !can_version_loop(function_, ranges_.flow(), ranges_.dominators(), ranges_.loops(), *unit.loop))
      return;
    auto outside = [&](Value value) { return is_outside(unit, value); };
    Block start = unit.loop ? unit.loop->header : function_.inst(unit.nest).block;
    auto never_negative = [&](Value value) { return ranges_.is_never_negative(Linear::of(value), start); };
    for (Inst check : unit.checks) {
      ir::IndexCheck what = ir::IndexCheck::decode(function_.inst(check).imm);
      const Linear index = ranges_.form(function_.operands(check)[0]);
      const Linear extent = ranges_.form(function_.operands(check)[1]);
      std::vector<Linear> wanted;
      if (what.wrap || !ranges_.is_never_negative(index, function_.inst(check).block)) wanted.push_back(index);
      if (what.check) wanted.push_back(extent - index - 1);
      Conditions extended = unit.conditions;
      bool found = std::ranges::all_of(wanted, [&](const Linear& form) {
        std::optional<Linear> condition = ranges_.condition_for(form, function_.inst(check).block, outside);
        return condition && (condition->is_constant() || extended.add(*condition, never_negative));
      });
      if (!found || extended.size() > kMostConditions) continue;
      unit.conditions = std::move(extended);
      unit.removable.push_back(check);
    }
  }

  /// Defined before the loop or nest; extents are where their array is.
  bool is_outside(const Unit& unit, Value value) const {
    Inst inst = function_.defining_inst(value);
    if (inst && function_.inst(inst).opcode == Opcode::kDim) value = function_.operands(inst)[0];
    const ir::ValueData& data = function_.value(value);
    Block block = data.is_param ? Block(data.definer) : function_.inst(Inst(data.definer)).block;
    if (function_.block(block).region != function_.body()) return false;
    return !unit.loop || std::ranges::find(unit.loop->blocks, block) == unit.loop->blocks.end();
  }

  /// Two copies of a loop cost twice the time to compile: not for the sake of a minority of its checks.
  static bool worthwhile(const Unit& unit) {
    return !unit.removable.empty() && !unit.conditions.empty() && unit.removable.size() * 2 >= unit.checks.size();
  }

  void version(const Unit& unit) {
    auto emit = [&](ir::Builder& builder) { return unit.conditions.emit(builder); };
    if (unit.loop) {
      version_loop(function_, ranges_.flow(), ranges_.dominators(), ranges_.loops(), *unit.loop, emit);
    } else {
      version_nest(function_, unit.nest, emit);
    }
    for (Inst check : unit.removable) {
      replaced_.set(function_.result(check), function_.operands(check)[0]);
      removed_.push_back(check);
    }
  }

  static constexpr size_t kMostChecks = 200;
  static constexpr size_t kMostConditions = 16;

  ir::Function& function_;
  Ranges ranges_;
  std::vector<Unit> units_;
  ir::ValueMap replaced_;
  std::vector<Inst> removed_;
};

}  // namespace

void hoist_range_checks(ir::Function& function, PassContext&) {
  if (!function.options.kernel) Hoister(function).run();
}

}  // namespace metate::transform
