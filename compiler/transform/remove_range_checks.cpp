#include "compiler/transform/remove_range_checks.h"

#include <algorithm>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/edit/rewrite.h"
#include "compiler/transform/ranges/ranges.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::Opcode;
using ir::Value;

class Remover {
 public:
  explicit Remover(ir::Function& function) : function_(function), ranges_(function) {}

  void run() {
    std::vector<Inst> indices;
    ir::walk_insts(function_, [&](Inst inst) {
      if (function_.inst(inst).opcode == Opcode::kIndex) indices.push_back(inst);
    });
    for (Inst inst : indices) look_at(inst);
    if (removed_.empty()) return;
    std::ranges::sort(removed_);
    ir::replace_uses(function_, replaced_);
    ir::erase_if(function_, [&](Inst inst) { return std::ranges::binary_search(removed_, inst); });
  }

 private:
  void look_at(Inst inst) {
    ir::IndexCheck what = ir::IndexCheck::decode(function_.inst(inst).imm);
    Value operand = function_.operands(inst)[0];
    const Linear index = ranges_.form(operand), extent = ranges_.form(function_.operands(inst)[1]);
    ir::Block block = function_.inst(inst).block;
    if (what.wrap && ranges_.is_never_negative(index, block)) what.wrap = false;
    if (!what.wrap && what.check && ranges_.is_never_negative(index, block) &&
        ranges_.is_never_negative(extent - index - 1, block)) {
      what.check = false;
    }
    if (!what.wrap && !what.check) return remove(inst, operand);
    for (const Checked& before : checked_) {
      if (before.index == index && before.extent == extent && ranges_.dominators().dominates(before.inst, inst))
        return remove(inst, function_.result(before.inst));
    }
    function_.inst(inst).imm = what.encode();
    if (checked_.size() < kMostRemembered) checked_.push_back({inst, index, extent});
  }

  void remove(Inst inst, Value stands_for) {
    replaced_.set(function_.result(inst), stands_for);
    removed_.push_back(inst);
  }

  struct Checked {
    Inst inst;
    Linear index, extent;
  };
  static constexpr size_t kMostRemembered = 64;  // keeps the search from becoming quadratic

  ir::Function& function_;
  Ranges ranges_;
  ir::ValueMap replaced_;
  std::vector<Inst> removed_;
  std::vector<Checked> checked_;
};

}  // namespace

void remove_range_checks(ir::Function& function, PassContext&) { Remover(function).run(); }

}  // namespace metate::transform
