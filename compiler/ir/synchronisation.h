// synchronisation.h – how the work-items of a kernel meet: the immediates of `barrier`, `fence` and `atomic`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "compiler/types/dtype.h"

namespace metate::ir {

/// As in SYCL 2020, numbered as numba-dpex numbers them.
enum class MemoryOrder : uint8_t { kRelaxed = 0, kAcquire = 1, kRelease = 3, kAcquireRelease = 4, kSequential = 5 };
enum class MemoryScope : uint8_t { kWorkItem, kSubGroup, kWorkGroup, kDevice, kSystem };

std::string_view to_text(MemoryOrder order);
std::string_view to_text(MemoryScope scope);
std::optional<MemoryOrder> memory_order_from_number(int64_t number);
std::optional<MemoryScope> memory_scope_from_number(int64_t number);
std::optional<MemoryOrder> memory_order_from_text(std::string_view text);
std::optional<MemoryScope> memory_scope_from_text(std::string_view text);

/// What a barrier or fence puts in order: accesses to which memory, and as seen by whom.
struct Fence {
  bool group_memory = true;
  bool global_memory = true;
  MemoryOrder order = MemoryOrder::kAcquireRelease;
  MemoryScope scope = MemoryScope::kWorkGroup;
  bool sub_group = false;  // of a barrier: the items of the sub-group alone wait for each other

  bool operator==(const Fence&) const = default;
  static Fence decode(uint32_t imm) {
    return {(imm & 1) != 0, (imm & 2) != 0, static_cast<MemoryOrder>(imm >> 8 & 0xff),
            static_cast<MemoryScope>(imm >> 16 & 0xff), (imm & 4) != 0};
  }
  uint32_t encode() const {
    return (group_memory ? 1u : 0u) | (global_memory ? 2u : 0u) | (sub_group ? 4u : 0u) |
           static_cast<uint32_t>(order) << 8 | static_cast<uint32_t>(scope) << 16;
  }
  bool is_valid() const;
};

/// What an atomic access makes of an element. Each gives the element as it was before.
enum class AtomicOp : uint8_t {
  kLoad,   // no operand
  kStore,  // from here on one operand …
  kExchange,
  kAdd,
  kSub,
  kMin,
  kMax,
  kAnd,
  kOr,
  kXor,
  kCompareExchange,  // … but two: the value that is expected, and the one to write then
};
std::string_view to_text(AtomicOp op);
std::optional<AtomicOp> atomic_op_from_text(std::string_view text);
constexpr size_t operand_count(AtomicOp op) {
  return op == AtomicOp::kLoad ? 0 : op == AtomicOp::kCompareExchange ? 2 : 1;
}
/// The new value is made of the one before, so that floats need arithmetic.
constexpr bool computes(AtomicOp op) {
  return op == AtomicOp::kAdd || op == AtomicOp::kSub || op == AtomicOp::kMin || op == AtomicOp::kMax;
}
/// Bits are changed one by one, which floats do not like.
constexpr bool is_bitwise(AtomicOp op) { return op >= AtomicOp::kAnd && op <= AtomicOp::kXor; }

struct Atomic {
  AtomicOp op = AtomicOp::kLoad;
  MemoryOrder order = MemoryOrder::kRelaxed;
  MemoryScope scope = MemoryScope::kDevice;

  bool operator==(const Atomic&) const = default;
  static Atomic decode(uint32_t imm) {
    return {static_cast<AtomicOp>(imm & 0xff), static_cast<MemoryOrder>(imm >> 8 & 0xff),
            static_cast<MemoryScope>(imm >> 16 & 0xff)};
  }
  uint32_t encode() const {
    return static_cast<uint32_t>(op) | static_cast<uint32_t>(order) << 8 | static_cast<uint32_t>(scope) << 16;
  }
  bool is_valid() const;
};

/// What the items of a group or sub-group compute together. An item's number is its linear id in the group, or its id
/// in the sub-group.
enum class GroupForm : uint8_t {
  kReduce,         // the values of all, combined in the order of their numbers …
  kInclusiveScan,  // … those up to the item's own
  kExclusiveScan,  // … those before it: of none, the identity
  kAny,            // of conditions
  kAll,
  kBallot,     // of conditions: a bit for each item of a sub-group, by its number
  kBroadcast,  // value, number (the same for all items): the value of that item
  kSelect,     // value, number: the same in a sub-group, where each item may ask for another one
};
enum class GroupCombine : uint8_t { kAdd, kMultiply, kMinimum, kMaximum, kAnd, kOr, kXor };

std::string_view to_text(GroupForm form);
std::string_view to_text(GroupCombine combine);
std::optional<GroupForm> group_form_from_text(std::string_view text);
std::optional<GroupCombine> group_combine_from_text(std::string_view text);
constexpr bool combines(GroupForm form) { return form <= GroupForm::kExclusiveScan; }
constexpr bool takes_number(GroupForm form) { return form >= GroupForm::kBroadcast; }
constexpr bool takes_condition(GroupForm form) { return form >= GroupForm::kAny && form <= GroupForm::kBallot; }
constexpr bool is_bitwise(GroupCombine combine) { return combine >= GroupCombine::kAnd; }
/// Complex numbers have no order, and a product is not one of their parts each.
constexpr bool can_combine(GroupCombine combine, types::DType dtype) {
  if (types::is_complex(dtype)) return combine == GroupCombine::kAdd;
  return types::is_integer(dtype) || (types::is_float(dtype) && !is_bitwise(combine));
}

struct GroupOperation {
  GroupForm form = GroupForm::kReduce;
  GroupCombine combine = GroupCombine::kAdd;  // where the form combines
  bool sub_group = false;

  bool operator==(const GroupOperation&) const = default;
  static GroupOperation decode(uint32_t imm) {
    return {static_cast<GroupForm>(imm & 0xff), static_cast<GroupCombine>(imm >> 8 & 0xff), (imm & 0x10000) != 0};
  }
  uint32_t encode() const {
    return static_cast<uint32_t>(form) | static_cast<uint32_t>(combine) << 8 | (sub_group ? 0x10000u : 0u);
  }
  bool is_valid() const;
};

}  // namespace metate::ir
