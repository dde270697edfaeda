// machine_scalars – numbers, tuples and messages under interpretation.
#include <array>

#include "compiler/ir/interpret/machine.h"
#include "compiler/ir/interpret/python_text.h"
#include "compiler/ir/interpret/strided.h"
#include "compiler/ops/fold.h"

namespace metate::ir {

using types::DType;
using types::Scalar;

namespace {

/// An array that the machine only reads, as its type says.
Array view_of(const types::FrozenArray& frozen) {
  types::Layout layout = frozen.column_major ? types::Layout::kF : types::Layout::kC;
  return {.data = const_cast<std::byte*>(frozen.data()),
          .owner = nullptr,
          .shape = frozen.shape,
          .strides = contiguous_strides(frozen.shape, size(frozen.dtype), layout)};
}

}  // namespace

Datum Machine::constant_datum(ConstantId id) {
  const types::Constant& constant = function_.universe().constants[id];
  if (constant.kind == types::ConstantKind::kArray) return view_of(function_.universe().constants.frozen(constant));
  if (std::optional<Scalar> scalar = types::to_scalar(constant)) return *scalar;
  if (constant.kind != types::ConstantKind::kTuple) return Datum::nothing();
  std::vector<Datum> parts;
  for (ConstantId element : constant.elements) parts.push_back(constant_datum(element));
  return parts;
}

Machine::Flow Machine::constant(Inst inst) { return give(inst, constant_datum(ConstantId(function_.inst(inst).imm))); }

Machine::Flow Machine::tuple(Inst inst) {
  std::vector<Datum> parts;
  for (Value operand : function_.operands(inst)) parts.push_back(datum(operand));
  return give(inst, std::move(parts));
}

Machine::Flow Machine::tuple_get(Inst inst) {
  const Datum& whole = datum(function_.operands(inst)[0]);
  if (!whole.defined()) return give(inst, Datum());  // the parts of what is undefined are too
  uint32_t part = function_.inst(inst).imm;
  if (!whole.tuple() || part >= whole.tuple()->size()) return refuse("the operand has no such part");
  return give(inst, (*whole.tuple())[part]);
}

Machine::Flow Machine::scalar_op(Inst inst) {
  std::vector<Scalar> operands;
  for (Value operand : function_.operands(inst)) operands.push_back(scalar(operand));
  if (refused()) return Flow::kRefuse;
  return give(inst, ops::evaluate(static_cast<ops::ScalarOp>(function_.inst(inst).imm), operands));
}

Machine::Flow Machine::scalar_cast(Inst inst) {
  Scalar operand = scalar(function_.operands(inst)[0]);
  return refused() ? Flow::kRefuse : give(inst, ops::cast(operand, type_of_result(inst).dtype));
}

Machine::Flow Machine::wrap_index(Inst inst) {
  IndexCheck what = IndexCheck::decode(function_.inst(inst).imm);
  int64_t index = integer(function_.operands(inst)[0]), extent = integer(function_.operands(inst)[1]);
  int64_t wrapped = what.wrap && index < 0 ? index + extent : index;
  if (what.check && (wrapped < 0 || wrapped >= extent)) {
    Scalar given = Scalar::integer(what.wrap ? DType::kI64 : DType::kU64, index);
    std::array values{given, Scalar::integer(DType::kI64, what.axis), Scalar::integer(DType::kI64, extent)};
    return raise(inst, index_message(function_.universe()), values);
  }
  return give(inst, Scalar::integer(type_of_result(inst).dtype, wrapped));
}

std::string Machine::message_text(const Message& message, std::span<const Value> values) {
  return text_of(message, function_.universe(), [&](size_t number) { return python_text(scalar(values[number])); });
}

Machine::Flow Machine::check(Inst inst) {
  return truth(function_.operands(inst)[0]) ? Flow::kNext : raise_message(inst);
}

Machine::Flow Machine::raise_message(Inst inst) {
  const Message& message = function_.messages[function_.inst(inst).imm];
  std::span<const Value> values = function_.operands(inst);
  if (function_.inst(inst).opcode == Opcode::kCheck) values = values.subspan(1);
  return raise(inst, exception_name(message, function_.universe()), message_text(message, values));
}

Machine::Flow Machine::check_bound(Inst inst) {
  if (truth(function_.operands(inst)[0])) return Flow::kNext;
  return raise(inst, unbound_message(function_.universe(), Symbol(function_.inst(inst).imm)));
}

Machine::Flow Machine::print(Inst inst) {
  std::string text = message_text(function_.messages[function_.inst(inst).imm], function_.operands(inst));
  if (!refused() && interpreter_.options().print) interpreter_.options().print(text);
  return Flow::kNext;
}

Machine::Flow Machine::work_item(Inst inst) {
  int64_t dimension = integer(function_.operands(inst)[0]);
  const std::optional<WorkItem>& item = interpreter_.options().work_item;
  if (!item) return refuse("this is no kernel");
  if (dimension < 0 || dimension > 2) return refuse("a work-item has three dimensions");
  return give(inst, Scalar::integer(DType::kI64, (*item)[function_.inst(inst).imm][static_cast<size_t>(dimension)]));
}

}  // namespace metate::ir
