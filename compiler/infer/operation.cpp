#include "compiler/infer/operation.h"

#include "compiler/infer/array_index.h"
#include "compiler/infer/attributes.h"
#include "compiler/infer/calls.h"
#include "compiler/infer/compare.h"
#include "compiler/infer/iteration.h"
#include "compiler/infer/list_display.h"
#include "compiler/infer/message_text.h"
#include "compiler/infer/operators.h"
#include "compiler/infer/slice.h"
#include "compiler/infer/subscript.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/unpack.h"

namespace metate::infer {
namespace {

using ir::Inst;
using ir::Opcode;

Arguments call_arguments(Writer& w, const ir::CallShape& shape, std::span<const Value> operands) {
  Arguments arguments;
  size_t positional = operands.size() - shape.keywords.size();
  arguments.positional.assign(operands.begin(), operands.begin() + static_cast<ptrdiff_t>(positional));
  if (shape.star) {
    Value rest = arguments.positional.back();
    arguments.positional.pop_back();
    if (w.type(rest).kind != TypeKind::kTuple) {
      w.error(MessageId::kUnsupportedConstruct, {"a starred argument that is " + w.describe(rest)});
      return arguments;
    }
    for (Value element : elements_of(w, rest)) arguments.positional.push_back(element);
  }
  for (size_t i = 0; i < shape.keywords.size(); ++i)
    arguments.keywords.push_back({shape.keywords[i], operands[positional + i]});
  return arguments;
}

/// x[i] op= value for a view x[i]: the operation has written through the view, so storing it back would do nothing.
/// What arrays select is a copy.
bool stores_back_view(Writer& w, const ir::Function& untyped, Inst inst, std::span<const Value> operands) {
  if (!w.is_array(operands[2]) || indexes_by_arrays(w, operands[1])) return false;
  std::span<const Value> stored = untyped.operands(inst);
  Inst inplace = untyped.defining_inst(stored[2]);
  if (!inplace || untyped.inst(inplace).opcode != Opcode::kPyInplace) return false;
  Inst get = untyped.defining_inst(untyped.operands(inplace)[0]);
  if (!get || untyped.inst(get).opcode != Opcode::kPyGetItem) return false;
  return untyped.operands(get)[0] == stored[0] && untyped.operands(get)[1] == stored[1];
}

Value make_closure(Writer& w, ConstantId callee, std::span<const Value> captured) {
  std::vector<TypeId> types;
  for (Value value : captured) types.push_back(w.type_id(value));
  return w.structure(w.types().closure(callee, std::move(types)), captured);
}

}  // namespace

Value write_operation(Writer& w, const ir::Function& untyped, Inst inst, std::span<const Value> operands) {
  const ir::InstData& data = untyped.inst(inst);
  auto py_operator = static_cast<ir::PyOperator>(data.imm);
  switch (data.opcode) {
    case Opcode::kConst:
      return w.constant(ConstantId(data.imm));
    case Opcode::kTuple:
      return w.tuple(operands);
    case Opcode::kTupleGet:
      return w.element(operands[0], data.imm);
    case Opcode::kPyBinary:
      return binary(w, py_operator, operands[0], operands[1]);
    case Opcode::kPyInplace:
      return inplace(w, py_operator, operands[0], operands[1]);
    case Opcode::kPyUnary:
      return py_operator == ir::PyOperator::kNot ? negate(w, truth(w, operands[0]))
                                                 : unary(w, py_operator, operands[0]);
    case Opcode::kPyCompare:
      return compare(w, py_operator, operands[0], operands[1]);
    case Opcode::kPyTruth:
      // A branch takes NumPy's bool as well as Python's.
      return w.is_scalar(operands[0]) && w.type(operands[0]).dtype == DType::kBool ? operands[0]
                                                                                   : truth(w, operands[0]);
    case Opcode::kPyGetAttr:
      return get_attribute(w, operands[0], support::Symbol(data.imm));
    case Opcode::kPyGetItem:
      return get_item(w, operands[0], operands[1]);
    case Opcode::kPySetItem:
      if (!stores_back_view(w, untyped, inst, operands)) set_item(w, operands[0], operands[1], operands[2]);
      return {};
    case Opcode::kPySlice:
      return make_slice(w, operands[0], operands[1], operands[2]);
    case Opcode::kPyCall: {
      Arguments arguments = call_arguments(w, untyped.call_shapes[data.imm], operands.subspan(1));
      return w.failure() ? Value() : call(w, operands[0], arguments);
    }
    case Opcode::kPyClosure:
      return make_closure(w, ConstantId(data.imm), operands);
    case Opcode::kPyList:
      return make_list(w, operands);
    case Opcode::kPyUnpack:
      if (operands.size() == 1) return unpack(w, operands[0], data.imm);
      return unpack_starred(w, operands[0], data.imm, static_cast<size_t>(*w.constant_integer(operands[1])));
    case Opcode::kPyFormat:
      return format_text(w, untyped.messages[data.imm], operands);
    case Opcode::kPrint:
      write_print(w, untyped.messages[data.imm], operands);
      return {};
    case Opcode::kRaise:
      write_raise(w, untyped.messages[data.imm], operands);
      return {};
    case Opcode::kIterCount:
      return iteration_count(w, operands[0]);
    case Opcode::kIterAt:
      return iteration_at(w, operands[0], operands[1]);
    default:
      return w.error(MessageId::kUnsupportedConstruct, {std::string(ir::info(data.opcode).text)});
  }
}

}  // namespace metate::infer
