#include "compiler/transform/arrays/expressions.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ops/reduction.h"
#include "compiler/transform/arrays/storage.h"

namespace metate::transform {

using ir::Inst;
using ir::Opcode;
using ir::Value;

namespace {

/// Looking further for a write in between is not worth the time.
constexpr size_t kWritesToLookAt = 32;

bool consumes_elements(const ir::Function& function, Inst inst) {
  switch (function.inst(inst).opcode) {
    case Opcode::kAssign:
    case Opcode::kOpOut:
    case Opcode::kReduce:
      return true;
    default:
      return is_array_expression(function, inst);
  }
}

/// How many dimensions the nest of such an instruction has.
int rank(const ir::Function& function, Inst inst) {
  bool by_result = is_array_expression(function, inst);
  return function.type_data(by_result ? function.result(inst) : function.operands(inst)[0]).ndim;
}

int passes(const ir::Function& function, Inst inst) {
  if (function.inst(inst).opcode != Opcode::kReduce) return 1;
  auto reduction = static_cast<ops::ReductionId>(function.reductions[function.inst(inst).imm].function);
  return ops::info(reduction).kind == ops::ReductionKind::kPosition ? 2 : 1;
}

bool is_expensive(const ir::Function& function, Inst inst) {
  if (function.inst(inst).opcode == Opcode::kMap) return true;
  if (function.inst(inst).opcode != Opcode::kOp) return false;
  return ops::info(static_cast<ops::ScalarOp>(function.inst(inst).imm)).ulp64 > 0;
}

}  // namespace

bool is_array_expression(const ir::Function& function, Inst inst) {
  Opcode opcode = function.inst(inst).opcode;
  if (opcode == Opcode::kMap) return true;
  if (opcode != Opcode::kOp && opcode != Opcode::kCast) return false;
  return function.universe().types.is_array(function.type(function.result(inst)));
}

std::span<const Value> element_operands(const ir::Function& function, Inst inst) {
  std::span<const Value> operands = function.operands(inst);
  switch (function.inst(inst).opcode) {
    case Opcode::kAssign:
    case Opcode::kOpOut:
      return operands.subspan(1);
    case Opcode::kReduce:
      return operands.first(1);
    default:
      return operands;
  }
}

Expressions::Expressions(const ir::Function& function) : function_(function) {
  ir::Uses uses(function);
  ir::walk_blocks(function, [&](ir::Block block) {
    visit(block);
    const std::vector<Inst>& insts = function.block(block).insts;
    // From the end, so that the home of a consumer is known before those of its operands.
    for (size_t i = insts.size(); i-- > 0;)
      if (is_array_expression(function, insts[i])) home_[insts[i]] = find_home(insts[i], uses);
  });
}

bool Expressions::fused(Value value) const {
  Inst inst = function_.defining_inst(value);
  return inst && fused(inst);
}

void Expressions::visit(ir::Block block) {
  writes_.clear();
  const std::vector<Inst>& insts = function_.block(block).insts;
  for (size_t i = 0; i < insts.size(); ++i) {
    position_[insts[i]] = i;
    collect_writes(insts[i], i);
  }
}

void Expressions::collect_writes(Inst inst, size_t position) {
  Opcode opcode = function_.inst(inst).opcode;
  if (ir::Region body = ir::nest_body(function_, inst)) {
    ir::walk_insts(function_, body, [&](Inst inner) {
      if (!ir::nest_body(function_, inner)) collect_writes(inner, position);
    });
    return;
  }
  if (!(info(opcode).effects & ir::kWrites)) return;
  Value storage;
  if (opcode == Opcode::kAssign || opcode == Opcode::kOpOut) storage = function_.operands(inst)[0];
  if (opcode == Opcode::kStore) storage = function_.operands(inst)[1];
  if (storage) storage = storage_of(function_, storage);
  // A loop over elements writes the same array again and again.
  if (!writes_.empty() && writes_.back().position == position && writes_.back().storage == storage) return;
  writes_.push_back({position, storage});
}

/// The instruction whose nest computes this one's elements, or none if it needs memory.
Inst Expressions::find_home(Inst inst, const ir::Uses& uses) const {
  Inst home;
  for (const ir::Use& use : uses.of(function_.result(inst))) {
    // Extents are known without the elements.
    if (function_.inst(use.inst).opcode == Opcode::kDim) continue;
    if (use.target != ir::Use::kOperand || !consumes_elements(function_, use.inst)) return {};
    if (function_.inst(use.inst).block != function_.inst(inst).block) return {};
    size_t first = function_.operands(use.inst).size() - element_operands(function_, use.inst).size();
    bool is_element = function_.inst(use.inst).opcode == Opcode::kReduce ? use.index == 0 : use.index >= first;
    if (!is_element) return {};
    Inst user_home = fused(use.inst) ? home_[use.inst] : use.inst;
    if (home && home != user_home) return {};
    home = user_home;
  }
  if (!home) return inst;
  return can_wait(inst, home) && !would_repeat(inst, home) ? home : Inst();
}

/// What may raise or print does so in its place among others.
bool Expressions::has_effect_between(Inst inst, Inst home) const {
  const std::vector<Inst>& insts = function_.block(function_.inst(inst).block).insts;
  return std::any_of(insts.begin() + static_cast<ptrdiff_t>(position_[inst]) + 1,
                     insts.begin() + static_cast<ptrdiff_t>(position_[home]), [&](Inst between) {
                       return (info(function_.inst(between).opcode).effects & ~(ir::kReads | ir::kAllocates)) != 0;
                     });
}

bool Expressions::can_wait(Inst inst, Inst home) const {
  size_t from = position_[inst], to = position_[home];
  if (info(function_.inst(inst).opcode).can_raise()) {
    // x[...] = f(y) leaves x as it is where f raises; f(y, out=x) need not.
    if (function_.inst(home).opcode == Opcode::kAssign || has_effect_between(inst, home)) return false;
  }
  auto write = std::ranges::upper_bound(writes_, from, {}, &Write::position);
  for (size_t seen = 0; write != writes_.end() && write->position < to; ++write, ++seen) {
    if (seen == kWritesToLookAt || !write->storage) return false;
    for (Value operand : function_.operands(inst)) {
      if (!function_.universe().types.is_array(function_.type(operand))) continue;
      if (may_share(function_, storage_of(function_, operand), write->storage)) return false;
    }
  }
  return true;
}

/// Broadcast along a new axis, an expensive operation would be done again for each place on it. Positions take two
/// passes.
bool Expressions::would_repeat(Inst inst, Inst home) const {
  return is_expensive(function_, inst) &&
         (rank(function_, inst) < rank(function_, home) || passes(function_, home) > 1);
}

std::vector<Value> Expressions::leaves(std::span<const Value> values) const {
  std::vector<Value> found, work(values.rbegin(), values.rend());
  std::unordered_set<Value> seen;
  while (!work.empty()) {
    Value value = work.back();
    work.pop_back();
    if (!function_.universe().types.is_array(function_.type(value)) || !seen.insert(value).second) continue;
    if (!fused(value)) {
      found.push_back(value);
      continue;
    }
    std::span<const Value> operands = function_.operands(function_.defining_inst(value));
    work.insert(work.end(), operands.rbegin(), operands.rend());
  }
  return found;
}

}  // namespace metate::transform
