#include "compiler/ir/text/parse_immediate.h"

#include "compiler/ir/synchronisation.h"
#include "compiler/ir/text/immediate_text.h"
#include "compiler/ir/text/parse_types.h"
#include "compiler/ops/array_function.h"
#include "compiler/ops/reduction.h"

namespace metate::ir {
namespace {

constexpr uint32_t kMaxAxis = 63;  // NumPy's limit of dimensions

/// A name that `lookup` turns into an enumerator.
template <class Lookup>
auto parse_named(Cursor& cursor, std::string_view what, Lookup&& lookup) {
  Token token = cursor.expect(TokenKind::kName, what);
  auto found = lookup(token.raw);
  if (!found) cursor.fail_at(token.offset, std::string(token.raw) + " is not " + std::string(what));
  return found.value_or(typename decltype(found)::value_type{});
}

PyOperator parse_operator(Cursor& cursor) {
  Token token = cursor.operator_token();
  std::optional<PyOperator> found = py_operator_from_text(token.text);
  if (!found) cursor.fail_at(token.offset, "there is no Python operator " + token.text);
  return found.value_or(PyOperator::kAdd);
}

std::vector<uint8_t> parse_axes(Cursor& cursor) {
  std::vector<uint8_t> axes;
  cursor.expect('[');
  cursor.list(']', [&] { axes.push_back(static_cast<uint8_t>(cursor.expect_number("an axis", kMaxAxis))); });
  return axes;
}

Message parse_message(Cursor& cursor, Universe& universe) {
  Message message;
  if (!cursor.at('[')) message.exception = parse_constant(cursor, universe);
  cursor.expect('[');
  cursor.list(']', [&] {
    if (cursor.at(TokenKind::kString))
      message.parts.push_back({universe.symbols.intern(cursor.take().text), -1});
    else
      message.parts.push_back(
          {{}, static_cast<int32_t>(cursor.expect_number("a string or the number of a value", 255))});
  });
  return message;
}

IndexSpec parse_index_spec(Cursor& cursor) {
  auto lookup = [](std::string_view name) -> std::optional<IndexKind> {
    for (IndexKind kind : {IndexKind::kInteger, IndexKind::kSlice, IndexKind::kNewAxis, IndexKind::kFull})
      if (to_text(kind) == name) return kind;
    return std::nullopt;
  };
  IndexSpec spec;
  cursor.expect('[');
  cursor.list(']', [&] { spec.push_back(parse_named(cursor, "an index: int, slice, new or full", lookup)); });
  return spec;
}

IndexCheck parse_index_check(Cursor& cursor) {
  IndexCheck check{.wrap = false, .check = false};
  cursor.expect('[');
  check.axis = static_cast<uint8_t>(cursor.expect_number("an axis", kMaxAxis));
  while (cursor.accept(',')) {
    bool& flag = cursor.at("wrap") ? check.wrap : check.check;
    if (!cursor.accept("wrap")) cursor.expect("check");
    flag = true;
  }
  cursor.expect(']');
  return check;
}

/// The end of the brackets of a fence or atomic operation: "acq_rel, device]".
void parse_order_and_scope(Cursor& cursor, MemoryOrder& order, MemoryScope& scope) {
  order = parse_named(cursor, "a memory order", memory_order_from_text);
  cursor.expect(',');
  scope = parse_named(cursor, "a memory scope", memory_scope_from_text);
  cursor.expect(']');
}

Fence parse_fence(Cursor& cursor) {
  Fence fence;
  cursor.expect('[');
  fence.sub_group = cursor.accept("of_sub_group");
  if (fence.sub_group) cursor.expect(',');
  fence.group_memory = cursor.accept("group");
  if (fence.group_memory) cursor.expect(',');
  fence.global_memory = cursor.accept("global");
  if (fence.global_memory) cursor.expect(',');
  parse_order_and_scope(cursor, fence.order, fence.scope);
  return fence;
}

Atomic parse_atomic(Cursor& cursor) {
  Atomic atomic;
  atomic.op = parse_named(cursor, "an atomic operation", atomic_op_from_text);
  cursor.expect('[');
  parse_order_and_scope(cursor, atomic.order, atomic.scope);
  return atomic;
}

GroupOperation parse_group_operation(Cursor& cursor) {
  GroupOperation operation;
  operation.form = parse_named(cursor, "a group operation", group_form_from_text);
  if (combines(operation.form)) operation.combine = parse_named(cursor, "how to combine", group_combine_from_text);
  cursor.expect('[');
  operation.sub_group = cursor.accept("sub_group");
  if (!operation.sub_group && !cursor.accept("work_group")) cursor.fail("sub_group or work_group is expected");
  cursor.expect(']');
  return operation;
}

Reduction parse_reduction(Cursor& cursor) {
  Reduction reduction;
  reduction.function = static_cast<uint16_t>(parse_named(cursor, "a reduction", ops::reduction_from_name));
  if (cursor.accept("axes")) reduction.axes = parse_axes(cursor);
  reduction.keepdims = cursor.accept("keepdims");
  return reduction;
}

CalleeRef parse_callee(Cursor& cursor, Universe& universe) {
  CalleeRef callee;
  callee.name = universe.symbols.intern(cursor.expect(TokenKind::kFunction, "a function").text);
  callee.specialisation = 0;
  if (cursor.at(TokenKind::kNumbered)) callee.specialisation = cursor.expect_number("a specialisation");
  return callee;
}

}  // namespace

ops::ScalarOp parse_scalar_op(Cursor& cursor) { return parse_named(cursor, "a row of ops", ops::scalar_op_from_name); }

uint32_t parse_immediate(Cursor& cursor, Function& function, Opcode opcode) {
  Universe& universe = function.universe();
  switch (info(opcode).immediate) {
    case Immediate::kNone:
    case Immediate::kNestData:
    case Immediate::kCallShape:
      return 0;
    case Immediate::kConstant:
      return parse_constant(cursor, universe).index();
    case Immediate::kInteger:
      return cursor.expect_number("a number");
    case Immediate::kSymbol:
      return universe.symbols.intern(cursor.expect_name("a name")).index();
    case Immediate::kPyOperator:
      return static_cast<uint32_t>(parse_operator(cursor));
    case Immediate::kScalarOp:
      return static_cast<uint32_t>(parse_scalar_op(cursor));
    case Immediate::kMessage:
      return Function::add_to(function.messages, parse_message(cursor, universe));
    case Immediate::kIndexSpec:
      return Function::add_to(function.index_specs, parse_index_spec(cursor));
    case Immediate::kAxes:
      return Function::add_to(function.axes, parse_axes(cursor));
    case Immediate::kReduction:
      return Function::add_to(function.reductions, parse_reduction(cursor));
    case Immediate::kIndexCheck:
      return parse_index_check(cursor).encode();
    case Immediate::kFunction:
      return Function::add_to(function.callees, parse_callee(cursor, universe));
    case Immediate::kArrayFunction:
      return static_cast<uint32_t>(parse_named(cursor, "an array function", ops::array_function_from_name));
    case Immediate::kWorkItemQuery:
      return static_cast<uint32_t>(parse_named(cursor, "a work-item query", work_item_query_from_text));
    case Immediate::kBranchHint:
      return static_cast<uint32_t>(cursor.accept("usually") ? BranchHint::kUsually : BranchHint::kNone);
    case Immediate::kFence:
      return parse_fence(cursor).encode();
    case Immediate::kAtomic:
      return parse_atomic(cursor).encode();
    case Immediate::kGroupOperation:
      return parse_group_operation(cursor).encode();
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::ir
