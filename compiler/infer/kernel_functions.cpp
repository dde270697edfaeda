#include "compiler/infer/kernel_functions.h"

#include "compiler/infer/convert.h"

namespace metate::infer {
namespace {

using ir::WorkItemQuery;

template <WorkItemQuery query>
Value ask(Writer& w, std::span<const Value> arguments) {
  std::string name = "get_" + std::string(ir::to_text(query)) + "()";
  if (!w.options().kernel) return w.error(MessageId::kOnlyInKernel, {name});
  std::optional<int64_t> dimension = w.constant_integer(arguments[0]);
  if (!dimension || *dimension < 0 || *dimension > 2)
    return w.error(MessageId::kNeedsConstant, {"the dimension of " + name + " (0, 1 or 2)"});
  return w.emit(ir::Opcode::kWorkItem, static_cast<uint32_t>(query), {w.integer(*dimension)}, w.types().weak_int());
}

constexpr NamedFunction kFunctions[] = {
    {"metate.get_global_id", "dim, /", ask<WorkItemQuery::kGlobalId>},
    {"metate.get_local_id", "dim, /", ask<WorkItemQuery::kLocalId>},
    {"metate.get_group_id", "dim, /", ask<WorkItemQuery::kGroupId>},
    {"metate.get_global_size", "dim, /", ask<WorkItemQuery::kGlobalSize>},
    {"metate.get_local_size", "dim, /", ask<WorkItemQuery::kLocalSize>},
    {"metate.get_num_groups", "dim, /", ask<WorkItemQuery::kGroupCount>},
};

}  // namespace

std::span<const NamedFunction> kernel_functions() { return kFunctions; }

}  // namespace metate::infer
