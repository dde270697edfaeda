// items – what a kernel's body asks of the loops around it: the placeholders between reader and work-group maker.
#pragma once

#include <cstdint>

namespace llvm {
class CallInst;
class Function;
class IRBuilderBase;
class Module;
class Type;
}  // namespace llvm

namespace metate::ze_software::spirv {

/// First operand of kItemQuery.
enum class ItemQuery : uint32_t {
  kGlobalId,  // with the offset
  kLocalId,
  kGroupId,
  kGroupCount,
  kGroupSize,
  kGlobalSize,
  kGlobalOffset,
  kWorkDimensions,
  kMaxSubGroupSize,
};

inline constexpr char kItemQuery[] = "metate.item";                     // i64 (i32 query, i32 dimension)
inline constexpr char kLocalVariable[] = "metate.local";                // ptr (i32 index in Module::locals)
inline constexpr char kWorkGroupBarrier[] = "metate.barrier";           // void (i32 bits of BarrierMemory)
inline constexpr char kSubGroupBarrier[] = "metate.sub_group_barrier";  // void (the same)
/// What items of a group or sub-group compute together, for each type T of values a function of its own:
/// T (i32 ItemSet, i32 Together, i32 Combine, T value, i32 partner)
inline constexpr char kMeetingPrefix[] = "metate.meet.";

/// Whose accesses a barrier puts in order between its items; the bits of OpenCL C's cl_mem_fence_flags. Items run on
/// one thread, so only the kernel checker asks.
enum BarrierMemory : uint32_t {
  kLocalMemory = 1,
  kGlobalMemory = 2,
  kAllMemory = kLocalMemory | kGlobalMemory,
  kInSubGroups = 1u << 31,  // with the others: only between items of a sub-group, though all of the work-group wait
};

/// Which items meet. Operations of the non-uniform kind are for those of a sub-group that come to them together.
enum class ItemSet : uint32_t { kWorkGroup, kSubGroup, kComing };

/// What each of them gets: the values of all combined, of those up to it, of those before it, or the value of its
/// partner (by the linear number in the set; its own where there is no such item).
enum class Together : uint32_t { kReduce, kInclusiveScan, kExclusiveScan, kSelect };

/// How two values become one, with the identity that an exclusive scan begins with.
enum class Combine : uint32_t { kIAdd, kFAdd, kIMul, kFMul, kSMin, kUMin, kFMin, kSMax, kUMax, kFMax, kAnd, kOr, kXor };

/// Their declarations in a module, made when first asked for.
llvm::Function* item_query(llvm::Module& module);
llvm::Function* local_variable(llvm::Module& module);
llvm::Function* barrier(llvm::Module& module, ItemSet set);
llvm::CallInst* call_barrier(llvm::IRBuilderBase& builder, ItemSet set, uint32_t memory);
llvm::Function* meeting(llvm::Module& module, llvm::Type* type);

/// Whether items wait for one another where this placeholder is called.
bool is_meeting(const llvm::Function& placeholder);
bool waits_for_items(const llvm::Function& placeholder);

}  // namespace metate::ze_software::spirv
