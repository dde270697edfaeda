#include "compiler/ir/synchronisation.h"

#include <algorithm>
#include <iterator>

namespace metate::ir {
namespace {

template <class E>
struct Named {
  E value;
  std::string_view name;
};

constexpr Named<MemoryOrder> kOrders[] = {{MemoryOrder::kRelaxed, "relaxed"},
                                          {MemoryOrder::kAcquire, "acquire"},
                                          {MemoryOrder::kRelease, "release"},
                                          {MemoryOrder::kAcquireRelease, "acq_rel"},
                                          {MemoryOrder::kSequential, "seq_cst"}};
constexpr Named<MemoryScope> kScopes[] = {{MemoryScope::kWorkItem, "work_item"},
                                          {MemoryScope::kSubGroup, "sub_group"},
                                          {MemoryScope::kWorkGroup, "work_group"},
                                          {MemoryScope::kDevice, "device"},
                                          {MemoryScope::kSystem, "system"}};
constexpr Named<AtomicOp> kAtomics[] = {{AtomicOp::kLoad, "load"},
                                        {AtomicOp::kStore, "store"},
                                        {AtomicOp::kExchange, "exchange"},
                                        {AtomicOp::kAdd, "add"},
                                        {AtomicOp::kSub, "sub"},
                                        {AtomicOp::kMin, "min"},
                                        {AtomicOp::kMax, "max"},
                                        {AtomicOp::kAnd, "and"},
                                        {AtomicOp::kOr, "or"},
                                        {AtomicOp::kXor, "xor"},
                                        {AtomicOp::kCompareExchange, "compare_exchange"}};
constexpr Named<GroupForm> kForms[] = {{GroupForm::kReduce, "reduce"},
                                       {GroupForm::kInclusiveScan, "inclusive_scan"},
                                       {GroupForm::kExclusiveScan, "exclusive_scan"},
                                       {GroupForm::kAny, "any"},
                                       {GroupForm::kAll, "all"},
                                       {GroupForm::kBallot, "ballot"},
                                       {GroupForm::kBroadcast, "broadcast"},
                                       {GroupForm::kSelect, "select"}};
constexpr Named<GroupCombine> kCombines[] = {{GroupCombine::kAdd, "add"},         {GroupCombine::kMultiply, "multiply"},
                                             {GroupCombine::kMinimum, "minimum"}, {GroupCombine::kMaximum, "maximum"},
                                             {GroupCombine::kAnd, "and"},         {GroupCombine::kOr, "or"},
                                             {GroupCombine::kXor, "xor"}};

template <class E, size_t N>
std::string_view name_of(const Named<E> (&names)[N], E value) {
  auto found = std::ranges::find(names, value, &Named<E>::value);
  return found == std::end(names) ? "?" : found->name;
}

template <class E, size_t N>
std::optional<E> value_of(const Named<E> (&names)[N], std::string_view name) {
  auto found = std::ranges::find(names, name, &Named<E>::name);
  return found == std::end(names) ? std::nullopt : std::optional(found->value);
}

template <class E, size_t N>
std::optional<E> numbered(const Named<E> (&names)[N], int64_t number) {
  for (const Named<E>& named : names)
    if (static_cast<int64_t>(named.value) == number) return named.value;
  return std::nullopt;
}

}  // namespace

std::string_view to_text(MemoryOrder order) { return name_of(kOrders, order); }
std::string_view to_text(MemoryScope scope) { return name_of(kScopes, scope); }
std::string_view to_text(AtomicOp op) { return name_of(kAtomics, op); }
std::optional<MemoryOrder> memory_order_from_text(std::string_view text) { return value_of(kOrders, text); }
std::optional<MemoryScope> memory_scope_from_text(std::string_view text) { return value_of(kScopes, text); }
std::optional<AtomicOp> atomic_op_from_text(std::string_view text) { return value_of(kAtomics, text); }
std::string_view to_text(GroupForm form) { return name_of(kForms, form); }
std::string_view to_text(GroupCombine combine) { return name_of(kCombines, combine); }
std::optional<GroupForm> group_form_from_text(std::string_view text) { return value_of(kForms, text); }
std::optional<GroupCombine> group_combine_from_text(std::string_view text) { return value_of(kCombines, text); }
std::optional<MemoryOrder> memory_order_from_number(int64_t number) { return numbered(kOrders, number); }
std::optional<MemoryScope> memory_scope_from_number(int64_t number) { return numbered(kScopes, number); }

bool Fence::is_valid() const {
  return memory_order_from_number(static_cast<int64_t>(order)) && scope <= MemoryScope::kSystem;
}

bool Atomic::is_valid() const {
  return op <= AtomicOp::kCompareExchange && memory_order_from_number(static_cast<int64_t>(order)) &&
         scope <= MemoryScope::kSystem;
}

bool GroupOperation::is_valid() const {
  bool of_sub_groups_alone = form == GroupForm::kBallot || form == GroupForm::kSelect;
  return form <= GroupForm::kSelect && combine <= GroupCombine::kXor && (sub_group || !of_sub_groups_alone) &&
         (combines(form) || combine == GroupCombine::kAdd);
}

}  // namespace metate::ir
