#include "compiler/ir/text/immediate_text.h"

#include "compiler/ir/synchronisation.h"
#include "compiler/ops/array_function.h"
#include "compiler/ops/reduction.h"
#include "compiler/support/quote.h"

namespace metate::ir {
namespace {

template <class T, class F>
std::string bracketed(const std::vector<T>& items, F&& text) {
  std::string result = "[";
  for (size_t i = 0; i < items.size(); ++i) result += (i ? ", " : "") + std::string(text(items[i]));
  return result + "]";
}

std::string number(uint32_t value) { return std::to_string(value); }
std::string bad(uint32_t value) { return "!" + std::to_string(value); }

/// The text of an enumerator, the last of which is given.
template <class E>
std::string enumerator(uint32_t value, E last) {
  return value <= static_cast<uint32_t>(last) ? std::string(to_text(static_cast<E>(value))) : bad(value);
}

/// The name of a row of one of the tables of compiler/ops.
template <class Row>
std::string row_text(uint32_t row, int count) {
  return row < static_cast<uint32_t>(count) ? std::string(ops::name(static_cast<Row>(row))) : bad(row);
}

std::string name_text(const Universe& universe, Symbol name) {
  return universe.symbols.contains(name) ? support::quoted(universe.symbols.name(name)) : bad(name.index());
}

std::string constant_text(const Universe& universe, uint32_t constant) {
  return constant < universe.constants.size() ? universe.text(ConstantId(constant)) : bad(constant);
}

std::string message_text(const Function& function, const Message& message) {
  const Universe& universe = function.universe();
  std::string text = message.exception ? constant_text(universe, message.exception.index()) + " " : "";
  return text + bracketed(message.parts, [&](const MessagePart& part) {
           return part.is_value() ? std::to_string(part.operand) : name_text(universe, part.literal);
         });
}

std::string reduction_text(const Reduction& reduction) {
  std::string text = row_text<ops::ReductionId>(reduction.function, ops::kReductionCount);
  if (!reduction.axes.empty()) text += " axes " + bracketed(reduction.axes, number);
  return text + (reduction.keepdims ? " keepdims" : "");
}

std::string index_check_text(IndexCheck check) {
  return "[" + number(check.axis) + (check.wrap ? ", wrap" : "") + (check.check ? ", check" : "") + "]";
}

std::string fence_text(Fence fence) {
  return "[" + std::string(fence.sub_group ? "of_sub_group, " : "") + (fence.group_memory ? "group, " : "") +
         (fence.global_memory ? "global, " : "") + std::string(to_text(fence.order)) + ", " +
         std::string(to_text(fence.scope)) + "]";
}

std::string atomic_text(Atomic atomic) {
  return std::string(to_text(atomic.op)) + " [" + std::string(to_text(atomic.order)) + ", " +
         std::string(to_text(atomic.scope)) + "]";
}

std::string group_operation_text(GroupOperation operation) {
  std::string combine = combines(operation.form) ? " " + std::string(to_text(operation.combine)) : "";
  return std::string(to_text(operation.form)) + combine + (operation.sub_group ? " [sub_group]" : " [work_group]");
}

/// The item of a pool as text; a mark where a broken pass left an index to nothing.
template <class T, class F>
std::string from_pool(const std::vector<T>& pool, uint32_t index, F&& text) {
  return index < pool.size() ? text(pool[index]) : bad(index);
}

}  // namespace

std::string scalar_op_text(uint32_t op) { return row_text<ops::ScalarOp>(op, ops::kScalarOpCount); }

std::string_view to_text(ErrorModel model) {
  switch (model) {
    case ErrorModel::kMixed:
      return "mixed";
    case ErrorModel::kPython:
      return "python";
    case ErrorModel::kNumpy:
      return "numpy";
  }
  METATE_UNREACHABLE();
}

std::string_view to_text(IndexKind kind) {
  switch (kind) {
    case IndexKind::kInteger:
      return "int";
    case IndexKind::kSlice:
      return "slice";
    case IndexKind::kNewAxis:
      return "new";
    case IndexKind::kFull:
      return "full";
  }
  METATE_UNREACHABLE();
}

std::string immediate_text(const Function& function, const InstData& inst) {
  const Universe& universe = function.universe();
  uint32_t imm = inst.imm;
  switch (info(inst.opcode).immediate) {
    case Immediate::kNone:
    case Immediate::kNestData:
    case Immediate::kCallShape:
      return "";
    case Immediate::kConstant:
      return constant_text(universe, imm);
    case Immediate::kInteger:
      return number(imm);
    case Immediate::kSymbol:
      return name_text(universe, Symbol(imm));
    case Immediate::kPyOperator:
      return enumerator(imm, PyOperator::kNotIn);
    case Immediate::kScalarOp:
      return scalar_op_text(imm);
    case Immediate::kMessage:
      return from_pool(function.messages, imm, [&](const Message& m) { return message_text(function, m); });
    case Immediate::kIndexSpec:
      return from_pool(function.index_specs, imm, [](const IndexSpec& spec) {
        return bracketed(spec, [](IndexKind kind) { return to_text(kind); });
      });
    case Immediate::kAxes:
      return from_pool(function.axes, imm, [](const auto& axes) { return bracketed(axes, number); });
    case Immediate::kReduction:
      return from_pool(function.reductions, imm, reduction_text);
    case Immediate::kIndexCheck:
      return index_check_text(IndexCheck::decode(imm));
    case Immediate::kFunction:
      return from_pool(function.callees, imm, [&](const CalleeRef& callee) {
        return "@" + support::bare_or_quoted(universe.symbols.name(callee.name), true) + " #" +
               number(callee.specialisation);
      });
    case Immediate::kArrayFunction:
      return row_text<ops::ArrayFunction>(imm, ops::kArrayFunctionCount);
    case Immediate::kWorkItemQuery:
      return enumerator(imm, kLastWorkItemQuery);
    case Immediate::kBranchHint:
      return imm == 0 ? "" : imm == static_cast<uint32_t>(BranchHint::kUsually) ? "usually" : bad(imm);
    case Immediate::kFence:
      return fence_text(Fence::decode(imm));
    case Immediate::kAtomic:
      return atomic_text(Atomic::decode(imm));
    case Immediate::kGroupOperation:
      return group_operation_text(GroupOperation::decode(imm));
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::ir
