// machine_synchronisation – barriers and atomic access under interpretation.
#include <array>
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

}  // namespace

Machine::Flow Machine::barrier() {
  WorkGroup* group = interpreter_.options().work_group;
  if (!group) return refuse("this is no work-group");
  return group->meet() ? Flow::kNext : refuse("other work-items of the group did not come to the barrier");
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
