// machine_synchronisation – barriers, group operations and atomic access under interpretation.
#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "compiler/ir/interpret/machine.h"
#include "compiler/ir/interpret/work_group.h"
#include "compiler/ir/synchronisation.h"
#include "compiler/ops/fold.h"

namespace metate::ir {

using types::Scalar;

namespace {

/// The element that an atomic operation leaves behind.
Scalar updated(AtomicOp op, const Scalar& before, std::span<const Scalar> operands) {
  auto computed = [&](ops::ScalarOp row) { return ops::evaluate(row, std::array{before, operands[0]}); };
  switch (op) {
    case AtomicOp::kLoad:
      return before;
    case AtomicOp::kStore:
    case AtomicOp::kExchange:
      return operands[0];
    case AtomicOp::kAdd:
      return computed(ops::ScalarOp::kAdd);
    case AtomicOp::kSub:
      return computed(ops::ScalarOp::kSubtract);
    case AtomicOp::kMin:
      return computed(types::is_float(before.dtype) ? ops::ScalarOp::kFmin : ops::ScalarOp::kMinimum);
    case AtomicOp::kMax:
      return computed(types::is_float(before.dtype) ? ops::ScalarOp::kFmax : ops::ScalarOp::kMaximum);
    case AtomicOp::kAnd:
      return computed(ops::ScalarOp::kBitwiseAnd);
    case AtomicOp::kOr:
      return computed(ops::ScalarOp::kBitwiseOr);
    case AtomicOp::kXor:
      return computed(ops::ScalarOp::kBitwiseXor);
    case AtomicOp::kCompareExchange:
      return before.bits == operands[0].bits ? operands[1] : before;
  }
  METATE_UNREACHABLE();
}

ops::ScalarOp row_of(GroupCombine combine, types::DType dtype) {
  switch (combine) {
    case GroupCombine::kAdd:
      return ops::ScalarOp::kAdd;
    case GroupCombine::kMultiply:
      return ops::ScalarOp::kMultiply;
    case GroupCombine::kMinimum:
      return types::is_float(dtype) ? ops::ScalarOp::kFmin : ops::ScalarOp::kMinimum;
    case GroupCombine::kMaximum:
      return types::is_float(dtype) ? ops::ScalarOp::kFmax : ops::ScalarOp::kMaximum;
    case GroupCombine::kAnd:
      return ops::ScalarOp::kBitwiseAnd;
    case GroupCombine::kOr:
      return ops::ScalarOp::kBitwiseOr;
    case GroupCombine::kXor:
      return ops::ScalarOp::kBitwiseXor;
  }
  METATE_UNREACHABLE();
}

/// What changes no value that it is combined with.
Scalar identity(GroupCombine combine, types::DType dtype) {
  if (combine == GroupCombine::kMinimum || combine == GroupCombine::kMaximum) {
    bool least = combine == GroupCombine::kMaximum;
    if (types::is_float(dtype)) return Scalar::real(dtype, least ? -HUGE_VAL : HUGE_VAL);
    int64_t sign_bit = int64_t{1} << (8 * types::size(dtype) - 1);
    if (!types::is_signed(dtype)) return Scalar::integer(dtype, least ? 0 : -1);
    return Scalar::integer(dtype, least ? sign_bit : ~sign_bit);
  }
  return Scalar::of(dtype, combine == GroupCombine::kAnd ? -1 : combine == GroupCombine::kMultiply ? 1 : 0);
}

/// What the item number `own` of those with these values gets.
Scalar together(GroupOperation operation, std::span<const Scalar> values, size_t own) {
  auto combined = [&](size_t end) {
    if (end == 0) return identity(operation.combine, values[0].dtype);
    Scalar total = values[0];
    for (const Scalar& value : values.subspan(1, end - 1))
      total = ops::evaluate(row_of(operation.combine, total.dtype), {total, value});
    return total;
  };
  auto holds = [](const Scalar& condition) { return condition.bits != 0; };
  switch (operation.form) {
    case GroupForm::kReduce:
      return combined(values.size());
    case GroupForm::kInclusiveScan:
      return combined(own + 1);
    case GroupForm::kExclusiveScan:
      return combined(own);
    case GroupForm::kAny:
      return Scalar::boolean(std::ranges::any_of(values, holds));
    case GroupForm::kAll:
      return Scalar::boolean(std::ranges::all_of(values, holds));
    case GroupForm::kBallot: {
      uint64_t bits = 0;
      for (size_t i = 0; i < values.size(); ++i) bits |= uint64_t{holds(values[i])} << i;
      return Scalar::integer(types::DType::kI64, static_cast<int64_t>(bits));
    }
    case GroupForm::kBroadcast:
    case GroupForm::kSelect:
      break;  // by a number: see below
  }
  METATE_UNREACHABLE();
}

}  // namespace

Machine::Flow Machine::barrier(Inst inst) {
  WorkGroup* group = interpreter_.options().work_group;
  if (!group) return refuse("this is no work-group");
  bool sub_group = Fence::decode(function_.inst(inst).imm).sub_group;
  return group->meet(interpreter_.options().item_number, sub_group)
             ? Flow::kNext
             : refuse("other work-items of the group did not come to the barrier");
}

Machine::Flow Machine::group(Inst inst) {
  WorkGroup* group = interpreter_.options().work_group;
  if (!group) return refuse("this is no work-group");
  GroupOperation operation = GroupOperation::decode(function_.inst(inst).imm);
  std::span<const Value> operands = function_.operands(inst);
  Scalar own = scalar(operands[0]);
  int64_t number = takes_number(operation.form) ? integer(operands[1]) : 0;
  if (refused()) return Flow::kRefuse;
  std::optional<WorkGroup::Values> values =
      group->exchange(interpreter_.options().item_number, operation.sub_group, own);
  if (!values) return refuse("other work-items of the group did not come to the operation");
  if (!takes_number(operation.form)) return give(inst, together(operation, values->values, values->own));
  // Where there is no such item, each keeps its own value.
  bool is_there = number >= 0 && static_cast<size_t>(number) < values->values.size();
  return give(inst, values->values[is_there ? static_cast<size_t>(number) : values->own]);
}

Machine::Flow Machine::atomic(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  const Array& array = this->array(operands[0]);
  const types::Type& type = function_.type_data(operands[0]);
  Shape index = integers(operands.subspan(1, type.ndim));
  std::vector<Scalar> values;
  for (Value operand : operands.subspan(1 + type.ndim)) values.push_back(scalar(operand));
  if (refused()) return Flow::kRefuse;
  if (!in_range(array, index)) return refuse("an element outside of the array is accessed");
  std::unique_lock<std::mutex> lock;
  if (WorkGroup* group = interpreter_.options().work_group) lock = std::unique_lock(group->atomics());
  std::byte* place = element(array, index);
  Scalar before = types::load(type.dtype, place);
  types::store(updated(Atomic::decode(function_.inst(inst).imm).op, before, values), place);
  return give(inst, before);
}

}  // namespace metate::ir
