// types.cpp – the verifier's third step: operands and results have the types that an instruction takes and gives.
#include <algorithm>
#include <unordered_map>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/synchronisation.h"
#include "compiler/ir/verify/array_types.h"
#include "compiler/ops/resolve.h"

namespace metate::ir {
namespace {

using types::DType;
using types::Type;
using types::TypeKind;

class TypeCheck {
 public:
  explicit TypeCheck(Report& report)
      : report_(report), function_(report.function()), types_(function_.universe().types), arrays_(report) {}

  void check_block(Block block);
  void check_inst(Inst inst);

 private:
  void check_inst_of_any_stage(Inst inst);
  void check_flow(Inst inst);
  void check_nest(Inst inst);
  void check_typed(Inst inst);
  void check_operator(Inst inst);
  void check_message(Inst inst);
  void check_call_shape(Inst inst);
  void check_constant(Inst inst);
  void check_parts(Inst inst);
  void check_op(Inst inst);
  void check_cast(Inst inst);
  void check_work_item(Inst inst);
  void check_group(Inst inst);

  bool typed() const { return function_.stage != Stage::kUntyped; }
  const Type& operand(Inst inst, size_t i) const { return function_.type_data(function_.operands(inst)[i]); }
  const Type& result(Inst inst) const { return function_.type_data(function_.result(inst)); }
  bool require(bool condition, Inst inst, std::string_view message) {
    return report_.require(condition, inst, message);
  }
  /// Types are compared from the array level on: before, all but constants are unknown.
  bool same(TypeId a, TypeId b) const { return !typed() || a == b; }
  bool is_condition(Inst inst) const {
    const Type& type = operand(inst, 0);
    return !typed() || (type.kind == TypeKind::kScalar && type.dtype == DType::kBool);
  }

