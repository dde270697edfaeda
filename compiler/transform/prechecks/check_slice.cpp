#include "compiler/transform/prechecks/check_slice.h"

#include <algorithm>
#include <array>

#include "compiler/transform/prechecks/same_value.h"
#include "compiler/transform/prechecks/sufficient.h"

namespace metate::transform {

using ir::Block;
using ir::BlockCall;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

namespace {

constexpr size_t kMostInsts = 300;

bool is_whole(types::DType dtype) { return !is_float(dtype) && !is_complex(dtype) && dtype != types::DType::kBool; }

/// Whole numbers have operations that are only defined after a check, like division; these are defined for all.
bool is_total(ScalarOp op) {
  constexpr std::array kTotal{
      ScalarOp::kAdd,           ScalarOp::kSubtract,      ScalarOp::kMultiply,     ScalarOp::kNegative,
      ScalarOp::kAbsolute,      ScalarOp::kEqual,         ScalarOp::kNotEqual,     ScalarOp::kLess,
      ScalarOp::kLessEqual,     ScalarOp::kGreater,       ScalarOp::kGreaterEqual, ScalarOp::kMinimum,
      ScalarOp::kMaximum,       ScalarOp::kFirstMinimum,  ScalarOp::kFirstMaximum, ScalarOp::kBitwiseAnd,
      ScalarOp::kBitwiseOr,     ScalarOp::kBitwiseXor,    ScalarOp::kSelect,       ScalarOp::kTruth,
      ScalarOp::kIsNotNegative, ScalarOp::kIsNotPositive, ScalarOp::kIsAboveZero};
  return std::ranges::find(kTotal, op) != kTotal.end();
}

}  // namespace

CheckSlice::CheckSlice(const ir::Function& function, const ir::ControlFlow& flow, const Iterations& iterations)
    : function_(function), flow_(flow), iterations_(iterations) {
  size_t insts = 0;
  for (Block block : iterations.blocks) {
    inside_[block] = 1;
    insts += function.block(block).insts.size();
    possible_ = possible_ && !function.block(block).handler;
  }
  possible_ = possible_ && insts <= kMostInsts;
  for (Block block : iterations.blocks) {
    for (Inst inst : function.block(block).insts)
      if (possible_) look_at(inst);
    for (Block next : flow.successors(block))  // in this order only loops lead back
      if (inside_[next] && flow.position(next) <= flow.position(block) && next != iterations.header) possible_ = false;
  }
  while (possible_ && !pending_.empty()) {
    Value value = pending_.back();
    pending_.pop_back();
    if (Inst inst = function.defining_inst(value)) {
      need_result(inst);
    } else {
      need_arguments(value);
    }
  }
  for (Inst load : loads_)
    for (Inst store : stores_)
      if (possible_) compare(load, store);
}

/// What an iteration may consist of, and where its slice begins: all decisions, since they decide what is checked.
void CheckSlice::look_at(Inst inst) {
  const ir::InstData& data = function_.inst(inst);
  switch (data.opcode) {
    case Opcode::kCheck: {
      Value condition = function_.operands(inst)[0];
      ++checks_;
      if (looks_at_complex(condition)) possible_ = false;  // there are no vectors of them
      std::optional<Bound> bound = bound_for(function_, condition);
      return need(bound ? bound->operand : condition);
    }
    case Opcode::kRaise:
      ++checks_;
      return;
    case Opcode::kBranch:
      return need(function_.operands(inst)[0]);
    case Opcode::kStore:
      return stores_.push_back(inst);
    case Opcode::kIndex:
      possible_ = possible_ && !ir::IndexCheck::decode(data.imm).check;
      return;
    case Opcode::kLoad:
    case Opcode::kJump:
    case Opcode::kYield:
      return;
    default:
      possible_ = possible_ && ir::info(data.opcode).effects == ir::kPure && data.opcode != Opcode::kLocal;
  }
}

bool CheckSlice::looks_at_complex(Value condition) const {
  Inst inst = function_.defining_inst(condition);
  return inst && std::ranges::any_of(function_.operands(inst),
                                     [&](Value operand) { return is_complex(function_.type_data(operand).dtype); });
}

void CheckSlice::need(Value value) {
  if (!inside(value) || needed_[value]) return;
  needed_[value] = 1;
  pending_.push_back(value);
}

void CheckSlice::need_arguments(Value parameter) {
  if (std::ranges::find(iterations_.accumulators, parameter) != iterations_.accumulators.end()) {
    possible_ = false;
    return;
  }
  Block block(function_.value(parameter).definer);
  if (block == iterations_.header || block == iterations_.blocks.front()) return;  // a counter
  for (Block from : flow_.predecessors(block))
    for (const BlockCall& call : function_.targets(function_.terminator(from)))
      if (call.block == block) need(function_.arguments(call)[function_.value(parameter).index]);
}

void CheckSlice::need_result(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  auto dtype = [&](Value value) { return function_.type_data(value).dtype; };
  auto is_scalar = [&](Value value) { return function_.type_data(value).kind == types::TypeKind::kScalar; };
  switch (function_.inst(inst).opcode) {
    case Opcode::kOp: {
      bool whole = is_whole(dtype(function_.result(inst))) ||
                   std::ranges::any_of(operands, [&](Value operand) { return is_whole(dtype(operand)); });
      if (whole && !is_total(static_cast<ScalarOp>(function_.inst(inst).imm))) possible_ = false;
      break;
    }
    case Opcode::kCast:
      if (is_scalar(operands[0]) && !is_whole(dtype(operands[0])) && is_whole(dtype(function_.result(inst))) &&
          dtype(operands[0]) != types::DType::kBool)
        possible_ = false;
      break;
    case Opcode::kLoad:
      loads_.push_back(inst);
      // An index that comes from memory may be good only where the check before it held.
      for (Value index : operands.subspan(1)) possible_ = possible_ && is_simple(index);
      break;
    default:
      break;
  }
  for (Value operand : operands) need(operand);
}

/// The load's array must not be changed by the store, unless an iteration changes only what no later one reads.
void CheckSlice::compare(Inst load, Inst store) {
  Value read = function_.operands(load)[0], written = function_.operands(store)[1];
  if (read == written) {
    possible_ = writes_what_it_read(load, store);
    return;
  }
  auto is_local = [&](Value array) {
    Inst maker = function_.defining_inst(array);
    return maker && function_.inst(maker).opcode == Opcode::kLocal;
  };
  if (is_local(read) || is_local(written)) return;  // nothing else names it
  if (inside(read) || inside(written)) {
    possible_ = false;
    return;
  }
  Pair pair{read, written};
  if (std::ranges::find(apart_, pair) == apart_.end()) apart_.push_back(pair);
}

/// x[i] = f(x[i]): each iteration has an element of its own, which it reads first.
bool CheckSlice::writes_what_it_read(Inst load, Inst store) const {
  Value array = function_.operands(load)[0];
  if (function_.type_data(array).layout == types::Layout::kAny) return false;  // elements may share memory
  std::span<const Value> read = function_.operands(load).subspan(1), written = function_.operands(store).subspan(2);
  bool own = false;
  for (size_t axis = 0; axis < read.size(); ++axis) {
    if (!is_same(function_, read[axis], written[axis])) return false;
    own = own || rises(read[axis]);
  }
  Block first = function_.inst(load).block, second = function_.inst(store).block;
  if (first != second) return own && flow_.position(first) < flow_.position(second);
  const std::vector<Inst>& insts = function_.block(first).insts;
  return own && std::ranges::find(insts, load) < std::ranges::find(insts, store);
}

/// The counter, or the counter and something constant.
bool CheckSlice::rises(Value index) const {
  index = origin(index);
  if (index == iterations_.counter) return true;
  Inst inst = function_.defining_inst(index);
  if (!inst || !inside(index)) return false;
  if (function_.type_data(index).dtype != types::DType::kI64) return false;  // a narrower one comes around
  if (function_.inst(inst).opcode == Opcode::kCast) return rises(function_.operands(inst)[0]);
  if (function_.inst(inst).opcode != Opcode::kOp) return false;
  auto op = static_cast<ScalarOp>(function_.inst(inst).imm);
  if (op != ScalarOp::kAdd && op != ScalarOp::kSubtract) return false;
  std::span<const Value> operands = function_.operands(inst);
  auto is_fixed = [&](Value value) { return !inside(value) || function_.constant(value); };
  return (rises(operands[0]) && is_fixed(operands[1])) || (is_fixed(operands[0]) && rises(operands[1]));
}

bool CheckSlice::is_simple(Value index, int depth) const {
  Inst inst = function_.defining_inst(index);
  if (!inside(index)) return true;
  if (!inst) return is_simple_parameter(index, depth);
  if (function_.inst(inst).opcode == Opcode::kLoad || depth == 0) return false;
  return std::ranges::all_of(function_.operands(inst), [&](Value operand) { return is_simple(operand, depth - 1); });
}

bool CheckSlice::is_simple_parameter(Value parameter, int depth) const {
  const ir::ValueData& data = function_.value(parameter);
  Block block(data.definer);
  if (block == iterations_.blocks.front()) return true;  // a counter, or an accumulator, which is refused elsewhere
  return depth > 0 && std::ranges::all_of(flow_.predecessors(block), [&](Block from) {
           return std::ranges::all_of(function_.targets(function_.terminator(from)), [&](const BlockCall& call) {
             return call.block != block || is_simple(function_.arguments(call)[data.index], depth - 1);
           });
         });
}

/// What a parameter stands for that is handed over in one place.
Value CheckSlice::origin(Value value) const {
  while (inside(value) && function_.value(value).is_param) {
    Block block(function_.value(value).definer);
    if (block == iterations_.blocks.front() || flow_.predecessors(block).size() != 1) return value;
    std::span<const BlockCall> calls = function_.targets(function_.terminator(flow_.predecessors(block)[0]));
    auto call = std::ranges::find(calls, block, &BlockCall::block);
    value = function_.arguments(*call)[function_.value(value).index];
  }
  return value;
}

bool CheckSlice::inside(Value value) const {
  const ir::ValueData& data = function_.value(value);
  return inside_[data.is_param ? Block(data.definer) : function_.inst(Inst(data.definer)).block];
}

}  // namespace metate::transform
