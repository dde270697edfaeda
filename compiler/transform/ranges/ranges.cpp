#include "compiler/transform/ranges/ranges.h"

#include <limits>

#include "compiler/ir/analysis/walk.h"

namespace metate::transform {

using ir::Block;
using ir::BlockCall;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;
using types::ConstantKind;
using types::DType;

namespace {

bool is_int64(const ir::Function& function, Value value) {
  const types::Type& type = function.type_data(value);
  return type.kind == types::TypeKind::kScalar && type.dtype == DType::kI64;
}

}  // namespace

Ranges::Ranges(const ir::Function& function)
    : function_(function), flow_(function), dominators_(function, flow_), loops_(function, flow_, dominators_) {
  collect_facts();
}

// ---- Facts ---------------------------------------------------------------------------------------------------------

// In an order in which the facts of dominating blocks come first, since facts are made simpler by those before.
void Ranges::collect_facts() {
  ir::walk_insts(function_, [&](Inst inst) {
    if (function_.inst(inst).opcode == Opcode::kDim) form(function_.result(inst));
  });
  ir::walk_regions(function_, [&](ir::Region region) {
    if (Inst nest = function_.region(region).owner) add_nest_facts(nest);
    for (Block block : flow_.reverse_postorder(region)) add_branch_facts(block);
  });
}

void Ranges::add_nest_facts(Inst inst) {
  const ir::NestData& nest = function_.nests[function_.inst(inst).imm];
  Block entry = function_.region(nest.body).blocks.front();
  for (uint8_t axis = 0; axis < nest.rank; ++axis) {
    Linear counter = Linear::of(function_.block(entry).params[axis]);
    add_fact(counter, entry);
    add_fact(form(function_.operands(inst)[axis]) - counter - 1, entry);
  }
}

void Ranges::add_branch_facts(Block block) {
  if (flow_.predecessors(block).size() != 1) return;
  Inst last = function_.terminator(flow_.predecessors(block)[0]);
  if (!last || function_.inst(last).opcode != Opcode::kBranch) return;
  std::span<const BlockCall> targets = function_.targets(last);
  bool holds = targets[0].block == block;
  if (holds == (targets[1].block == block)) return;  // the handler, or both
  add_condition(function_.operands(last)[0], holds, block);
}

void Ranges::add_condition(Value condition, bool holds, Block block) {
  Inst inst = function_.defining_inst(condition);
  if (!inst || function_.inst(inst).opcode != Opcode::kOp) return;
  auto op = static_cast<ScalarOp>(function_.inst(inst).imm);
  if (op == ScalarOp::kLogicalNot) return add_condition(function_.operands(inst)[0], !holds, block);
  std::span<const Value> operands = function_.operands(inst);
  if (op == ScalarOp::kBitwiseAnd && holds) {
    for (Value operand : operands) add_condition(operand, true, block);
    return;
  }
  if (operands.size() != 2 || !is_int64(function_, operands[0]) || !is_int64(function_, operands[1])) return;
  Linear difference = form(operands[1]) - form(operands[0]);
  if (op == ScalarOp::kLess) return add_fact(holds ? difference - 1 : -difference, block);
  if (op == ScalarOp::kLessEqual) return add_fact(holds ? difference : -difference - 1, block);
  if (op == ScalarOp::kGreater) return add_fact(holds ? -difference - 1 : difference, block);
  if (op == ScalarOp::kGreaterEqual) return add_fact(holds ? -difference : difference - 1, block);
  if ((op == ScalarOp::kEqual && holds) || (op == ScalarOp::kNotEqual && !holds)) {
    add_fact(difference, block);
    add_fact(-difference, block);
  }
}

void Ranges::add_fact(Linear form, Block block) {
  if (form.is_constant() || !form.bounded()) return;
  auto add = [&](const Linear& fact) {
    for (const Linear::Term& term : fact.terms()) facts_of_[term.first].push_back(static_cast<uint32_t>(facts_.size()));
    facts_.push_back({block, fact});
  };
  add(form);
  Linear simpler = without_impossible_sides(form, block);
  if (simpler != form && !simpler.is_constant() && simpler.bounded()) add(simpler);
}

/// 0 <= max(x, 0) - 1 - i says that max(x, 0) is x where i is not negative: the counters of `range` are such.
Linear Ranges::without_impossible_sides(Linear form, Block block) {
  for (const Linear::Term& term : std::vector<Linear::Term>(form.terms())) {
    Inst inst = function_.defining_inst(term.first);
    if (term.second <= 0 || !inst || function_.inst(inst).opcode != Opcode::kOp) continue;
    if (static_cast<ScalarOp>(function_.inst(inst).imm) != ScalarOp::kMaximum) continue;
    Linear sides[] = {this->form(function_.operands(inst)[0]), this->form(function_.operands(inst)[1])};
    for (int side = 0; side < 2; ++side) {
      if (!is_never_negative(-form.with(term.first, sides[side]) - 1, block)) continue;
      form = form.with(term.first, sides[1 - side]);
      break;
    }
  }
  return form;
}

bool Ranges::holds(Block fact, Block block) const {
  // A block in a nest runs where the nest stands.
  while (function_.block(block).region != function_.block(fact).region) {
    Inst owner = function_.region(function_.block(block).region).owner;
    if (!owner) return false;
    block = function_.inst(owner).block;
  }
  return dominators_.dominates(fact, block);
}

// ---- Forms ---------------------------------------------------------------------------------------------------------

Block Ranges::block_of(Value value) const {
  const ir::ValueData& data = function_.value(value);
  return data.is_param ? Block(data.definer) : function_.inst(Inst(data.definer)).block;
}

const Linear& Ranges::form(Value value) {
  auto [at, fresh] = forms_.try_emplace(value, Linear::of(value));  // what it is while it is looked for
  if (fresh) {
    Linear made = make_form(value);
    Linear& stored = forms_.find(value)->second;
    if (made.bounded()) stored = std::move(made);
    return stored;
  }
  return at->second;
}

Linear Ranges::make_form(Value value) {
  if (Inst inst = function_.defining_inst(value)) return form_of_inst(inst);
  // A parameter that is handed over in one place only is what is handed over.
  Block block = block_of(value);
  if (flow_.predecessors(block).size() != 1) return Linear::of(value);
  Inst last = function_.terminator(flow_.predecessors(block)[0]);
  for (const BlockCall& call : function_.targets(last))
    if (call.block == block) return form(function_.arguments(call)[function_.value(value).index]);
  return Linear::of(value);
}

Linear Ranges::form_of_inst(Inst inst) {
  Value result = function_.results(inst)[0];
  switch (function_.inst(inst).opcode) {
    case Opcode::kConst: {
      const types::Constant& constant = function_.universe().constants[types::ConstantId(function_.inst(inst).imm)];
      bool is_integer = constant.kind == ConstantKind::kInt || constant.kind == ConstantKind::kScalar;
      return is_integer && is_int64(function_, result) ? Linear(constant.integer) : Linear::of(result);
    }
    case Opcode::kCast:
      return is_int64(function_, result) && is_int64(function_, function_.operands(inst)[0])
                 ? form(function_.operands(inst)[0])
                 : Linear::of(result);
    case Opcode::kOp:
      return is_int64(function_, result) ? form_of_op(inst) : Linear::of(result);
    case Opcode::kDim:
      return form_of_dim(inst);
    default:
      return Linear::of(result);
  }
}

Linear Ranges::form_of_op(Inst inst) {
  Value result = function_.result(inst);
  std::span<const Value> operands = function_.operands(inst);
  for (Value operand : operands)
    if (!is_int64(function_, operand)) return Linear::of(result);
  Linear sum;
  auto op = static_cast<ScalarOp>(function_.inst(inst).imm);
  if (op == ScalarOp::kAdd) {
    sum = form(operands[0]) + form(operands[1]);
  } else if (op == ScalarOp::kSubtract) {
    sum = form(operands[0]) - form(operands[1]);
  } else if (op == ScalarOp::kNegative) {
    sum = -form(operands[0]);
  } else if (op == ScalarOp::kMultiply) {
    Linear x = form(operands[0]), y = form(operands[1]);
    if (x.is_constant()) std::swap(x, y);
    constexpr Linear::Number kLargest = 1 << 15;
    if (!y.is_constant() || y.constant() > kLargest || y.constant() < -kLargest) return Linear::of(result);
    sum = x * static_cast<int64_t>(y.constant());
  } else {
    return Linear::of(result);
  }
  return sum.bounded() && fits(sum, function_.inst(inst).block) ? sum : Linear::of(result);
}

/// The extent that storage was made with, else the first value that stands for this extent.
Linear Ranges::form_of_dim(Inst inst) {
  Value array = function_.operands(inst)[0];
  uint32_t axis = function_.inst(inst).imm;
  dims_.try_emplace(uint64_t{array.index()} << 8 | axis, function_.result(inst));
  return *extent(array, axis);
}

std::optional<Linear> Ranges::extent(Value array, uint32_t axis) {
  Inst maker = function_.defining_inst(array);
  if (maker && (function_.inst(maker).opcode == Opcode::kAlloc || function_.inst(maker).opcode == Opcode::kLocal))
    return form(function_.operands(maker)[axis]);
  auto known = dims_.find(uint64_t{array.index()} << 8 | axis);
  return known == dims_.end() ? std::nullopt : std::optional(Linear::of(known->second));
}

bool Ranges::fits(const Linear& form, Block block) {
  constexpr Linear::Number kLeast = std::numeric_limits<int64_t>::min(),
                           kGreatest = std::numeric_limits<int64_t>::max();
  // The ends that the types alone keep; asking more would ask for counters that are just being looked for.
  Linear::Number low = form.constant(), high = form.constant();
  for (const Linear::Term& term : form.terms()) {
    low += term.second * (term.second > 0 ? kLeast : kGreatest);
    high += term.second * (term.second > 0 ? kGreatest : kLeast);
  }
  return (high <= kGreatest || is_never_negative(Linear(kGreatest) - form, block)) &&
         (low >= kLeast || is_never_negative(form - Linear(kLeast), block));
}

// ---- Counters ------------------------------------------------------------------------------------------------------

const std::optional<Ranges::Counter>& Ranges::counter(Value value) {
  auto [at, fresh] = counters_.try_emplace(value);  // none, while it is looked for
  if (!fresh) return at->second;
  std::optional<Counter> found = find_counter(value);
  return counters_.find(value)->second = std::move(found);
}

/// A parameter of a loop's header that each way around changes in the same direction, without wrapping.
std::optional<Ranges::Counter> Ranges::find_counter(Value value) {
  if (!function_.value(value).is_param) return {};
  Block header = block_of(value);
  ir::Loop loop = loops_.innermost(header);
  if (!loop || loops_[loop].header != header) return {};
  std::optional<Linear> initial;
  int direction = 0;
  for (Block from : flow_.predecessors(header)) {
    for (const BlockCall& call : function_.targets(function_.terminator(from))) {
      if (call.block != header) continue;
      const Linear& next = form(function_.arguments(call)[function_.value(value).index]);
      if (!loops_.contains(loop, from)) {
        if (initial && *initial != next) return {};
        initial = next;
        continue;
      }
      Linear step = next - Linear::of(value);
      if (!step.is_constant() || step.constant() == 0) return {};
      int sign = step.constant() > 0 ? 1 : -1;
      if (direction == -sign) return {};
      direction = sign;
    }
  }
  if (!initial || direction == 0) return {};
  return Counter{std::move(*initial), direction > 0};
}

}  // namespace metate::transform
