#include "compiler/infer/group_functions.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/builtin_functions.h"
#include "compiler/infer/compare.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/kernel_functions.h"
#include "compiler/infer/operators.h"
#include "compiler/ir/synchronisation.h"

namespace metate::infer {
namespace {

using ir::GroupCombine;
using ir::GroupForm;
using ir::GroupOperation;
using types::KernelObject;

Value emit_group(Writer& w, GroupOperation operation, std::initializer_list<Value> operands, TypeId result) {
  return w.emit(ir::Opcode::kGroup, operation.encode(), operands, result);
}

/// A number, which items can exchange.
Value number_argument(Writer& w, const std::string& function, Value x) {
  if (!x || w.is_scalar(x)) return x;
  return w.error(MessageId::kArgumentType, {function, "x", w.describe(x)});
}

// Reductions and scans.

/// Values combined over the group; bools count as Python's ints.
Value combine(Writer& w, const std::string& function, GroupOperation operation, Value x) {
  Value value = number_argument(w, function, x);
  if (!value) return {};
  if (w.type(value).dtype == DType::kBool) value = w.cast(value, w.types().weak_int());
  if (!ir::can_combine(operation.combine, w.type(value).dtype))
    return w.error(MessageId::kArgumentType, {function, "x", w.describe(x)});
  return emit_group(w, operation, {value}, w.type_id(value));
}

struct Operation {
  std::string_view name;
  GroupCombine combine;
};

/// SYCL's function objects, and what Python and NumPy users know as the same.
constexpr Operation kOperations[] = {
    {"metate.plus", GroupCombine::kAdd},         {"metate.multiplies", GroupCombine::kMultiply},
    {"metate.minimum", GroupCombine::kMinimum},  {"metate.maximum", GroupCombine::kMaximum},
    {"metate.bit_and", GroupCombine::kAnd},      {"metate.bit_or", GroupCombine::kOr},
    {"metate.bit_xor", GroupCombine::kXor},      {"numpy.add", GroupCombine::kAdd},
    {"numpy.multiply", GroupCombine::kMultiply}, {"numpy.fmin", GroupCombine::kMinimum},
    {"numpy.fmax", GroupCombine::kMaximum},      {"numpy.bitwise_and", GroupCombine::kAnd},
    {"numpy.bitwise_or", GroupCombine::kOr},     {"numpy.bitwise_xor", GroupCombine::kXor},
};

std::optional<GroupCombine> operation_of(Writer& w, Value value) {
  if (!value || !w.is_constant(value, types::ConstantKind::kEntity)) return std::nullopt;
  std::string_view name = w.universe().symbols.name(w.constant(value)->symbol);
  for (const Operation& operation : kOperations)
    if (operation.name == name) return operation.combine;
  return std::nullopt;
}

/// Two numbers as the operation combines them.
Value apply(Writer& w, GroupCombine combine, Value a, Value b) {
  switch (combine) {
    case GroupCombine::kAdd:
      return binary(w, ir::PyOperator::kAdd, a, b);
    case GroupCombine::kMultiply:
      return binary(w, ir::PyOperator::kMultiply, a, b);
    case GroupCombine::kMinimum:
      return call_named(w, "numpy.fmin", {a, b});
    case GroupCombine::kMaximum:
      return call_named(w, "numpy.fmax", {a, b});
    case GroupCombine::kAnd:
      return binary(w, ir::PyOperator::kAnd, a, b);
    case GroupCombine::kOr:
      return binary(w, ir::PyOperator::kOr, a, b);
    case GroupCombine::kXor:
      return binary(w, ir::PyOperator::kXor, a, b);
  }
  METATE_UNREACHABLE();
}

template <GroupCombine combine>
Value operation_function(Writer& w, std::span<const Value> arguments) {
  return apply(w, combine, arguments[0], arguments[1]);
}

/// (group, x, operation, init=None), where SYCL has init before the operation: both ways are understood. The result is
/// of the type of x.
template <GroupForm form>
Value over_group(Writer& w, std::span<const Value> arguments) {
  const std::string function = form == GroupForm::kReduce          ? "reduce_over_group()"
                               : form == GroupForm::kInclusiveScan ? "inclusive_scan_over_group()"
                                                                   : "exclusive_scan_over_group()";
  if (!in_kernel(w, function)) return {};
  std::optional<bool> sub_group = is_sub_group_argument(w, function, "g", arguments[0]);
  if (!sub_group) return {};
  Value operation = arguments[2], init = arguments[3];
  if (operation_of(w, init)) std::swap(operation, init);
  std::optional<GroupCombine> how = operation_of(w, operation);
  if (!how)
    return operation ? w.error(MessageId::kArgumentType, {function, "binary_op", w.describe(operation)}) : Value();
  Value result = combine(w, function, {.form = form, .combine = *how, .sub_group = *sub_group}, arguments[1]);
  if (!result || w.is_none(init)) return result;
  Value total = apply(w, *how, init, result);
  if (!total || w.type_id(total) == w.type_id(result)) return total;
  return convert_to_dtype(w, total, w.type(result).dtype);
}

/// work_group_reduce_add(x)
template <GroupForm form, GroupCombine how, bool sub_group>
Value combine_function(Writer& w, std::span<const Value> arguments) {
  std::string function = sub_group ? "sub_group_" : "work_group_";
  function += form == GroupForm::kReduce          ? "reduce_"
              : form == GroupForm::kInclusiveScan ? "scan_inclusive_"
                                                  : "scan_exclusive_";
  function += how == GroupCombine::kMinimum   ? "min()"
              : how == GroupCombine::kMaximum ? "max()"
              : how == GroupCombine::kAdd     ? "add()"
                                              : "mul()";
  if (!in_kernel(w, function)) return {};
  return combine(w, function, {.form = form, .combine = how, .sub_group = sub_group}, arguments[0]);
}

// Votes.

Value vote(Writer& w, GroupOperation operation, Value predicate) {
  Value condition = predicate ? truth(w, predicate) : Value();
  if (!condition) return {};
  TypeId result = operation.form == GroupForm::kBallot ? w.types().weak_int() : w.types().weak_bool();
  return emit_group(w, operation, {w.cast(condition, w.types().weak_bool())}, result);
}

/// any_of_group(group, predicate)
template <GroupForm form, bool none>
Value of_group(Writer& w, std::span<const Value> arguments) {
  const std::string function = none                         ? "none_of_group()"
                               : form == GroupForm::kAny    ? "any_of_group()"
                               : form == GroupForm::kBallot ? "group_ballot()"
                                                            : "all_of_group()";
  if (!in_kernel(w, function)) return {};
  std::optional<bool> sub_group = is_sub_group_argument(w, function, "g", arguments[0]);
  if (!sub_group) return {};
  if (form == GroupForm::kBallot && !*sub_group)
    return w.error(MessageId::kArgumentType, {function, "g", w.describe(arguments[0])});
  Value result = vote(w, {.form = form, .sub_group = *sub_group}, arguments[1]);
  return none && result ? negate(w, result) : result;
}

template <GroupForm form, bool sub_group>
Value vote_function(Writer& w, std::span<const Value> arguments) {
  std::string function = std::string(sub_group ? "sub_group_" : "work_group_") + std::string(ir::to_text(form));
  if (!in_kernel(w, function + "()")) return {};
  return vote(w, {.form = form, .sub_group = sub_group}, arguments[0]);
}

// Values of other items.

/// An int, or for a work-group also a tuple of its local ids.
Value number_of_item(Writer& w, const std::string& function, std::string_view parameter, Value group, Value item) {
  if (!item) return {};
  std::optional<std::vector<Value>> ids = integers_argument(w, item);
  if (!ids) return {};
  if (w.type(item).kind != TypeKind::kTuple) return ids->front();
  if (ids->size() != w.type(group).ndim)
    return w.error(MessageId::kArgumentType, {function, std::string(parameter), w.describe(item)});
  Value number = ids->front();
  for (size_t d = 1; d < ids->size(); ++d) {
    Value extent = w.emit(ir::Opcode::kWorkItem, static_cast<uint32_t>(ir::WorkItemQuery::kLocalSize),
                          {w.integer(static_cast<int64_t>(d))}, w.types().weak_int());
    number = index::add(w, index::multiply(w, number, extent), (*ids)[d]);
  }
  return number;
}

Value broadcast(Writer& w, const std::string& function, bool sub_group, Value x, Value number) {
  Value value = number_argument(w, function, x);
  if (!value || !number) return {};
  return emit_group(w, {.form = GroupForm::kBroadcast, .sub_group = sub_group}, {value, number}, w.type_id(value));
}

Value group_broadcast(Writer& w, std::span<const Value> arguments) {
  const std::string function = "group_broadcast()";
  if (!in_kernel(w, function)) return {};
  std::optional<bool> sub_group = is_sub_group_argument(w, function, "g", arguments[0]);
  if (!sub_group) return {};
  Value number = number_of_item(w, function, "local_id", arguments[0], arguments[2]);
  return broadcast(w, function, *sub_group, arguments[1], number);
}

Value work_group(Writer& w) { return w.undef(w.types().kernel_object(KernelObject::kGroup, w.options().kernel_rank)); }
Value sub_group(Writer& w) {
  return w.undef(w.types().kernel_object(KernelObject::kSubGroup, w.options().kernel_rank));
}

/// work_group_broadcast(x, local_id), and sub_group_broadcast(x, local_id)
template <bool of_sub_group>
Value broadcast_function(Writer& w, std::span<const Value> arguments) {
  const std::string function = of_sub_group ? "sub_group_broadcast()" : "work_group_broadcast()";
  if (!in_kernel(w, function)) return {};
  Value group = of_sub_group ? sub_group(w) : work_group(w);
  return broadcast(w, function, of_sub_group, arguments[0],
                   number_of_item(w, function, "local_id", group, arguments[1]));
}

/// Which item another one is seen from.
enum class Towards : uint8_t { kNumber, kAbove, kBelow, kXor };

/// The value of another item of the sub-group; an item's own where there is none.
Value select(Writer& w, const std::string& function, Towards towards, Value x, Value distance) {
  Value value = number_argument(w, function, x);
  if (!value || !distance) return {};
  if (!w.is_integer(distance)) return w.error(MessageId::kArgumentType, {function, "local_id", w.describe(distance)});
  Value group = sub_group(w), own = item_number(w, group), other = to_weak_int(w, distance);
  if (towards == Towards::kAbove) other = index::add(w, own, other);
  if (towards == Towards::kBelow) other = index::subtract(w, own, other);
  if (towards == Towards::kXor) other = w.op(ScalarOp::kBitwiseXor, {own, other}, w.types().weak_int());
  Value below = index::less(w, other, w.integer(0)), inside = index::less(w, other, item_count(w, group));
  Value number = index::select(w, below, own, index::select(w, inside, other, own));
  return emit_group(w, {.form = GroupForm::kSelect, .sub_group = true}, {value, number}, w.type_id(value));
}

constexpr std::string_view kSelectNames[][2] = {{"select_from_group()", "sub_group_shuffle()"},
                                                {"shift_group_left()", "sub_group_shuffle_down()"},
                                                {"shift_group_right()", "sub_group_shuffle_up()"},
                                                {"permute_group_by_xor()", "sub_group_shuffle_xor()"}};

/// select_from_group(group, x, item)
template <Towards towards>
Value from_group(Writer& w, std::span<const Value> arguments) {
  const std::string function(kSelectNames[static_cast<size_t>(towards)][0]);
  if (!in_kernel(w, function)) return {};
  std::optional<bool> is_sub_group = is_sub_group_argument(w, function, "g", arguments[0]);
  if (!is_sub_group) return {};
  if (!*is_sub_group) return w.error(MessageId::kArgumentType, {function, "g", w.describe(arguments[0])});
  return select(w, function, towards, arguments[1], arguments[2]);
}

template <Towards towards>
Value shuffle_function(Writer& w, std::span<const Value> arguments) {
  const std::string function(kSelectNames[static_cast<size_t>(towards)][1]);
  return in_kernel(w, function) ? select(w, function, towards, arguments[0], arguments[1]) : Value();
}

#define METATE_COMBINE_FUNCTIONS(set, sub_group, suffix, combine)                                                    \
  {"metate." set "_reduce_" suffix, "x, /", combine_function<GroupForm::kReduce, GroupCombine::combine, sub_group>}, \
      {"metate." set "_scan_inclusive_" suffix, "x, /",                                                              \
       combine_function<GroupForm::kInclusiveScan, GroupCombine::combine, sub_group>},                               \
  {                                                                                                                  \
    "metate." set "_scan_exclusive_" suffix, "x, /",                                                                 \
        combine_function<GroupForm::kExclusiveScan, GroupCombine::combine, sub_group>                                \
  }

constexpr NamedFunction kFunctions[] = {
    // As SYCL 2020 calls them.
    {"metate.reduce_over_group", "g, x, binary_op, init=None", over_group<GroupForm::kReduce>},
    {"metate.inclusive_scan_over_group", "g, x, binary_op, init=None", over_group<GroupForm::kInclusiveScan>},
    {"metate.exclusive_scan_over_group", "g, x, binary_op, init=None", over_group<GroupForm::kExclusiveScan>},
    {"metate.any_of_group", "g, pred", of_group<GroupForm::kAny, false>},
    {"metate.all_of_group", "g, pred", of_group<GroupForm::kAll, false>},
    {"metate.none_of_group", "g, pred", of_group<GroupForm::kAny, true>},
    {"metate.group_ballot", "g, pred=True", of_group<GroupForm::kBallot, false>},
    {"metate.group_broadcast", "g, x, local_id=0", group_broadcast},
    {"metate.select_from_group", "g, x, remote_local_id", from_group<Towards::kNumber>},
    {"metate.shift_group_left", "g, x, delta=1", from_group<Towards::kAbove>},
    {"metate.shift_group_right", "g, x, delta=1", from_group<Towards::kBelow>},
    {"metate.permute_group_by_xor", "g, x, mask", from_group<Towards::kXor>},
    {"metate.plus", "x, y, /", operation_function<GroupCombine::kAdd>},
    {"metate.multiplies", "x, y, /", operation_function<GroupCombine::kMultiply>},
    {"metate.minimum", "x, y, /", operation_function<GroupCombine::kMinimum>},
    {"metate.maximum", "x, y, /", operation_function<GroupCombine::kMaximum>},
    {"metate.bit_and", "x, y, /", operation_function<GroupCombine::kAnd>},
    {"metate.bit_or", "x, y, /", operation_function<GroupCombine::kOr>},
    {"metate.bit_xor", "x, y, /", operation_function<GroupCombine::kXor>},

    // As OpenCL calls them.
    METATE_COMBINE_FUNCTIONS("work_group", false, "add", kAdd),
    METATE_COMBINE_FUNCTIONS("work_group", false, "mul", kMultiply),
    METATE_COMBINE_FUNCTIONS("work_group", false, "min", kMinimum),
    METATE_COMBINE_FUNCTIONS("work_group", false, "max", kMaximum),
    {"metate.work_group_any", "predicate, /", vote_function<GroupForm::kAny, false>},
    {"metate.work_group_all", "predicate, /", vote_function<GroupForm::kAll, false>},
    {"metate.work_group_broadcast", "x, local_id, /", broadcast_function<false>},
    METATE_COMBINE_FUNCTIONS("sub_group", true, "add", kAdd),
    METATE_COMBINE_FUNCTIONS("sub_group", true, "mul", kMultiply),
    METATE_COMBINE_FUNCTIONS("sub_group", true, "min", kMinimum),
    METATE_COMBINE_FUNCTIONS("sub_group", true, "max", kMaximum),
    {"metate.sub_group_any", "predicate, /", vote_function<GroupForm::kAny, true>},
    {"metate.sub_group_all", "predicate, /", vote_function<GroupForm::kAll, true>},
    {"metate.sub_group_ballot", "predicate, /", vote_function<GroupForm::kBallot, true>},
    {"metate.sub_group_broadcast", "x, local_id, /", broadcast_function<true>},
    {"metate.sub_group_shuffle", "x, local_id, /", shuffle_function<Towards::kNumber>},
    {"metate.sub_group_shuffle_down", "x, delta, /", shuffle_function<Towards::kAbove>},
    {"metate.sub_group_shuffle_up", "x, delta, /", shuffle_function<Towards::kBelow>},
    {"metate.sub_group_shuffle_xor", "x, mask, /", shuffle_function<Towards::kXor>},
};

#undef METATE_COMBINE_FUNCTIONS

}  // namespace

std::span<const NamedFunction> group_functions() { return kFunctions; }

bool in_kernel(Writer& w, std::string_view function) {
  if (w.options().kernel) return true;
  w.error(MessageId::kOnlyInKernel, {std::string(function)});
  return false;
}

std::optional<bool> is_sub_group_argument(Writer& w, std::string_view function, std::string_view parameter,
                                          Value value) {
  if (!value) return std::nullopt;
  const Type& type = w.type(value);
  if (type.kind == TypeKind::kKernelObject) {
    if (type.kernel_object() == KernelObject::kSubGroup) return true;
    if (type.kernel_object() == KernelObject::kGroup) return false;
  }
  w.error(MessageId::kArgumentType, {std::string(function), std::string(parameter), w.describe(value)});
  return std::nullopt;
}

}  // namespace metate::infer
