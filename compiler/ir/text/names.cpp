#include "compiler/ir/text/names.h"

#include "compiler/support/quote.h"

namespace metate::ir {

Names::Names(const Function& function)
    : function_(function),
      values_(function.value_count(), kNone),
      first_(function.value_count(), false),
      blocks_(function.block_count(), kNone) {
  number(function.body());
  seen_.clear();
}

/// Ids that lead nowhere or to what was seen already are left alone: the verifier prints what broken passes make.
void Names::number(Region region) {
  if (!function_.contains(region)) return;
  for (Block block : function_.region(region).blocks) {
    if (!function_.contains(block) || blocks_[block.index()] != kNone) continue;
    blocks_[block.index()] = block_count_++;
    number(function_.block(block).params);
    for (Inst inst : function_.block(block).insts) {
      if (!function_.contains(inst)) continue;
      number(function_.results(inst));
      const InstData& data = function_.inst(inst);
      if (data.opcode == Opcode::kNest && data.imm < function_.nests.size()) number(function_.nests[data.imm].body);
    }
  }
}

void Names::number(std::span<const Value> values) {
  for (Value value : values) {
    if (!function_.contains(value)) continue;
    values_[value.index()] = value_count_++;
    Symbol name = function_.value(value).name;
    if (!name) continue;
    if (name.index() >= seen_.size()) seen_.resize(name.index() + 1, false);
    first_[value.index()] = !seen_[name.index()];
    seen_[name.index()] = true;
  }
}

std::string Names::value(Value id) const {
  if (!id) return "%!none";
  if (id.index() >= values_.size() || values_[id.index()] == kNone) return "%!" + std::to_string(id.index());
  std::string number = std::to_string(values_[id.index()]);
  Symbol name = function_.value(id).name;
  if (!name) return "%" + number;
  std::string text = "%" + support::bare_or_quoted(function_.universe().symbols.name(name), false);
  return first_[id.index()] ? text : text + "." + number;
}

std::string Names::block(Block id) const {
  if (!id) return "^!none";
  if (id.index() >= blocks_.size() || blocks_[id.index()] == kNone) return "^!" + std::to_string(id.index());
  return "^" + std::to_string(blocks_[id.index()]);
}

}  // namespace metate::ir