  Report& report_;
  const Function& function_;
  types::TypeTable& types_;
  ArrayTypeCheck arrays_;
  std::unordered_map<ops::ScalarOp, std::vector<ops::Loop>> loops_;  // of the rows met so far
};

void TypeCheck::check_block(Block block) {
  bool known = std::ranges::none_of(function_.block(block).params,
                                    [&](Value param) { return function_.type(param) == types_.unknown(); });
  report_.require(!typed() || known, block, "a parameter has no type");
}

void TypeCheck::check_inst(Inst inst) {
  bool known = std::ranges::none_of(function_.results(inst),
                                    [&](Value value) { return function_.type(value) == types_.unknown(); });
  if (!require(!typed() || known, inst, "a result has no type")) return;
  check_flow(inst);
  check_inst_of_any_stage(inst);
  if (typed()) check_typed(inst);
}

void TypeCheck::check_inst_of_any_stage(Inst inst) {
  Opcode opcode = function_.inst(inst).opcode;
  check_operator(inst);
  if (info(opcode).immediate == Immediate::kMessage) check_message(inst);
  if (opcode == Opcode::kPyCall) check_call_shape(inst);
  if (opcode == Opcode::kConst) check_constant(inst);
}

/// Values that go along edges.
void TypeCheck::check_flow(Inst inst) {
  Opcode opcode = function_.inst(inst).opcode;
  auto agree = [&](std::span<const Value> given, std::span<const Value> taken, std::string_view message) {
    auto fits = [&](Value a, Value b) { return same(function_.type(a), function_.type(b)); };
    require(std::ranges::equal(given, taken, fits), inst, message);
  };
  for (const BlockCall& target : function_.targets(inst))
    agree(function_.arguments(target), function_.block(target.block).params,
          "an argument's type is not that of the target's parameter");
  if (opcode == Opcode::kBranch || opcode == Opcode::kCheckBound)
    require(is_condition(inst), inst, "the condition is no bool");
  if (opcode == Opcode::kReturn)
    require(same(function_.type(function_.operands(inst)[0]), function_.return_type), inst,
            "the value's type is not the function's return type");
  if (opcode != Opcode::kYield) return;
  Inst nest = function_.region(function_.block(function_.inst(inst).block).region).owner;
  agree(function_.operands(inst), function_.results(nest), "a yielded value's type is not that of its accumulator");
}

void TypeCheck::check_nest(Inst inst) {
  const NestData& nest = function_.nests[function_.inst(inst).imm];
  std::span<const Value> operands = function_.operands(inst), results = function_.results(inst);
  std::span<const Value> params = function_.block(function_.region(nest.body).blocks.front()).params;
  for (size_t i = 0; i < nest.rank; ++i) {
    bool whole = function_.type(operands[i]) == types_.weak_int() && function_.type(params[i]) == types_.weak_int();
    require(whole, inst, "extents and induction variables are weak_int");
  }
  for (size_t i = 0; i < results.size(); ++i) {
    TypeId type = function_.type(results[i]);
    require(function_.type(operands[nest.rank + i]) == type && function_.type(params[nest.rank + i]) == type, inst,
            "initial value, parameter and result of an accumulator differ in type");
  }
}

void TypeCheck::check_operator(Inst inst) {
  auto operator_in = [&](PyOperator first, PyOperator last) {
    auto found = static_cast<PyOperator>(function_.inst(inst).imm);
    require(first <= found && found <= last, inst, "the operator is of another kind");
  };
  Opcode opcode = function_.inst(inst).opcode;
  if (opcode == Opcode::kPyBinary || opcode == Opcode::kPyInplace) operator_in(PyOperator::kAdd, PyOperator::kXor);
  if (opcode == Opcode::kPyUnary) operator_in(PyOperator::kNegative, PyOperator::kNot);
  if (opcode == Opcode::kPyCompare) operator_in(PyOperator::kEqual, PyOperator::kNotIn);
}

void TypeCheck::check_message(Inst inst) {
  std::span<const Value> values = function_.operands(inst);
  Opcode opcode = function_.inst(inst).opcode;
  const Message& message = function_.messages[function_.inst(inst).imm];
  if (opcode == Opcode::kCheck) {
    if (!require(!values.empty(), inst, "the condition is missing")) return;
    require(is_condition(inst), inst, "the condition is no bool");
    values = values.subspan(1);
  }
  bool raises = opcode == Opcode::kCheck || opcode == Opcode::kRaise;
  require(raises == message.exception.valid(), inst,
          raises ? "the exception is missing" : "no exception is raised here");
  for (const MessagePart& part : message.parts)
    require(!part.is_value() || static_cast<size_t>(part.operand) < values.size(), inst,
            "the message names a value that is not there");
  for (Value value : typed() ? values : std::span<const Value>())
    require(function_.type_data(value).kind == TypeKind::kScalar, inst, "a value of the message is no number");
}

void TypeCheck::check_call_shape(Inst inst) {
  const CallShape& shape = function_.call_shapes[function_.inst(inst).imm];
  size_t needed = 1 + shape.keywords.size() + (shape.star ? 1 : 0);
  require(function_.operands(inst).size() >= needed, inst, "the call has fewer operands than its shape says");
}

void TypeCheck::check_constant(Inst inst) {
  TypeId expected = function_.universe().type_of(ConstantId(function_.inst(inst).imm));
  TypeId found = function_.type(function_.result(inst));
  require(found == expected || (!typed() && found == types_.unknown()), inst,
          "the constant's type is " + function_.universe().text(expected));
}

/// Tuples, and what is like them: ranges, slices, closures.
void TypeCheck::check_parts(Inst inst) {
  bool makes = function_.inst(inst).opcode == Opcode::kTuple;
  const Type& whole = makes ? result(inst) : operand(inst, 0);
  bool has_parts = whole.kind == TypeKind::kTuple || whole.kind == TypeKind::kView || whole.kind == TypeKind::kSlice ||
                   whole.kind == TypeKind::kClosure;
  if (!require(has_parts, inst, "the type has no parts")) return;
  if (makes) {
    auto fits = [&](Value value, TypeId type) { return function_.type(value) == type; };
    require(std::ranges::equal(function_.operands(inst), whole.elements, fits), inst, "the parts differ in type");
    return;
  }
  uint32_t part = function_.inst(inst).imm;
  require(part < whole.elements.size() && whole.elements[part] == function_.type(function_.result(inst)), inst,
          "the part is not there or has another type");
}

/// The operands' dtypes are those of one of the row's loops, and the result's is what that loop gives.
void TypeCheck::check_op(Inst inst) {
  auto op = static_cast<ops::ScalarOp>(function_.inst(inst).imm);
  std::span<const Value> operands = function_.operands(inst);
  if (!require(operands.size() == static_cast<size_t>(ops::arity(op)), inst,
               "the row takes another number of operands"))
    return;
  if (!arrays_.check_broadcast(inst, operands, result(inst))) return;
  auto fits = [&](const ops::Loop& loop) {
    for (size_t i = 0; i < operands.size(); ++i)
      if (operand(inst, i).dtype != loop.operands[i]) return false;
    return result(inst).dtype == loop.result;
  };
  auto [loops, fresh] = loops_.try_emplace(op);
  if (fresh) loops->second = ops::loops(op);
  require(std::ranges::any_of(loops->second, fits), inst, "the row has no loop for these dtypes");
}

void TypeCheck::check_cast(Inst inst) {
  const Type& from = operand(inst, 0);
  const Type& to = result(inst);
  bool scalars = from.kind == TypeKind::kScalar && to.kind == TypeKind::kScalar;
  bool arrays = from.kind == TypeKind::kArray && to.kind == TypeKind::kArray && from.ndim == to.ndim;
  require(scalars || (arrays && function_.stage == Stage::kArray), inst,
          "only numbers, and whole arrays at array level, are cast");
}

void TypeCheck::check_work_item(Inst inst) {
  require(function_.type(function_.result(inst)) == types_.weak_int(), inst, "the result is weak_int");
}

void TypeCheck::check_group(Inst inst) {
  GroupOperation operation = GroupOperation::decode(function_.inst(inst).imm);
  std::span<const Value> operands = function_.operands(inst);
  size_t needed = takes_number(operation.form) ? 2 : 1;
  if (!require(operands.size() == needed, inst, "the operation takes another number of operands")) return;
  const Type& value = operand(inst, 0);
  if (!require(value.kind == TypeKind::kScalar, inst, "the value is no number")) return;
  require(needed == 1 || function_.type(operands[1]) == types_.weak_int(), inst, "an item's number is weak_int");
  if (combines(operation.form))
    require(can_combine(operation.combine, value.dtype), inst, "values of the dtype cannot be combined like this");
  if (takes_condition(operation.form)) require(value.dtype == DType::kBool, inst, "the condition is no bool");
  TypeId expected = operation.form == GroupForm::kBallot ? types_.weak_int() : function_.type(operands[0]);
  require(function_.type(function_.result(inst)) == expected, inst, "the result has another type");
}

/// What docs/ir.md says of each instruction's operands and results.
void TypeCheck::check_typed(Inst inst) {
  switch (function_.inst(inst).opcode) {
    case Opcode::kTuple:
    case Opcode::kTupleGet:
      return check_parts(inst);
    case Opcode::kOp:
      return check_op(inst);
    case Opcode::kCast:
      return check_cast(inst);
    case Opcode::kNest:
      return check_nest(inst);
    case Opcode::kWorkItem:
      return check_work_item(inst);
    case Opcode::kGroup:
      return check_group(inst);
    case Opcode::kDim:
    case Opcode::kStride:
      return arrays_.check_axis(inst);
    case Opcode::kIndex:
      return arrays_.check_index(inst);
    case Opcode::kLoad:
    case Opcode::kStore:
      return arrays_.check_element(inst);
    case Opcode::kView:
      return arrays_.check_view(inst);
    case Opcode::kTranspose:
      return arrays_.check_transpose(inst);
    case Opcode::kReshape:
    case Opcode::kBroadcast:
      return arrays_.check_reshaped(inst);
    case Opcode::kWiden:
      return arrays_.check_widen(inst);
    case Opcode::kOverlap:
      return arrays_.check_overlap(inst);
    case Opcode::kDistance:
      return arrays_.check_distance(inst);
    case Opcode::kReal:
      return arrays_.check_array_real(inst);
    case Opcode::kAlloc:
      return arrays_.check_alloc(inst);
    case Opcode::kLocal:
      return arrays_.check_local(inst);
    case Opcode::kAtomic:
      return arrays_.check_atomic(inst);
    case Opcode::kAssign:
    case Opcode::kOpOut:
      return arrays_.check_written(inst);
    case Opcode::kReduce:
      return arrays_.check_reduce(inst);
    case Opcode::kMap:
      return arrays_.check_map(inst);
    case Opcode::kRetain:
    case Opcode::kRelease:
      return arrays_.check_counted(inst);
    case Opcode::kJump:
    case Opcode::kBranch:
    case Opcode::kReturn:
    case Opcode::kYield:
    case Opcode::kRaise:
    case Opcode::kReraise:
    case Opcode::kUnreachable:
    case Opcode::kConst:
    case Opcode::kUndef:
    case Opcode::kCheck:
    case Opcode::kPrint:
    case Opcode::kPyBinary:
    case Opcode::kPyInplace:
    case Opcode::kPyUnary:
    case Opcode::kPyCompare:
    case Opcode::kPyTruth:
    case Opcode::kPyGetAttr:
    case Opcode::kPySetAttr:
    case Opcode::kPyGetItem:
    case Opcode::kPySetItem:
    case Opcode::kPySlice:
    case Opcode::kPyCall:
    case Opcode::kPyUnpack:
    case Opcode::kPyList:
    case Opcode::kPyClosure:
    case Opcode::kPyFormat:
    case Opcode::kCheckBound:
    case Opcode::kIterCount:
    case Opcode::kIterAt:
    case Opcode::kCall:
    case Opcode::kCallForeign:
    case Opcode::kArrayFunction:
    case Opcode::kBarrier:
    case Opcode::kFence:
      return;  // of any type, or checked with the edges and messages
  }
}

}  // namespace

void verify_types(Report& report) {
  const Function& function = report.function();
  TypeCheck check(report);
  walk_blocks(function, [&](Block block) {
    check.check_block(block);
    for (Inst inst : function.block(block).insts)
      if (!report.full()) check.check_inst(inst);
  });
}

}  // namespace metate::ir
