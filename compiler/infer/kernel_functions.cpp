#include "compiler/infer/kernel_functions.h"

#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"

namespace metate::infer {
namespace {

using ir::WorkItemQuery;
using types::KernelObject;

constexpr int kMaxDimensions = 3;

Value query(Writer& w, WorkItemQuery what, int64_t dimension) {
  return w.emit(ir::Opcode::kWorkItem, static_cast<uint32_t>(what), {w.integer(dimension)}, w.types().weak_int());
}

std::string dimension_words(int count) { return count == 1 ? "0 alone" : "0 to " + std::to_string(count - 1); }

/// In a dimension that is known when the kernel runs.
Value query_at(Writer& w, WorkItemQuery what, Value dimension, int dimensions) {
  Value number = to_weak_int(w, dimension);
  TypeId truth = w.types().weak_bool();
  const std::string text = "there is no dimension {}: dimensions are " + dimension_words(dimensions);
  w.check(w.op(ScalarOp::kLessEqual, {w.integer(0), number}, truth), "IndexError", text, {number});
  w.check(w.op(ScalarOp::kLess, {number, w.integer(dimensions)}, truth), "IndexError", text, {number});
  Value found = query(w, what, 0);
  for (int d = 1; d < dimensions; ++d)
    found = index::select(w, index::equal(w, number, w.integer(d)), query(w, what, d), found);
  return found;
}

Value checked_query(Writer& w, WorkItemQuery what, Value dimension, int dimensions) {
  if (!dimension) return {};
  const std::string name =
      "get_" + (what == WorkItemQuery::kGroupCount ? "num_groups" : std::string(ir::to_text(what))) + "()";
  if (!w.options().kernel) return w.error(MessageId::kOnlyInKernel, {name});
  std::optional<int64_t> known = w.constant_integer(dimension);
  if (known && *known >= 0 && *known < dimensions) return query(w, what, *known);
  if (!known && w.is_integer(dimension)) return query_at(w, what, dimension, dimensions);
  std::string wrong = known ? std::to_string(*known) : w.describe(dimension);
  return w.error(MessageId::kArgumentType, {name, "dim", wrong + ": dimensions are " + dimension_words(dimensions)});
}

// get_global_id(dim)

template <WorkItemQuery what>
Value ask(Writer& w, std::span<const Value> arguments) {
  return checked_query(w, what, arguments[0], kMaxDimensions);
}

// Methods: the first argument is the Item, NdItem or Group.

template <WorkItemQuery what>
Value ask_object(Writer& w, std::span<const Value> arguments) {
  return checked_query(w, what, arguments[1], w.type(arguments[0]).ndim);
}

/// Over how many dimensions the kernel was launched.
Value work_dim(Writer& w, std::span<const Value>) {
  if (!w.options().kernel) return w.error(MessageId::kOnlyInKernel, {"get_work_dim()"});
  return w.integer(w.options().kernel_rank);
}

/// The number of a point among all, dimension 0 outermost. That of the launch's first work-item is 0, wherever its ids
/// begin (SYCL 2020, table 121).
template <WorkItemQuery id, WorkItemQuery extent>
Value linear_id(Writer& w, std::span<const Value> arguments) {
  auto place = [&](int d) {
    Value own = query(w, id, d);
    return id == WorkItemQuery::kGlobalId ? index::subtract(w, own, query(w, WorkItemQuery::kGlobalOffset, d)) : own;
  };
  Value number = place(0);
  for (int d = 1; d < w.type(arguments[0]).ndim; ++d)
    number = index::add(w, index::multiply(w, number, query(w, extent, d)), place(d));
  return number;
}

template <WorkItemQuery extent>
Value linear_range(Writer& w, std::span<const Value> arguments) {
  Value count = query(w, extent, 0);
  for (int d = 1; d < w.type(arguments[0]).ndim; ++d) count = index::multiply(w, count, query(w, extent, d));
  return count;
}

template <KernelObject object>
Value group(Writer& w, std::span<const Value> arguments) {
  return w.undef(w.types().kernel_object(object, w.type(arguments[0]).ndim));
}

// Sub-groups: a row of work-items, whatever the dimensions of the launch.

template <WorkItemQuery what>
Value ask_sub_group(Writer& w, std::span<const Value>) {
  if (w.options().kernel) return query(w, what, 0);
  std::string_view name = what == WorkItemQuery::kSubGroupCount ? "num_sub_groups" : ir::to_text(what);
  return w.error(MessageId::kOnlyInKernel, {"get_" + std::string(name) + "()"});
}

/// A method that takes the only dimension there is.
template <WorkItemQuery what>
Value ask_sub_group_in(Writer& w, std::span<const Value> arguments) {
  if (w.constant_integer(arguments[1]) != 0) return w.error(MessageId::kNeedsConstant, {"the dimension 0"});
  return query(w, what, 0);
}

bool is_sub_group(Writer& w, Value group) { return w.type(group).kernel_object() == KernelObject::kSubGroup; }

constexpr NamedFunction kFunctions[] = {
    {"metate.get_global_id", "dim, /", ask<WorkItemQuery::kGlobalId>},
    {"metate.get_local_id", "dim, /", ask<WorkItemQuery::kLocalId>},
    {"metate.get_group_id", "dim, /", ask<WorkItemQuery::kGroupId>},
    {"metate.get_global_size", "dim, /", ask<WorkItemQuery::kGlobalSize>},
    {"metate.get_local_size", "dim, /", ask<WorkItemQuery::kLocalSize>},
    {"metate.get_num_groups", "dim, /", ask<WorkItemQuery::kGroupCount>},
    {"metate.get_global_offset", "dim, /", ask<WorkItemQuery::kGlobalOffset>},
    {"metate.get_work_dim", "", work_dim},

    {"metate.Item.get_id", "self, idx, /", ask_object<WorkItemQuery::kGlobalId>},
    {"metate.Item.get_range", "self, idx, /", ask_object<WorkItemQuery::kGlobalSize>},
    {"metate.Item.get_linear_id", "self, /", linear_id<WorkItemQuery::kGlobalId, WorkItemQuery::kGlobalSize>},
    {"metate.Item.get_offset", "self, idx, /", ask_object<WorkItemQuery::kGlobalOffset>},
    {"metate.Item.get_linear_range", "self, /", linear_range<WorkItemQuery::kGlobalSize>},

    {"metate.NdItem.get_global_id", "self, idx, /", ask_object<WorkItemQuery::kGlobalId>},
    {"metate.NdItem.get_local_id", "self, idx, /", ask_object<WorkItemQuery::kLocalId>},
    {"metate.NdItem.get_global_range", "self, idx, /", ask_object<WorkItemQuery::kGlobalSize>},
    {"metate.NdItem.get_local_range", "self, idx, /", ask_object<WorkItemQuery::kLocalSize>},
    {"metate.NdItem.get_offset", "self, idx, /", ask_object<WorkItemQuery::kGlobalOffset>},
    {"metate.NdItem.get_global_linear_id", "self, /", linear_id<WorkItemQuery::kGlobalId, WorkItemQuery::kGlobalSize>},
    {"metate.NdItem.get_local_linear_id", "self, /", linear_id<WorkItemQuery::kLocalId, WorkItemQuery::kLocalSize>},
    {"metate.NdItem.get_global_linear_range", "self, /", linear_range<WorkItemQuery::kGlobalSize>},
    {"metate.NdItem.get_local_linear_range", "self, /", linear_range<WorkItemQuery::kLocalSize>},
    {"metate.NdItem.get_group", "self, /", group<KernelObject::kGroup>},
    {"metate.NdItem.get_sub_group", "self, /", group<KernelObject::kSubGroup>},

    {"metate.Group.get_group_id", "self, dim, /", ask_object<WorkItemQuery::kGroupId>},
    {"metate.Group.get_group_range", "self, dim, /", ask_object<WorkItemQuery::kGroupCount>},
    {"metate.Group.get_local_range", "self, dim, /", ask_object<WorkItemQuery::kLocalSize>},
    {"metate.Group.get_local_id", "self, dim, /", ask_object<WorkItemQuery::kLocalId>},
    {"metate.Group.get_local_linear_id", "self, /", linear_id<WorkItemQuery::kLocalId, WorkItemQuery::kLocalSize>},
    {"metate.Group.get_group_linear_id", "self, /", linear_id<WorkItemQuery::kGroupId, WorkItemQuery::kGroupCount>},
    {"metate.Group.get_group_linear_range", "self, /", linear_range<WorkItemQuery::kGroupCount>},
    {"metate.Group.get_local_linear_range", "self, /", linear_range<WorkItemQuery::kLocalSize>},

    {"metate.get_sub_group_id", "", ask_sub_group<WorkItemQuery::kSubGroupId>},
    {"metate.get_sub_group_local_id", "", ask_sub_group<WorkItemQuery::kSubGroupLocalId>},
    {"metate.get_sub_group_size", "", ask_sub_group<WorkItemQuery::kSubGroupSize>},
    {"metate.get_max_sub_group_size", "", ask_sub_group<WorkItemQuery::kMaxSubGroupSize>},
    {"metate.get_num_sub_groups", "", ask_sub_group<WorkItemQuery::kSubGroupCount>},

    {"metate.SubGroup.get_group_id", "self, dim, /", ask_sub_group_in<WorkItemQuery::kSubGroupId>},
    {"metate.SubGroup.get_group_range", "self, dim, /", ask_sub_group_in<WorkItemQuery::kSubGroupCount>},
    {"metate.SubGroup.get_local_id", "self, dim, /", ask_sub_group_in<WorkItemQuery::kSubGroupLocalId>},
    {"metate.SubGroup.get_local_range", "self, dim, /", ask_sub_group_in<WorkItemQuery::kSubGroupSize>},
    {"metate.SubGroup.get_group_linear_id", "self, /", ask_sub_group<WorkItemQuery::kSubGroupId>},
    {"metate.SubGroup.get_group_linear_range", "self, /", ask_sub_group<WorkItemQuery::kSubGroupCount>},
    {"metate.SubGroup.get_local_linear_id", "self, /", ask_sub_group<WorkItemQuery::kSubGroupLocalId>},
    {"metate.SubGroup.get_local_linear_range", "self, /", ask_sub_group<WorkItemQuery::kSubGroupSize>},
    {"metate.SubGroup.get_max_local_range", "self, /", ask_sub_group<WorkItemQuery::kMaxSubGroupSize>},
};

}  // namespace

std::span<const NamedFunction> kernel_functions() { return kFunctions; }

std::optional<Value> find_kernel_attribute(Writer& w, Value object, std::string_view name) {
  const Type& type = w.type(object);
  if (type.kind != TypeKind::kKernelObject) return std::nullopt;
  bool is_group = type.kernel_object() == KernelObject::kGroup || is_sub_group(w, object);
  if (name == "dimensions") return w.integer(is_sub_group(w, object) ? 1 : type.ndim);
  if (name == "leader" && is_group) return index::equal(w, item_number(w, object), w.integer(0));
  return std::nullopt;
}

Value item_number(Writer& w, Value group) {
  if (is_sub_group(w, group)) return query(w, WorkItemQuery::kSubGroupLocalId, 0);
  return linear_id<WorkItemQuery::kLocalId, WorkItemQuery::kLocalSize>(w, std::array{group});
}

Value item_count(Writer& w, Value group) {
  if (is_sub_group(w, group)) return query(w, WorkItemQuery::kSubGroupSize, 0);
  return linear_range<WorkItemQuery::kLocalSize>(w, std::array{group});
}

std::string_view kernel_class_name(KernelObject object) {
  switch (object) {
    case KernelObject::kItem:
      return "metate.Item";
    case KernelObject::kNdItem:
      return "metate.NdItem";
    case KernelObject::kGroup:
      return "metate.Group";
    case KernelObject::kSubGroup:
      return "metate.SubGroup";
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::infer
