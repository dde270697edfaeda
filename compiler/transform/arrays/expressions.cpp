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

/// Whether a use could work on the elements as they are made, if nothing were in the way.
bool goes_through_elements(const ir::Function& function, const ir::Use& use) {
  if (use.target != ir::Use::kOperand) return false;
  switch (function.inst(use.inst).opcode) {
    case Opcode::kView:
    case Opcode::kTranspose:
    case Opcode::kReshape:
    case Opcode::kBroadcast:
    case Opcode::kLoad:
      return true;
    default:
      return consumes_elements(function, use.inst);
  }
}

bool gives_array_of_reductions(const ir::Function& function, Inst inst) {
  return function.inst(inst).opcode == Opcode::kReduce &&
         function.universe().types.is_array(function.type(function.result(inst)));
}

}  // namespace

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
      if (is_array_expression(function, insts[i])) decide(insts[i], uses);
    for (Inst inst : insts)
      if (gives_array_of_reductions(function, inst)) obstacle_[inst] = obstacle_of_results(inst, uses);
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
  writes_.push_back({position, storage, inst});
}

/// Finds the instruction whose nest computes this one's elements, or what makes it need memory.
void Expressions::decide(Inst inst, const ir::Uses& uses) {
  Inst home;
  FusionObstacle obstacle;
  bool is_wanted = false;  // by something that could go through elements as they are made
  for (const ir::Use& use : uses.of(function_.result(inst))) {
    // Extents are known without the elements.
    if (function_.inst(use.inst).opcode == Opcode::kDim) continue;
    is_wanted |= goes_through_elements(function_, use);
    if (obstacle) continue;
    obstacle = obstacle_of_use(inst, use);
    if (obstacle) continue;
    Inst user_home = fused(use.inst) ? home_[use.inst] : use.inst;
    if (home && home != user_home) obstacle = {FusionObstacle::Kind::kTwoLoops, home, user_home};
    home = user_home;
  }
  if (!obstacle && home) obstacle = obstacle_on_the_way(inst, home);
  if (!obstacle) {
    home_[inst] = home ? home : inst;
  } else if (is_wanted) {
    obstacle_[inst] = obstacle;
  }
}

/// What one use of the result asks for but its elements, in the same block.
FusionObstacle Expressions::obstacle_of_use(Inst inst, const ir::Use& use) const {
  using Kind = FusionObstacle::Kind;
  if (use.target != ir::Use::kOperand) return {Kind::kCarried, use.inst, {}};
  if (!consumes_elements(function_, use.inst)) return {Kind::kWholeArray, use.inst, {}};
  if (function_.inst(use.inst).block != function_.inst(inst).block) return {Kind::kOtherBlock, use.inst, {}};
  size_t first = function_.operands(use.inst).size() - element_operands(function_, use.inst).size();
  bool is_element = function_.inst(use.inst).opcode == Opcode::kReduce ? use.index == 0 : use.index >= first;
  return is_element ? FusionObstacle() : FusionObstacle{Kind::kWritten, use.inst, {}};
}

/// What may raise or print does so in its place among others.
Inst Expressions::effect_between(Inst inst, Inst home) const {
  const std::vector<Inst>& insts = function_.block(function_.inst(inst).block).insts;
  auto end = insts.begin() + static_cast<ptrdiff_t>(position_[home]);
  auto found = std::find_if(insts.begin() + static_cast<ptrdiff_t>(position_[inst]) + 1, end, [&](Inst between) {
    return (info(function_.inst(between).opcode).effects & ~(ir::kReads | ir::kAllocates)) != 0;
  });
  return found == end ? Inst() : *found;
}

FusionObstacle Expressions::obstacle_on_the_way(Inst inst, Inst home) const {
  using Kind = FusionObstacle::Kind;
  if (info(function_.inst(inst).opcode).can_raise()) {
    // x[...] = f(y) leaves x as it is where f raises; f(y, out=x) need not.
    if (function_.inst(home).opcode == Opcode::kAssign) return {Kind::kRaisesBeforeWrite, home, {}};
    if (Inst effect = effect_between(inst, home)) return {Kind::kRaisesInTurn, home, effect};
  }
  if (FusionObstacle write = write_on_the_way(inst, home)) return write;
  if (!is_expensive(function_, inst)) return {};
  // Broadcast along a new axis, an expensive operation would be done again for each place on it.
  if (rank(function_, inst) < rank(function_, home)) return {Kind::kRepeats, home, {}};
  return passes(function_, home) > 1 ? FusionObstacle{Kind::kTwoPasses, home, {}} : FusionObstacle();
}

FusionObstacle Expressions::write_on_the_way(Inst inst, Inst home) const {
  using Kind = FusionObstacle::Kind;
  size_t from = position_[inst], to = position_[home];
  auto write = std::ranges::upper_bound(writes_, from, {}, &Write::position);
  for (size_t seen = 0; write != writes_.end() && write->position < to; ++write, ++seen) {
    if (seen == kWritesToLookAt || !write->storage) return {Kind::kOverwritten, home, write->inst};
    for (Value operand : function_.operands(inst)) {
      if (!function_.universe().types.is_array(function_.type(operand))) continue;
      if (may_share(function_, storage_of(function_, operand), write->storage))
        return {Kind::kOverwritten, home, write->inst};
    }
  }
  return {};
}

/// A reduction begins with memory for its results and has them when it is done: no other loop computes them on the way.
FusionObstacle Expressions::obstacle_of_results(Inst reduction, const ir::Uses& uses) const {
  for (const ir::Use& use : uses.of(function_.result(reduction)))
    if (goes_through_elements(function_, use)) return {FusionObstacle::Kind::kReduction, use.inst, {}};
  return {};
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
